package io.synapse.gateway.http;

/** Ends a request with an error of HTTP's own, one that the engine knows nothing of. */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ApiError error;

    /** Ends it with that error. */
    public ApiException(ApiError error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    ApiError error() {
        return error;
    }
}
