package io.synapse.gateway.providers.anthropic;

import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.internal.json.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The mark {@code cache_control} on a part, a message or a tool: what stands up to here is to be kept for next time. */
final class CacheMark {
    static final String FIELD = "cache_control";

    private CacheMark() {}

    /** Copies the mark of a part of the caller's request, if it has one. */
    static void copy(Map<String, @Nullable Object> from, Map<String, @Nullable Object> to, String path)
            throws UpstreamException {
        Object mark = from.get(FIELD);
        if (mark != null) {
            check(mark, path + "." + FIELD);
            to.put(FIELD, mark);
        }
    }

    /** Refuses what is no mark, and one that would cost more than a price list can say. */
    static void check(Object value, String path) throws UpstreamException {
        Map<String, @Nullable Object> mark = Json.asObject(value);
        if (mark == null || !"ephemeral".equals(mark.get("type"))) {
            throw UpstreamErrors.rejected(path, "'" + path + "' must be {\"type\": \"ephemeral\"}.");
        }
        Object time = mark.get("ttl");
        if (time != null && !"5m".equals(time)) {
            // Writing to the hour's cache costs more, and a token written has one price here.
            throw UpstreamErrors.unsupported(path + ".ttl", "'" + path + ".ttl' must be 5m, or be left out.");
        }
    }
}
