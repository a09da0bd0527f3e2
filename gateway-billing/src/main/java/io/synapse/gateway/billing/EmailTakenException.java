package io.synapse.gateway.billing;

/** There is an account with this email address already. */
public final class EmailTakenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EmailTakenException() {
        super("there is an account with this email address already");
    }
}
