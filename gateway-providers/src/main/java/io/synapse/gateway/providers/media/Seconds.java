package io.synapse.gateway.providers.media;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Reads the times of a recording, which upstreams tell in seconds, as milliseconds. */
public final class Seconds {
    private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000_000);

    private Seconds() {}

    /** A time, rounded to the nearest millisecond; null if the value is none. */
    public static @Nullable Long millis(@Nullable Object seconds) {
        return rounded(seconds, RoundingMode.HALF_UP);
    }

    /** A length that is charged for, rounded up; null if the value is none. */
    public static @Nullable Long chargedMillis(@Nullable Object seconds) {
        return rounded(seconds, RoundingMode.CEILING);
    }

    private static @Nullable Long rounded(@Nullable Object seconds, RoundingMode mode) {
        if (!(seconds instanceof Number)) {
            return null;
        }
        BigDecimal value = seconds instanceof BigDecimal decimal ? decimal : new BigDecimal(seconds.toString());
        // Bounds first, of the exponent too: what lies within them is cheap to convert.
        if (value.signum() < 0 || value.compareTo(MOST) > 0 || value.scale() > 100) {
            return null;
        }
        return value.movePointRight(3).setScale(0, mode).longValueExact();
    }
}
