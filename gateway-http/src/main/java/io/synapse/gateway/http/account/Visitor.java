package io.synapse.gateway.http.account;

import io.synapse.gateway.billing.Account;
import io.synapse.gateway.billing.Desk;
import io.synapse.gateway.billing.Session;

/**
 * Whoever makes a request, signed in. The one place that a handler has an account from.
 *
 * @param session their session
 * @param secret the session's secret, as the cookie holds it
 * @param desk what they can change, in their name
 */
record Visitor(Session session, String secret, Desk desk) {
    /** Whose everything is. */
    String id() {
        return session.account().id();
    }

    Account account() {
        return session.account();
    }

    /** Leaves out the secret, so that no log shows it. */
    @Override
    public String toString() {
        return "Visitor[" + id() + "]";
    }
}
