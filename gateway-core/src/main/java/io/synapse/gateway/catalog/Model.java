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
 * @param variants what it costs where a request asks for a certain quality or size; see {@link #pricesFor}
 * @param contextWindow tokens of prompt and answer together, or 0 where that has no meaning
 * @param maxOutputTokens the most it can answer with, or 0 where that has no meaning
 * @param reservedOutputTokens what is reserved (and allowed) when the caller sets no bound
 * @param pictureTokens what a picture in a prompt counts as
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
        List<PriceVariant> variants,
        int contextWindow,
        int maxOutputTokens,
        int reservedOutputTokens,
        PictureTokens pictureTokens,
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
        variants = List.copyOf(variants);
        limits = Map.copyOf(limits);
        if (routes.isEmpty()) {
            throw new IllegalArgumentException("model " + id + " has no route to a provider");
        }
    }

    /**
     * What a request costs that asks for this quality and size: the first variant that covers both, else the plain price.
     * A word that no variant knows, where variants go by such words, costs as the dearest: it may mean the best there is.
     *
     * @param quality the word of the request, or null if it has none
     * @param size the size of the request, {@code WIDTHxHEIGHT}, or null if it has none
     */
    public PriceList pricesFor(@Nullable String quality, @Nullable String size) {
        boolean strangeQuality = quality != null
                && variants.stream().anyMatch(variant -> variant.quality() != null)
                && variants.stream().noneMatch(variant -> quality.equals(variant.quality()));
        if (strangeQuality) {
            return dearest();
        }
        for (PriceVariant variant : variants) {
            if (variant.covers(quality, size)) {
                return variant.prices();
            }
        }
        boolean strangeSize = size != null
                && variants.stream().anyMatch(variant -> !variant.sizes().isEmpty())
                && variants.stream().noneMatch(variant -> variant.sizes().contains(size));
        return strangeSize ? dearest() : prices;
    }

    private PriceList dearest() {
        PriceList dearest = prices;
        for (PriceVariant variant : variants) {
            if (sum(variant.prices()) > sum(dearest)) {
                dearest = variant.prices();
            }
        }
        return dearest;
    }

    private static long sum(PriceList list) {
        return list.rates().values().stream().mapToLong(Long::longValue).sum();
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
        private List<PriceVariant> variants = List.of();
        private int contextWindow;
        private int maxOutputTokens;
        private int reservedOutputTokens = 4096;
        private PictureTokens pictureTokens = PictureTokens.USUAL;
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

        /** What it costs where a request asks for a certain quality or size; the first that covers a request counts. */
        public Builder variants(List<PriceVariant> all) {
            variants = all;
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

        /** What a picture in a prompt counts as. */
        public Builder pictureTokens(PictureTokens formula) {
            pictureTokens = formula;
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
                    variants,
                    contextWindow,
                    maxOutputTokens,
                    reservedOutputTokens,
                    pictureTokens,
                    limits,
                    ownedBy,
                    created,
                    servedBy,
                    retiredOn);
        }
    }
}
