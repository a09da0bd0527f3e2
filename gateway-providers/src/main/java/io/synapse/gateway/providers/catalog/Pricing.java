package io.synapse.gateway.providers.catalog;

import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.PriceList;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Unit.Measure;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the {@code pricing} of a model. Stateless. */
final class Pricing {
    private static final String FREE_VERSION = "free";

    private Pricing() {}

    static PriceList read(Section pricing, Modality modality) {
        boolean free = pricing.flag("free");
        LocalDate validFrom = pricing.date("valid_from");
        PriceList prices = free
                ? free(validFrom == null ? FREE_VERSION : validFrom.toString())
                : priced(pricing, measure(pricing, modality), modality, validFrom);
        if (free && pricing.names().stream().anyMatch(name -> !name.equals("free") && !name.equals("valid_from"))) {
            throw pricing.wrong("free", "cannot be true beside prices");
        }
        pricing.end();
        return prices;
    }

    /** Prices of a variant: in the unit and of the version of the list that it varies. */
    static PriceList variant(Section variant, Section pricing, Modality modality) {
        if (pricing.flag("free")) {
            throw pricing.wrong("free", "cannot be true beside variants");
        }
        PriceList prices = priced(variant, measure(pricing, modality), modality, pricing.date("valid_from"));
        variant.end();
        return prices;
    }

    private static PriceList free(String version) {
        Map<Unit, Long> rates = new EnumMap<>(Unit.class);
        plainUnits().forEach(unit -> rates.put(unit, 0L));
        return new PriceList(rates, version);
    }

    private static PriceList priced(
            Section pricing, Measure measure, Modality modality, @Nullable LocalDate validFrom) {
        Map<Unit, Long> rates = new EnumMap<>(Unit.class);
        for (Unit unit : Unit.values()) {
            // A price per call may stand beside any other.
            if (unit.measure() == measure || unit == Unit.REQUESTS) {
                BigDecimal price = pricing.decimal(unit.priceName());
                if (price != null) {
                    rates.put(unit, rate(pricing, unit, price));
                }
            }
        }
        for (Unit unit : due(measure, modality)) {
            if (!rates.containsKey(unit)) {
                throw pricing.wrong(unit.priceName(), "is missing; what costs nothing says free: true");
            }
        }
        if (validFrom == null) {
            throw pricing.wrong("valid_from", "is missing; it names the price list on every charge");
        }
        if (measure == Measure.REQUESTS) {
            plainUnits().forEach(unit -> rates.putIfAbsent(unit, 0L));
        }
        return new PriceList(rates, validFrom.toString());
    }

    private static Measure measure(Section pricing, Modality modality) {
        String word = pricing.text("unit");
        Set<Measure> possible = measures(modality);
        for (Measure measure : possible) {
            if (measure.wireName().equals(word)) {
                return measure;
            }
        }
        throw pricing.wrong(
                "unit",
                "must be one of "
                        + String.join(
                                ", ", possible.stream().map(Measure::wireName).toList()) + " for "
                        + modality.wireName() + ", not '" + word + "'");
    }

    /** What a modality can be priced by: what its calls are metered in. */
    private static Set<Measure> measures(Modality modality) {
        return switch (modality) {
            case TEXT_GENERATION, IMAGE_TO_TEXT, EMBEDDINGS -> EnumSet.of(Measure.TOKENS, Measure.REQUESTS);
            case TEXT_TO_IMAGE, IMAGE_TO_IMAGE -> EnumSet.of(Measure.IMAGES, Measure.TOKENS, Measure.REQUESTS);
            case TEXT_TO_VIDEO, SPEECH_TO_TEXT -> EnumSet.of(Measure.SECONDS, Measure.TOKENS, Measure.REQUESTS);
            case TEXT_TO_SPEECH -> EnumSet.of(Measure.CHARACTERS, Measure.SECONDS, Measure.TOKENS, Measure.REQUESTS);
        };
    }

    /** The prices that must not be missing. */
    private static Set<Unit> due(Measure measure, Modality modality) {
        return switch (measure) {
            case TOKENS ->
                modality == Modality.EMBEDDINGS
                        ? EnumSet.of(Unit.INPUT_TOKENS)
                        : EnumSet.of(Unit.INPUT_TOKENS, Unit.OUTPUT_TOKENS);
            case SECONDS -> EnumSet.of(Unit.MILLISECONDS);
            case CHARACTERS -> EnumSet.of(Unit.CHARACTERS);
            case IMAGES -> EnumSet.of(Unit.IMAGES);
            case REQUESTS -> EnumSet.of(Unit.REQUESTS);
        };
    }

    /**
     * The range of believable prices in credits per unit of the measure. Wide enough for what is on the market by a factor
     * of ten or more at both ends, narrower than a million, so that a price written per token instead of per million, or
     * in micro-credits, falls out of it.
     */
    private static BigDecimal[] range(Measure measure) {
        return switch (measure) {
            case TOKENS -> range("2", "1000000");
            case SECONDS -> range("0.003", "2000");
            case CHARACTERS -> range("0.0001", "10");
            case IMAGES -> range("0.05", "10000");
            case REQUESTS -> range("0.01", "5000");
        };
    }

    private static BigDecimal[] range(String least, String most) {
        return new BigDecimal[] {new BigDecimal(least), new BigDecimal(most)};
    }

    private static long rate(Section pricing, Unit unit, BigDecimal price) {
        String field = unit.priceName();
        if (price.signum() == 0) {
            throw pricing.wrong(field, "is 0; what costs nothing says free: true and has no prices");
        }
        BigDecimal[] range = range(unit.measure());
        if (price.compareTo(range[0]) < 0 || price.compareTo(range[1]) > 0) {
            throw pricing.wrong(
                    field,
                    price.toPlainString() + " is not a believable number of credits per "
                            + per(unit.measure()) + "; it must be from " + range[0].toPlainString() + " to "
                            + range[1].toPlainString() + " (1 credit is 0.001 USD)");
        }
        try {
            return PriceList.rate(unit, Credits.parse(price.toPlainString()));
        } catch (IllegalArgumentException e) {
            throw pricing.wrong(field, "must have at most six decimals, not " + price.toPlainString());
        }
    }

    private static String per(Measure measure) {
        return switch (measure) {
            case TOKENS -> "million tokens";
            case SECONDS -> "second";
            case CHARACTERS -> "character";
            case IMAGES -> "image";
            case REQUESTS -> "request";
        };
    }

    private static Set<Unit> plainUnits() {
        EnumSet<Unit> plain = EnumSet.allOf(Unit.class);
        plain.removeIf(unit -> unit.plainKind() != null);
        return plain;
    }
}
