package io.synapse.gateway.billing;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An API key as it is kept: everything but the key itself.
 *
 * @param id the key's id
 * @param project which project it belongs to
 * @param name what its owner calls it; may be empty
 * @param display its prefix and its last four characters
 * @param test whether it is a test key, which reaches the sandbox only
 * @param created when it was made
 * @param expiresAt when it stops working, or null for never
 * @param revokedAt when it was revoked, or null if it was not
 * @param requestsPerMinute its own rate limit, or 0 for the gateway's
 */
public record StoredKey(
        String id,
        String project,
        String name,
        String display,
        boolean test,
        Instant created,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt,
        int requestsPerMinute) {}
