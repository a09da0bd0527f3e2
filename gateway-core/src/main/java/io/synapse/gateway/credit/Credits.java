package io.synapse.gateway.credit;

import java.math.BigDecimal;

/**
 * An exact amount of credits, never negative, kept as whole micro-credits.
 *
 * @param micros micro-credits (millionths of a credit), 0 to {@link Long#MAX_VALUE}
 */
public record Credits(long micros) implements Comparable<Credits> {
    /** Micro-credits in one credit. */
    public static final long MICROS_PER_CREDIT = 1_000_000L;

    /** Nothing. */
    public static final Credits ZERO = new Credits(0);

    public Credits {
        if (micros < 0) {
            throw new IllegalArgumentException("credits cannot be negative: " + micros + " micro-credits");
        }
    }

    /** A whole number of credits. */
    public static Credits of(long credits) {
        return new Credits(Math.multiplyExact(credits, MICROS_PER_CREDIT));
    }

    /** An amount in micro-credits. */
    public static Credits ofMicros(long micros) {
        return micros == 0 ? ZERO : new Credits(micros);
    }

    /**
     * Reads a plain decimal such as {@code 12.5}.
     *
     * @throws IllegalArgumentException if the text is no such number, is negative, or has more than six decimals
     */
    public static Credits parse(String text) {
        try {
            if (text.length() > 40) {
                throw new NumberFormatException("too long");
            }
            return ofMicros(new BigDecimal(text).movePointRight(6).longValueExact());
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not an amount of credits: write a decimal with at most six places, such as 12.5",
                    e);
        }
    }

    /** The sum; throws {@link ArithmeticException} on overflow. */
    public Credits plus(Credits other) {
        return ofMicros(Math.addExact(micros, other.micros));
    }

    /** The difference; throws {@link IllegalArgumentException} if it would be negative. */
    public Credits minus(Credits other) {
        return ofMicros(micros - other.micros);
    }

    /** The smaller of the two. */
    public Credits min(Credits other) {
        return micros <= other.micros ? this : other;
    }

    /** Whether this is zero. */
    public boolean isZero() {
        return micros == 0;
    }

    @Override
    public int compareTo(Credits other) {
        return Long.compare(micros, other.micros);
    }

    /** The plain decimal: {@code 12.5}, {@code 0.000125}; no exponent and no trailing zeros. */
    @Override
    public String toString() {
        long whole = micros / MICROS_PER_CREDIT;
        long fraction = micros % MICROS_PER_CREDIT;
        if (fraction == 0) {
            return Long.toString(whole);
        }
        StringBuilder text = new StringBuilder(24).append(whole).append('.');
        long place = MICROS_PER_CREDIT / 10;
        while (fraction > 0) {
            text.append((char) ('0' + fraction / place));
            fraction %= place;
            place /= 10;
        }
        return text.toString();
    }
}
