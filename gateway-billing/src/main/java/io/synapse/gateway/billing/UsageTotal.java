package io.synapse.gateway.billing;

import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.Unit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one day, model, key or project, added up. Live and test calls are never added together.
 *
 * @param group the day ({@code 2026-11-21}, UTC), the model's public id, or the id of the key or project
 * @param name what the key or project is called now, or null
 * @param test whether these are the calls with test keys
 * @param requests how many were paid for
 * @param failed how many failed, and cost nothing
 * @param charged what was paid
 * @param usage what was used, by unit
 */
public record UsageTotal(
        String group,
        @Nullable String name,
        boolean test,
        long requests,
        long failed,
        Credits charged,
        Map<Unit, Long> usage) {
    /** What calls are added up by. */
    public enum By {
        /** The day on which they began, UTC. */
        DAY("to_char(c.created AT TIME ZONE 'UTC', 'YYYY-MM-DD')", "null"),
        /** The model. */
        MODEL("c.model", "null"),
        /** The API key. */
        KEY("c.key", "(SELECT k.name FROM synapse.api_key k WHERE k.id = synapse.as_uuid(t.grp))"),
        /** The project. */
        PROJECT("c.project", "(SELECT p.name FROM synapse.project p WHERE p.id = synapse.as_uuid(t.grp))");

        private final String column;
        private final String name;

        By(String column, String name) {
            this.column = column;
            this.name = name;
        }

        /** The SQL of a charge's group. */
        String column() {
            return column;
        }

        /** The SQL of a group's name. */
        String nameColumn() {
            return name;
        }
    }

    public UsageTotal {
        usage = Map.copyOf(usage);
    }
}
