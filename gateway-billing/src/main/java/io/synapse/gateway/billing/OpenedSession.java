package io.synapse.gateway.billing;

/**
 * A session that was just opened. This is the only time that its secret can be had.
 *
 * @param secret what its bearer is known by: 43 letters, digits, dashes and underscores
 * @param session who it is
 */
public record OpenedSession(String secret, Session session) {
    /** Leaves out the secret, so that no log shows it. */
    @Override
    public String toString() {
        return "Opened" + session;
    }
}
