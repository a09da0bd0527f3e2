package io.synapse.gateway.providers.http;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads how long an upstream asks to wait, in every way that upstreams say it: seconds, whole or not ({@code 20},
 * {@code 1.5}), an HTTP date, a duration as Go writes it ({@code 6m0s}, {@code 12ms}) or protocol buffers do
 * ({@code 37.5s}), and the headers {@code retry-after-ms} and {@code x-ratelimit-reset-…}.
 */
final class RetryAfter {
    /** Nobody means more than that; it is nonsense, and nonsense is no answer. */
    private static final Duration MOST = Duration.ofDays(31);

    private static final int MOST_CHARACTERS = 64;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,15}(?:\\.[0-9]{1,15})?");
    private static final Pattern PART = Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,15})?)(d|h|ms|m|s|us|µs|ns)");
    private static final Pattern PARTS = Pattern.compile("(?:[0-9.]{1,31}(?:d|h|ms|m|s|us|µs|ns))+");

    private RetryAfter() {}

    /** What the headers of an answer say, or null if they say nothing. */
    public static @Nullable Duration of(UpstreamResponse response) {
        String millis = response.header("retry-after-ms");
        Duration exact = millis == null ? null : parse(millis.strip() + "ms", Instant.EPOCH);
        if (exact != null) {
            return exact;
        }
        String plain = response.header("retry-after");
        Duration wait = plain == null ? null : parse(plain, Instant.now());
        if (wait != null) {
            return wait;
        }
        Duration requests = untilReset(response, "requests");
        Duration tokens = untilReset(response, "tokens");
        return requests == null || (tokens != null && tokens.compareTo(requests) > 0) ? tokens : requests;
    }

    /**
     * Reads one value.
     *
     * @param text the value
     * @param now what dates are counted from
     * @return how long to wait, or null if the value makes no sense
     */
    public static @Nullable Duration parse(String text, Instant now) {
        String value = text.strip();
        if (value.isEmpty() || value.length() > MOST_CHARACTERS) {
            return null;
        }
        Duration wait;
        if (NUMBER.matcher(value).matches()) {
            wait = nanos(new BigDecimal(value), 1_000_000_000L);
        } else if (PARTS.matcher(value).matches()) {
            wait = duration(value);
        } else {
            wait = until(value, now);
        }
        return wait == null || wait.compareTo(MOST) > 0 ? null : wait;
    }

    private static @Nullable Duration untilReset(UpstreamResponse response, String what) {
        String left = response.header("x-ratelimit-remaining-" + what);
        String reset = response.header("x-ratelimit-reset-" + what);
        return reset != null && left != null && left.strip().equals("0") ? parse(reset, Instant.now()) : null;
    }

    private static @Nullable Duration duration(String value) {
        Matcher part = PART.matcher(value);
        Duration sum = Duration.ZERO;
        int end = 0;
        while (part.find() && part.start() == end) {
            end = part.end();
            sum = sum.plus(nanos(new BigDecimal(part.group(1)), unit(part.group(2))));
        }
        return end == value.length() ? sum : null;
    }

    private static long unit(String name) {
        return switch (name) {
            case "d" -> 86_400_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "s" -> 1_000_000_000L;
            case "ms" -> 1_000_000L;
            case "us", "µs" -> 1_000L;
            default -> 1L;
        };
    }

    private static @Nullable Duration until(String value, Instant now) {
        try {
            Instant then = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT))
                    .toInstant();
            return then.isBefore(now) ? Duration.ZERO : Duration.between(now, then);
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static Duration nanos(BigDecimal count, long unit) {
        BigDecimal nanos = count.multiply(BigDecimal.valueOf(unit));
        BigDecimal most = BigDecimal.valueOf(Long.MAX_VALUE);
        return Duration.ofNanos(nanos.min(most).longValue());
    }
}
