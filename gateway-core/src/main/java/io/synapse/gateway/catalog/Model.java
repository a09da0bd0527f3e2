package io.synapse.gateway.catalog;

import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.PriceList;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A model on offer, under the public name that callers use. Immutable.
 *
 * @param id the public name: {@code llama-3.1-8b}, or {@code openai/gpt-4o-mini}
 * @param aliases other names that mean this model
 * @param modality what it does
 * @param routes who serves it, first choice first; at least one
 * @param prices what it costs
 * @param contextWindow tokens of prompt and answer together, or 0 where that has no meaning
 * @param maxOutputTokens the most it can answer with, or 0 where that has no meaning
 * @param reservedOutputTokens what is reserved (and allowed) when the caller sets no bound
 * @param limits what else it bounds, by name: {@code max_images}, {@code max_seconds}, {@code dimensions} …
 * @param ownedBy who made it
 * @param created when it came on offer
 * @param servedBy the successor that serves a retired name now, or null
 * @param retiredOn when the name's own model went away, or null
 */
public record Model(
        String id,
        List<String> aliases,
        Modality modality,
        List<Route> routes,
        PriceList prices,
        int contextWindow,
        int maxOutputTokens,
        int reservedOutputTokens,
        Map<String, Long> limits,
        String ownedBy,
        Instant created,
        @Nullable String servedBy,
        @Nullable LocalDate retiredOn) {
    public Model {
        if (id.isBlank()) {
            throw new IllegalArgumentException("a model needs an id");
        }
        aliases = List.copyOf(aliases);
        routes = List.copyOf(routes);
        limits = Map.copyOf(limits);
        if (routes.isEmpty()) {
            throw new IllegalArgumentException("model " + id + " has no route to a provider");
        }
    }

    /** One of the model's limits, or another number where it has none of that name. */
    public long limit(String name, long otherwise) {
        return limits.getOrDefault(name, otherwise);
    }

    /** A chat model by one provider, at a price per million tokens in and out. */
    public static Model chat(String id, Route route, Credits inputPerMillion, Credits outputPerMillion) {
        return builder(id, Modality.TEXT_GENERATION)
                .route(route)
                .prices(PriceList.perMillionTokens(inputPerMillion, outputPerMillion))
                .build();
    }

    /** Starts a model written in Java. */
    public static Builder builder(String id, Modality modality) {
        return new Builder(id, modality);
    }

    /** Writes a model in Java. Not for use by several threads. */
    public static final class Builder {
        private final String id;
        private final Modality modality;
        private List<String> aliases = List.of();
        private List<Route> routes = List.of();
        private @Nullable PriceList prices;
        private int contextWindow;
        private int maxOutputTokens;
        private int reservedOutputTokens = 4096;
        private Map<String, Long> limits = Map.of();
        private String ownedBy = "synapse";
        private Instant created = Instant.EPOCH;
        private @Nullable String servedBy;
        private @Nullable LocalDate retiredOn;

        private Builder(String id, Modality modality) {
            this.id = id;
            this.modality = modality;
        }

        /** Other names. */
        public Builder aliases(List<String> names) {
            aliases = names;
            return this;
        }

        /** The only route. */
        public Builder route(Route only) {
            return routes(List.of(only));
        }

        /** The routes, first choice first. */
        public Builder routes(List<Route> all) {
            routes = all;
            return this;
        }

        /** What it costs. */
        public Builder prices(PriceList list) {
            prices = list;
            return this;
        }

        /** Tokens of prompt and answer together. */
        public Builder contextWindow(int tokens) {
            contextWindow = tokens;
            return this;
        }

        /** The most output tokens it can give. */
        public Builder maxOutputTokens(int tokens) {
            maxOutputTokens = tokens;
            return this;
        }

        /** The output tokens reserved when the caller sets no bound. */
        public Builder reservedOutputTokens(int tokens) {
            reservedOutputTokens = tokens;
            return this;
        }

        /** What else it bounds, by name. */
        public Builder limits(Map<String, Long> bounds) {
            limits = bounds;
            return this;
        }

        /** Who made it. */
        public Builder ownedBy(String owner) {
            ownedBy = owner;
            return this;
        }

        /** When it came on offer. */
        public Builder created(Instant when) {
            created = when;
            return this;
        }

        /** Its name's own model went away; a successor serves it. */
        public Builder retired(@Nullable LocalDate on, @Nullable String successor) {
            retiredOn = on;
            servedBy = successor;
            return this;
        }

        /** The model; throws {@link IllegalArgumentException} without a route, {@link NullPointerException} without prices. */
        public Model build() {
            return new Model(
                    id,
                    aliases,
                    modality,
                    routes,
                    Objects.requireNonNull(prices, "model " + id + " has no price; what costs nothing is priced zero"),
                    contextWindow,
                    maxOutputTokens,
                    reservedOutputTokens,
                    limits,
                    ownedBy,
                    created,
                    servedBy,
                    retiredOn);
        }
    }
}
