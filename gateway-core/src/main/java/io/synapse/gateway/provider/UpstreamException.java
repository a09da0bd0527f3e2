package io.synapse.gateway.provider;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An upstream did not do what it was asked. Checked, so that every adapter decides what kind of failure it was: the kind
 * decides whether another route is asked, whether this one is asked again, how long it is left alone, and what the caller is
 * told.
 */
public final class UpstreamException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What kind of failure. */
    public enum Kind {
        /** It asks us to come back later (a 429). Asked again, after what it asks for, if that is soon. */
        RATE_LIMITED(true),
        /** It has no room, or is loading (a 503). Asked again soon. */
        OVERLOADED(true),
        /**
         * It could not be reached, or the connection broke before the answer was whole. Not asked again: it may have done the
         * work.
         */
        UNREACHABLE(true),
        /** It took too long: the call's time was up, or it says so itself (a 408 or 504). */
        TIMED_OUT(true),
        /** It failed by its own account (a 5xx). */
        FAILED(true),
        /** It answered something that is no answer: other than JSON, without what was asked for, or too few of it. */
        MALFORMED(true),
        /** It does not accept our credentials (a 401 or 403). Left alone for a while. */
        UNAUTHORIZED(true),
        /** Our account there has no money or quota left (a 402, or a 429 that says so). */
        QUOTA_EXHAUSTED(true),
        /** It does not have the model, or no longer (a 404 of the model, not of a job or a file). */
        MODEL_GONE(true),
        /**
         * It cannot do what the caller's request asks for; another may. Told by adapters before anything is sent, with the
         * field; the caller is told only if no route can.
         */
        UNSUPPORTED(true),
        /**
         * It refuses the caller's request (a 400 or 422, or its moderation); another upstream of the same kind would too. The
         * caller is told, by the field and in these words: in the fields of the request that the caller sent, not in the
         * upstream's.
         */
        REJECTED(false);

        private final boolean anotherMayServe;

        Kind(boolean anotherMayServe) {
            this.anotherMayServe = anotherMayServe;
        }

        /** Whether it makes sense to ask another route of the same model. */
        public boolean anotherMayServe() {
            return anotherMayServe;
        }
    }

    private final Kind kind;
    private final @Nullable Duration retryAfter;
    private final @Nullable String param;

    /**
     * A failure of which no more is known.
     *
     * @param kind what kind of failure
     * @param message what happened, fit for the caller of a {@link Kind#REJECTED} request and for the log: no
     *     credentials, no account ids
     * @param cause what lies beneath, or null
     */
    public UpstreamException(Kind kind, String message, @Nullable Throwable cause) {
        this(kind, message, null, null, cause);
    }

    /**
     * A failure with what the upstream told of it.
     *
     * @param kind what kind of failure
     * @param message as above
     * @param retryAfter how long the upstream asks to wait, or null if it does not say
     * @param param the field of the caller's request that the upstream objects to, or null
     * @param cause what lies beneath, or null
     */
    public UpstreamException(
            Kind kind,
            String message,
            @Nullable Duration retryAfter,
            @Nullable String param,
            @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.retryAfter = retryAfter;
        this.param = param;
    }

    /** What kind of failure. */
    public Kind kind() {
        return kind;
    }

    /** How long the upstream asks to wait, or null if it does not say. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    /** The field of the caller's request that the upstream objects to, or null. */
    public @Nullable String param() {
        return param;
    }

    /** What happened. */
    @Override
    public String getMessage() {
        String message = super.getMessage();
        return message == null ? kind.name() : message;
    }
}
