package io.synapse.gateway.http.account;

import io.javalin.http.Context;
import io.synapse.gateway.billing.UsageFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the parameters of a query, and refuses those that make no sense with a 400 that names the parameter. */
record Params(Context ctx) {
    private static final int USUAL_LIMIT = 50;
    private static final int MOST_ROWS = 1000;
    private static final int MOST_CSV_ROWS = 10_000;
    private static final int LONGEST = 300;
    /** What is added up must not be without bounds. */
    private static final Duration USUAL_RANGE = Duration.ofDays(31);

    private static final Duration LONGEST_RANGE = Duration.ofDays(366);

    @Nullable
    String text(String name) {
        String value = ctx.queryParam(name);
        return value == null || value.isEmpty() ? null : Fields.checked(name, value, LONGEST);
    }

    @Nullable
    String cursor() {
        String value = ctx.queryParam("cursor");
        return value == null || value.isEmpty() ? null : value;
    }

    /** How many rows are asked for: a page, or in a file as many as there may be. */
    int limit() {
        int most = isCsv() ? MOST_CSV_ROWS : MOST_ROWS;
        String text = text("limit");
        if (text == null) {
            return isCsv() ? most : USUAL_LIMIT;
        }
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= most) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // Falls through to the refusal that a number out of range gets.
        }
        throw Fields.wrong("limit", "must be a whole number between 1 and " + most);
    }

    boolean isCsv() {
        String format = text("format");
        if (format != null) {
            return switch (format) {
                case "csv" -> true;
                case "json" -> false;
                default -> throw Fields.wrong("format", "must be csv or json");
            };
        }
        String accept = ctx.header("Accept");
        return accept != null && accept.toLowerCase(Locale.ROOT).contains("text/csv");
    }

    UsageFilter filter() {
        return new UsageFilter(
                bound("from", false), bound("to", true), text("model"), text("key"), text("project"), bool("test"));
    }

    /** The filter for what is added up: of a month up to now unless it says otherwise, of a year at most. */
    UsageFilter boundedFilter() {
        UsageFilter filter = filter();
        Instant to = filter.to() == null ? Instant.now().plus(Duration.ofDays(1)) : filter.to();
        Instant from = filter.from() == null ? to.minus(USUAL_RANGE) : filter.from();
        if (Duration.between(from, to).compareTo(LONGEST_RANGE.plusDays(1)) > 0) {
            throw Fields.wrong("from", "must be at most 366 days before 'to'");
        }
        return new UsageFilter(from, to, filter.model(), filter.key(), filter.project(), filter.test());
    }

    private @Nullable Instant bound(String name, boolean end) {
        String value = text(name);
        return value == null ? null : Times.parseBound(name, value, end);
    }

    private @Nullable Boolean bool(String name) {
        String value = text(name);
        return value == null
                ? null
                : switch (value) {
                    case "true" -> (Boolean) true;
                    case "false" -> false;
                    default -> throw Fields.wrong(name, "must be true or false");
                };
    }
}
