package io.synapse.gateway.billing;

import java.time.Duration;

/** Somebody tried to sign in too often, and may try again later. */
public final class TooManyAttemptsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    TooManyAttemptsException(Duration retryAfter) {
        super("too many attempts to sign in", null, false, false);
        this.retryAfter = retryAfter;
    }

    /** How long until the next attempt is let through; above zero. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
