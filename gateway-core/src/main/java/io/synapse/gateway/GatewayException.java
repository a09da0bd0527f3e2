package io.synapse.gateway;

import org.jspecify.annotations.Nullable;

/** The gateway said no. Why is its {@link #error()}. */
public final class GatewayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient GatewayError error;

    /**
     * A refusal.
     *
     * @param error why
     */
    public GatewayException(GatewayError error) {
        this(error, null);
    }

    /**
     * A refusal with its cause.
     *
     * @param error why
     * @param cause what lies beneath, for the log
     */
    public GatewayException(GatewayError error, @Nullable Throwable cause) {
        super(error.message(), cause);
        this.error = error;
    }

    /** Why. */
    public GatewayError error() {
        return error;
    }
}
