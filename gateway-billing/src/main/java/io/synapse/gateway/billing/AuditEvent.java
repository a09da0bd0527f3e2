package io.synapse.gateway.billing;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of the audit log.
 *
 * @param number its place: 1, 2, 3 …
 * @param at when it was written, by the database's clock
 * @param actor the account that made the change, or null for the program itself
 * @param address the network address that it was made from, or null
 * @param requestId the request that made it, or null
 * @param action what was done: {@code key.create}
 * @param target the id of what it was done to
 * @param detail what was changed to what, for people
 * @param hash SHA-256 of the line and of the hash before it, in hexadecimal
 */
public record AuditEvent(
        long number,
        Instant at,
        @Nullable String actor,
        @Nullable String address,
        @Nullable String requestId,
        String action,
        String target,
        String detail,
        String hash) {}
