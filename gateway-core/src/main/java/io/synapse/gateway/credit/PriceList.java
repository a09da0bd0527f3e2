package io.synapse.gateway.credit;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a model's units cost: unit to rate. Multiplication is exact and the sum is rounded up once, to a whole
 * micro-credit, in the operator's favour by less than one micro-credit a call. Immutable.
 *
 * <p>A special kind of token without a rate of its own costs as its plain kind ({@link Unit#plainKind}); any other unit
 * without a rate is an error, never free.
 *
 * @param rates unit to micro-credits per million units
 * @param version names this list on the charges made from it, so that a later reader can tell which prices held
 */
public record PriceList(Map<Unit, Long> rates, String version) {
    private static final long PER = 1_000_000L;
    private static final List<Unit> UNITS = List.of(Unit.values());

    public PriceList {
        if (rates.isEmpty()) {
            throw new IllegalArgumentException("a price list needs a rate; what costs nothing is written as zero");
        }
        EnumMap<Unit, Long> copy = new EnumMap<>(Unit.class);
        rates.forEach((unit, rate) -> {
            if (rate < 0) {
                throw new IllegalArgumentException("the rate of " + unit.wireName() + " is negative: " + rate);
            }
            copy.put(unit, rate);
        });
        rates = Collections.unmodifiableMap(copy);
    }

    /** A token price as models are usually quoted: credits per million tokens in and out. */
    public static PriceList perMillionTokens(Credits input, Credits output) {
        return new PriceList(Map.of(Unit.INPUT_TOKENS, input.micros(), Unit.OUTPUT_TOKENS, output.micros()), "1");
    }

    /** One price per call, whatever it uses. */
    public static PriceList perRequest(Credits price) {
        Map<Unit, Long> rates = new EnumMap<>(Unit.class);
        for (Unit unit : Unit.values()) {
            if (unit.plainKind() == null) {
                rates.put(unit, 0L);
            }
        }
        rates.put(Unit.REQUESTS, rate(Unit.REQUESTS, price));
        return new PriceList(rates, "1");
    }

    /** The rate (micro-credits per million units) of a price written in the unit's measure, such as credits per second. */
    public static long rate(Unit unit, Credits price) {
        return Math.multiplyExact(price.micros(), PER / unit.measure().quantityPerPrice());
    }

    /** The price in the unit's measure (credits per million tokens, per second, per image …), or null if it has none. */
    public @Nullable Credits price(Unit unit) {
        Long rate = rates.get(unit);
        return rate == null
                ? null
                : Credits.ofMicros(rate / (PER / unit.measure().quantityPerPrice()));
    }

    /**
     * The rate that applies to a unit, in micro-credits per million.
     *
     * @throws UnpricedUnitException if neither it nor its plain kind has one
     */
    public long rateOf(Unit unit) {
        Long own = rates.get(unit);
        if (own != null) {
            return own;
        }
        Unit plain = unit.plainKind();
        if (plain == null) {
            throw new UnpricedUnitException(unit);
        }
        return rateOf(plain);
    }

    /** The dearest rate at which a plain unit can turn out to be billed: cache writes cost more than plain input. */
    public long worstRateOf(Unit unit) {
        long worst = rateOf(unit);
        for (Unit kind : UNITS) {
            if (kind.plainKind() == unit) {
                worst = Math.max(worst, rates.getOrDefault(kind, 0L));
            }
        }
        return worst;
    }

    /** What a usage costs. Throws {@link UnpricedUnitException} as {@link #rateOf} does. */
    public Credits cost(Usage usage) {
        Sum sum = new Sum();
        for (Unit unit : UNITS) {
            long quantity = usage.quantity(unit);
            if (quantity > 0) {
                sum.add(quantity, rateOf(unit));
            }
        }
        return sum.roundedUp();
    }

    /**
     * The part of a usage that this list has rates for: of the several ways to count one call, the one that it is sold by.
     *
     * @throws UnpricedUnitException if it has rates for none of it
     */
    public Usage pricedPart(Usage usage) {
        EnumMap<Unit, Long> priced = new EnumMap<>(Unit.class);
        usage.quantities().forEach((unit, quantity) -> {
            if (rates.containsKey(unit)) {
                priced.put(unit, quantity);
            }
        });
        if (priced.isEmpty() && !usage.quantities().isEmpty()) {
            throw new UnpricedUnitException(
                    usage.quantities().keySet().iterator().next());
        }
        return new Usage(priced);
    }

    /** The most a usage of plain units can cost once its parts are known: every unit at its dearest kind's rate. */
    public Credits worstCost(Usage usage) {
        Sum sum = new Sum();
        for (Unit unit : UNITS) {
            long quantity = usage.quantity(unit);
            if (quantity > 0) {
                sum.add(quantity, worstRateOf(unit));
            }
        }
        return sum.roundedUp();
    }

    /** The receipt of a usage: a line per unit used, adding up to {@link #cost} exactly. */
    public List<ChargeLine> lines(Usage usage) {
        List<ChargeLine> lines = new ArrayList<>();
        Sum sum = new Sum();
        Credits before = Credits.ZERO;
        for (Unit unit : UNITS) {
            long quantity = usage.quantity(unit);
            if (quantity > 0) {
                long rate = rateOf(unit);
                sum.add(quantity, rate);
                Credits after = sum.roundedUp();
                lines.add(new ChargeLine(unit, quantity, rate, after.minus(before)));
                before = after;
            }
        }
        return lines;
    }

    /** How many more of a plain unit an amount buys at its dearest rate; {@link Long#MAX_VALUE} where it costs nothing. */
    public long affordable(Unit unit, Credits amount) {
        long rate = worstRateOf(unit);
        if (rate == 0) {
            return Long.MAX_VALUE;
        }
        if (amount.micros() <= Long.MAX_VALUE / PER) {
            return amount.micros() * PER / rate;
        }
        BigInteger count = BigInteger.valueOf(amount.micros())
                .multiply(BigInteger.valueOf(PER))
                .divide(BigInteger.valueOf(rate));
        return count.bitLength() > 62 ? Long.MAX_VALUE : count.longValueExact();
    }

    /** Quantities times rates, added up exactly: whole micro-credits, and the millionths of one beside them. */
    private static final class Sum {
        private long micros;
        private long millionths;

        /** Throws {@link ArithmeticException} where it gets more than {@link Credits} can hold. */
        void add(long quantity, long rate) {
            // At most Usage.MOST times PER: no overflow.
            millionths += quantity * (rate % PER);
            micros = Math.addExact(micros, Math.multiplyExact(quantity, rate / PER));
            micros = Math.addExact(micros, millionths / PER);
            millionths %= PER;
        }

        Credits roundedUp() {
            return Credits.ofMicros(millionths == 0 ? micros : Math.addExact(micros, 1));
        }
    }
}
