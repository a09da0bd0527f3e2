package io.synapse.gateway.http.account;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Times as callers write them: ISO-8601, with an offset or Z. */
final class Times {
    private static final Instant FIRST = Instant.parse("1970-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

    private Times() {}

    /** A time such as {@code 2026-11-21T12:00:00Z}. */
    static Instant parse(String name, String text) {
        try {
            return bounded(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            throw Fields.wrong(name, "must be a time such as 2026-11-21T12:00:00Z");
        }
    }

    /** A time, or a day such as {@code 2026-11-21} (UTC): its start, or its end for the end of a range. */
    static Instant parseBound(String name, String text, boolean end) {
        if (text.length() != "2026-11-21".length()) {
            return parse(name, text);
        }
        try {
            return bounded(LocalDate.parse(text)
                    .plusDays(end ? 1 : 0)
                    .atStartOfDay(ZoneOffset.UTC)
                    .toInstant());
        } catch (DateTimeException e) {
            throw Fields.wrong(name, "must be a day such as 2026-11-21, or a time such as 2026-11-21T12:00:00Z");
        }
    }

    private static Instant bounded(Instant time) {
        if (time.isBefore(FIRST) || time.isAfter(LAST)) {
            throw new DateTimeException("out of range");
        }
        return time;
    }
}
