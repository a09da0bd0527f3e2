package io.synapse.gateway.providers.internal.media;

import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads times and lengths that upstreams tell in seconds: as a number or, some of them, as a text. */
public final class Seconds {
    private static final BigDecimal MOST_MILLIS = BigDecimal.valueOf(Usage.MOST);
    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,12}(?:\\.[0-9]{1,20})?");

    private Seconds() {}

    /** In milliseconds, rounded; null if the value is no time. */
    public static @Nullable Long millis(@Nullable Object seconds) {
        BigDecimal millis = exact(seconds);
        return millis == null ? null : millis.setScale(0, RoundingMode.HALF_UP).longValueExact();
    }

    /** As what a recording of that length uses, rounded up; null if the value is no length. */
    public static @Nullable Usage usage(@Nullable Object seconds) {
        BigDecimal millis = exact(seconds);
        // A recording of no length is a length that was not measured.
        return millis == null || millis.signum() == 0
                ? null
                : Usage.of(
                        Unit.MILLISECONDS,
                        millis.setScale(0, RoundingMode.CEILING).longValueExact());
    }

    private static @Nullable BigDecimal exact(@Nullable Object seconds) {
        boolean readable = seconds instanceof Number || (seconds instanceof String text && text.length() <= 40);
        String digits = seconds instanceof BigDecimal decimal ? plain(decimal) : String.valueOf(seconds);
        if (!readable || !DECIMAL.matcher(digits).matches()) {
            return null;
        }
        BigDecimal millis = new BigDecimal(digits).movePointRight(3);
        return millis.compareTo(MOST_MILLIS) > 0 ? null : millis;
    }

    /** Without an exponent, unless it is so large or small that it means no time at all. */
    private static String plain(BigDecimal decimal) {
        return Math.abs((long) decimal.scale()) > 100 ? "" : decimal.toPlainString();
    }
}
