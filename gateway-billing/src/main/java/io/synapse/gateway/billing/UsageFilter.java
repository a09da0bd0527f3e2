package io.synapse.gateway.billing;

import java.time.Instant;
import java.time.OffsetDateTime;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Which calls a report is about; null means any.
 *
 * @param from those that began at this time or later
 * @param to those that began before this time
 * @param model those to this model, by its public id
 * @param key those under the API key of this id
 * @param project those of the project of this id
 * @param test those with test keys, or those with live keys
 */
public record UsageFilter(
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable String model,
        @Nullable String key,
        @Nullable String project,
        @Nullable Boolean test) {
    /** Every call. */
    public static final UsageFilter ALL = new UsageFilter(null, null, null, null, null, null);

    /** The conditions on a wallet w. */
    String wallets() {
        return test == null ? "" : " AND w.test = :test";
    }

    /** The conditions on a charge c: only those that are set, so that the plan can follow them. */
    String charges() {
        return (model == null ? "" : " AND c.model = :model")
                + (key == null ? "" : " AND c.key = :key")
                + (project == null ? "" : " AND c.project = :project");
    }

    /** The conditions on the time of a row, such as {@code c.created}. */
    String times(String column) {
        return (from == null ? "" : " AND " + column + " >= :from") + (to == null ? "" : " AND " + column + " < :to");
    }

    /** Binds what the conditions name. */
    Query bind(Query query) {
        if (from != null) {
            query.bindByType("from", Rows.time(from), OffsetDateTime.class);
        }
        if (to != null) {
            query.bindByType("to", Rows.time(to), OffsetDateTime.class);
        }
        if (model != null) {
            query.bind("model", model);
        }
        if (key != null) {
            query.bind("key", key);
        }
        if (project != null) {
            query.bind("project", project);
        }
        if (test != null) {
            query.bind("test", test);
        }
        return query;
    }
}
