package io.synapse.gateway.providers.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.PictureTokens;
import io.synapse.gateway.catalog.PriceVariant;
import io.synapse.gateway.catalog.Route;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one catalog file says.
 *
 * @param file its name, for messages
 * @param models its models by id, in its order
 * @param defaults modality to the name of its default
 */
record Entries(String file, Map<String, Model> models, Map<Modality, String> defaults) {
    /** The limits that the engine and the adapters know. */
    private static final Set<String> LIMITS = new TreeSet<>(Set.of(
            "max_images",
            "max_side",
            "max_seconds",
            "least_seconds",
            "step_seconds",
            "max_input_characters",
            "dimensions"));

    private static final ObjectReader YAML = new YAMLMapper()
            .reader()
            .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final int MOST_TOKENS = 100_000_000;
    private static final int MOST_PIXELS = 1_000_000_000;
    private static final int USUAL_RESERVATION = 4_096;

    static Entries read(String file, String text) {
        Section top = new Section(parse(file, text), file, "");
        Map<Modality, String> defaults = defaults(file, top);
        Map<String, Model> models = new LinkedHashMap<>();
        List<JsonNode> list = top.list("models");
        for (int i = 0; i < list.size(); i++) {
            Model model = model(file, list.get(i), i + 1);
            if (models.put(model.id(), model) != null) {
                throw new CatalogException(file + ": model " + model.id() + ": id: stands twice in this file", null);
            }
        }
        top.end();
        return new Entries(file, models, defaults);
    }

    private static JsonNode parse(String file, String text) {
        try {
            JsonNode root = YAML.readTree(text);
            if (root.isMissingNode() || root.isNull()) {
                throw new CatalogException(file + ": is empty", null);
            }
            return root;
        } catch (JsonProcessingException e) {
            String at =
                    e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
            throw new CatalogException(file + ": is not readable YAML" + at + ": " + e.getOriginalMessage(), e);
        }
    }

    private static Map<Modality, String> defaults(String file, Section top) {
        Map<Modality, String> defaults = new EnumMap<>(Modality.class);
        JsonNode node = top.raw("defaults");
        if (node != null) {
            Section section = new Section(node, file, "defaults.");
            for (String name : section.names()) {
                Modality modality = Modality.parse(name)
                        .orElseThrow(() -> section.wrong(name, "is no modality; there are " + modalities()));
                defaults.put(modality, section.text(name));
            }
        }
        return defaults;
    }

    private static Model model(String file, JsonNode node, int position) {
        String id = new Section(node, file + ": model number " + position, "").text("id");
        Section model = new Section(node, file + ": model " + id, "");
        name(model, "id", model.text("id"));
        String word = model.text("modality");
        Modality modality = Modality.parse(word)
                .orElseThrow(() -> model.wrong("modality", "'" + word + "' is none; there are " + modalities()));
        Model.Builder builder = Model.builder(id, modality)
                .aliases(aliases(model, id))
                .routes(routes(file, id, model, modality))
                .ownedBy(model.text("owned_by"));
        LocalDate created = model.date("created");
        if (created != null) {
            builder.created(created.atStartOfDay(ZoneOffset.UTC).toInstant());
        }
        JsonNode pricing = model.raw("pricing");
        if (pricing == null) {
            throw model.wrong("pricing", "is missing; what costs nothing says pricing: {free: true}");
        }
        Section prices = new Section(pricing, file + ": model " + id, "pricing.");
        builder.variants(variants(file, id, prices, modality));
        builder.prices(Pricing.read(prices, modality));
        tokens(model, builder);
        builder.pictureTokens(pictureTokens(file, id, model));
        builder.limits(limits(file, id, model));
        retirement(model, builder);
        model.end();
        return builder.build();
    }

    /** What it costs at a quality or a size: the same price list, with prices of its own. */
    private static List<PriceVariant> variants(String file, String id, Section pricing, Modality modality) {
        List<PriceVariant> variants = new ArrayList<>();
        List<JsonNode> list = pricing.list("variants");
        for (int i = 0; i < list.size(); i++) {
            Section variant = new Section(list.get(i), file + ": model " + id, "pricing.variants[" + i + "].");
            String quality = variant.optionalText("quality");
            Set<String> sizes = new LinkedHashSet<>(variant.texts("sizes"));
            for (String size : sizes) {
                if (!size.matches("[0-9]{2,5}x[0-9]{2,5}")) {
                    throw variant.wrong("sizes", "'" + size + "' must have the form WIDTHxHEIGHT");
                }
            }
            int above = variant.count("above_pixels", MOST_PIXELS);
            if (quality == null && sizes.isEmpty() && above == 0) {
                throw variant.wrong(
                        "quality", "is missing, and so are sizes and above_pixels: a variant needs one of them");
            }
            if (above > 0 && !sizes.isEmpty()) {
                throw variant.wrong("above_pixels", "stands beside sizes; a variant goes by one of them");
            }
            variants.add(new PriceVariant(quality, sizes, above, Pricing.variant(variant, pricing, modality)));
        }
        return variants;
    }

    private static List<String> aliases(Section model, String id) {
        List<String> aliases = model.texts("aliases");
        Set<String> seen = new HashSet<>(Set.of(id));
        for (String alias : aliases) {
            name(model, "aliases", alias);
            if (!seen.add(alias)) {
                throw model.wrong("aliases", "names " + alias + " twice");
            }
        }
        return aliases;
    }

