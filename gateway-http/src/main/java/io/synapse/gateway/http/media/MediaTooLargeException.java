package io.synapse.gateway.http.media;

/** A body or a file that is larger than its endpoint takes; HTTP says 413. */
public final class MediaTooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long most;

    /**
     * @param most the limit, in bytes
     */
    public MediaTooLargeException(long most) {
        super("larger than " + most + " bytes", null, false, false);
        this.most = most;
    }

    /** The limit, in bytes. */
    public long most() {
        return most;
    }
}
