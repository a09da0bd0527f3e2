package io.synapse.gateway.http.media;

/** A body of another type than {@code multipart/form-data}, or an encoded one; HTTP says 415. */
public final class NotMultipartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says no more than its type. */
    public NotMultipartException() {
        super("not multipart/form-data", null, false, false);
    }
}