    private static void name(Section model, String field, String name) {
        if (!name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != ',')) {
            throw model.wrong(field, "'" + name + "' must be visible ASCII without blanks, quotes, commas");
        }
    }

    private static List<Route> routes(String file, String id, Section model, Modality modality) {
        List<Route> routes = new ArrayList<>();
        List<JsonNode> list = model.list("routes");
        for (int i = 0; i < list.size(); i++) {
            Section route = new Section(list.get(i), file + ": model " + id, "routes[" + i + "].");
            String provider = route.text("provider");
            if (!provider.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) {
                throw route.wrong("provider", "'" + provider + "' must be lower-case letters, digits and dashes");
            }
            Route read = new Route(provider, route.text("upstream"));
            if (routes.contains(read)) {
                throw route.wrong("upstream", "is the same route again");
            }
            routes.add(read);
            route.end();
        }
        if (modality == Modality.EMBEDDINGS) {
            sameVectors(model, routes);
        }
        if (routes.isEmpty()) {
            throw model.wrong("routes", "is missing: at least one provider with the upstream's name of the model");
        }
        return routes;
    }

    /** Vectors of different models cannot be compared, so that no other model may stand in for one of embeddings. */
    private static void sameVectors(Section model, List<Route> routes) {
        Set<String> names = new TreeSet<>();
        for (Route route : routes) {
            String upstream = route.upstream().toLowerCase(Locale.ROOT);
            names.add(upstream.substring(upstream.lastIndexOf('/') + 1));
        }
        if (names.size() > 1) {
            throw model.wrong(
                    "routes",
                    "name different models, " + String.join(" and ", names)
                            + ": vectors of one cannot be compared with another's");
        }
    }

    private static void tokens(Section model, Model.Builder builder) {
        int window = model.count("context_window", MOST_TOKENS);
        int most = model.count("max_output_tokens", MOST_TOKENS);
        int reserved = model.count("reserved_output_tokens", MOST_TOKENS);
        if (window > 0 && most > window) {
            throw model.wrong("max_output_tokens", most + " is more than context_window, " + window);
        }
        int limit = most > 0 ? most : window > 0 ? window : Integer.MAX_VALUE;
        if (reserved > limit) {
            throw model.wrong("reserved_output_tokens", reserved + " is more than the model can answer with, " + limit);
        }
        builder.contextWindow(window)
                .maxOutputTokens(most)
                .reservedOutputTokens(reserved > 0 ? reserved : Math.min(USUAL_RESERVATION, limit));
    }

    /** A number for every picture, or a formula: of tiles, of patches, or of what little detail changes. */
    private static PictureTokens pictureTokens(String file, String id, Section model) {
        JsonNode node = model.raw("image_tokens");
        if (node == null) {
            return PictureTokens.USUAL;
        }
        if (!node.isObject()) {
            int each = model.count("image_tokens", MOST_TOKENS);
            return new PictureTokens.Each(each, each);
        }
        Section section = new Section(node, file + ": model " + id, "image_tokens.");
        PictureTokens formula;
        if (section.has("tile")) {
            formula = new PictureTokens.Tiles(needed(section, "base"), needed(section, "tile"));
        } else if (section.has("patch")) {
            formula = new PictureTokens.Patches(
                    needed(section, "patch"), needed(section, "most"), hundredths(section, "factor"));
        } else {
            formula = new PictureTokens.Each(needed(section, "each"), needed(section, "low_detail"));
        }
        section.end();
        return formula;
    }

    private static int needed(Section section, String field) {
        int count = section.count(field, MOST_TOKENS);
        if (count == 0) {
            throw section.wrong(field, "is missing");
        }
        return count;
    }

    private static long hundredths(Section section, String field) {
        BigDecimal factor = section.decimal(field);
        if (factor == null) {
            return 100;
        }
        if (factor.signum() <= 0 || factor.compareTo(BigDecimal.valueOf(100)) > 0) {
            throw section.wrong(field, "must be a number above 0, at most 100");
        }
        return factor.movePointRight(2).setScale(0, RoundingMode.CEILING).longValueExact();
    }

    private static Map<String, Long> limits(String file, String id, Section model) {
        JsonNode node = model.raw("limits");
        if (node == null) {
            return Map.of();
        }
        Section section = new Section(node, file + ": model " + id, "limits.");
        Map<String, Long> limits = new TreeMap<>();
        for (String name : section.names()) {
            if (!LIMITS.contains(name)) {
                throw section.wrong(name, "is no limit; there are " + String.join(", ", LIMITS));
            }
            limits.put(name, (long) section.count(name, MOST_TOKENS));
        }
        section.end();
        return limits;
    }

    private static void retirement(Section model, Model.Builder builder) {
        LocalDate on = model.date("retired_on");
        String successor = model.optionalText("served_by");
        if (successor != null && on == null) {
            throw model.wrong("retired_on", "is missing, though served_by names a successor");
        }
        builder.retired(on, successor);
    }

    private static String modalities() {
        List<String> names = new ArrayList<>();
        for (Modality modality : Modality.values()) {
            names.add(modality.wireName());
        }
        return String.join(", ", names);
    }
}
