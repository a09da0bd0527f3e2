package io.synapse.gateway.billing;

import org.jspecify.annotations.Nullable;

/** The embedded PostgreSQL could not start. The message is one line that tells an operator why and what to do. */
public final class EmbeddedDatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EmbeddedDatabaseException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
