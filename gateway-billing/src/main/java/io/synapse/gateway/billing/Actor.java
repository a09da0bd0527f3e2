package io.synapse.gateway.billing;

import org.jspecify.annotations.Nullable;

/**
 * Who makes a change, and from where: what the audit log says of it.
 *
 * @param account the account's id, or null where nobody is signed in or the program acts by itself
 * @param address the network address that the request came from, or null if it came from none
 * @param requestId the request's id, or null if there was none
 */
public record Actor(
        @Nullable String account,
        @Nullable String address,
        @Nullable String requestId) {
    /** The program itself: its first start, its chores, and whatever embeds it. */
    public static final Actor PROGRAM = new Actor(null, null, null);

    /** The same request, made by that account. */
    public Actor as(String id) {
        return new Actor(id, address, requestId);
    }
}
