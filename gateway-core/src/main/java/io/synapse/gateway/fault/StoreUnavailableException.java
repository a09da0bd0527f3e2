package io.synapse.gateway.fault;

import org.jspecify.annotations.Nullable;

/**
 * A store behind a port (ledger, keys, limiter) could not be asked. It says nothing about the answer: a key is not
 * "unknown" and a balance is not "zero" because the database is down. The engine turns it into a refusal.
 */
public final class StoreUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Names the store.
     *
     * @param message which store, for the log; callers never see it
     * @param cause what the store's driver said
     */
    public StoreUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
