package io.synapse.gateway.billing;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a new key should be.
 *
 * @param name what its owner calls it, 200 characters at most; may be empty
 * @param project the id of one of the account's projects, or null for its default project
 * @param test whether it is a test key
 * @param expiresAt when it stops working, or null for never
 * @param requestsPerMinute its own rate limit, or 0 for the gateway's
 */
public record KeyRequest(
        String name,
        @Nullable String project,
        boolean test,
        @Nullable Instant expiresAt,
        int requestsPerMinute) {
    public KeyRequest {
        if (requestsPerMinute < 0) {
            throw new IllegalArgumentException("requests per minute is negative: " + requestsPerMinute);
        }
    }

    /** A live key of the default project, without expiry or limit of its own. */
    public static KeyRequest live(String name) {
        return new KeyRequest(name, null, false, null, 0);
    }

    /** A test key of the default project, without expiry or limit of its own. */
    public static KeyRequest test(String name) {
        return new KeyRequest(name, null, true, null, 0);
    }
}
