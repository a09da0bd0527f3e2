package io.synapse.gateway.providers.http;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
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

    /** The headers of one limit: how much of it is left, and when that changes. */
    private record Limit(String remaining, String reset) {}

    private static final List<Limit> LIMITS = List.of(
            new Limit("x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
            new Limit("x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
            new Limit("x-ratelimit-remaining", "x-ratelimit-reset"),
            anthropic("requests"),
            anthropic("tokens"),
            anthropic("input-tokens"),
            anthropic("output-tokens"));

    private static final Pattern MILLIS_SINCE_1970 = Pattern.compile("[0-9]{13}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,15}(?:\\.[0-9]{1,15})?");
    private static final Pattern PART = Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,15})?)(d|h|ms|m|s|us|µs|ns)");
    private static final Pattern PARTS = Pattern.compile("(?:[0-9.]{1,31}(?:d|h|ms|m|s|us|µs|ns))+");

    private RetryAfter() {}

    private static Limit anthropic(String what) {
        String prefix = "anthropic-ratelimit-" + what;
        return new Limit(prefix + "-remaining", prefix + "-reset");
    }

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
        return untilReset(response);
    }

    /** Until the last of the limits that are used up is not any more. */
    private static @Nullable Duration untilReset(UpstreamResponse response) {
        Duration longest = null;
        for (Limit limit : LIMITS) {
            String left = response.header(limit.remaining());
            String reset = response.header(limit.reset());
            if (left != null && reset != null && left.strip().equals("0")) {
                Duration wait = parse(reset, Instant.now());
                longest = longest == null || (wait != null && wait.compareTo(longest) > 0) ? wait : longest;
            }
        }
        return longest;
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
        if (MILLIS_SINCE_1970.matcher(value).matches()) {
            wait = between(now, Instant.ofEpochMilli(Long.parseLong(value)));
        } else if (NUMBER.matcher(value).matches()) {
            wait = nanos(new BigDecimal(value), 1_000_000_000L);
        } else if (PARTS.matcher(value).matches()) {
            wait = duration(value);
        } else {
            wait = until(value, now);
        }
        return wait == null || wait.compareTo(MOST) > 0 ? null : wait;
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
        boolean iso = value.length() > 4 && value.charAt(4) == '-';
        DateTimeFormatter format = iso
                ? DateTimeFormatter.ISO_OFFSET_DATE_TIME
                : DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT);
        try {
            return between(now, ZonedDateTime.parse(value, format).toInstant());
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static Duration between(Instant now, Instant then) {
        return then.isBefore(now) ? Duration.ZERO : Duration.between(now, then);
    }

    private static Duration nanos(BigDecimal count, long unit) {
        BigDecimal nanos = count.multiply(BigDecimal.valueOf(unit));
        BigDecimal most = BigDecimal.valueOf(Long.MAX_VALUE);
        return Duration.ofNanos(nanos.min(most).longValue());
    }
}
