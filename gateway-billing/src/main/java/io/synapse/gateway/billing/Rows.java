package io.synapse.gateway.billing;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How values go into rows and come out of them. */
final class Rows {
    /** The longest name of a project, key or person, in characters. */
    private static final int LONGEST_NAME = 200;

    private Rows() {}

    /** An id of ours, or empty for a text that cannot be one: there is nothing of that id then. */
    static Optional<UUID> id(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Refuses a name that is too long or holds what cannot be shown. */
    static void requireName(String name) {
        if (name.codePointCount(0, name.length()) > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "a name has at most " + LONGEST_NAME + " characters, none of them a control character");
        }
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    /** A time as JDBC takes it. */
    static @Nullable OffsetDateTime time(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
