package io.synapse.gateway.testkit.fake;

import io.synapse.gateway.provider.UpstreamException.Kind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An upstream of something else than chat in the hands of a test: told in plain words what to do, it does so in its own
 * format, until it is told otherwise. A call may take it several requests, which are counted from 1. Safe for use by many
 * threads.
 *
 * <p>For upstreams behind HTTP there is {@link HttpMediaUpstream}, which needs only the format.
 *
 * @param <A> what a good answer holds
 */
public interface MediaUpstream<A> extends AutoCloseable {
    /** Answers well. */
    void answers(A answer);

    /** Answers well up to that request; from it on it falls silent, for as long as somebody listens. */
    void stalls(A answer, int request);

    /** Answers well up to that request; from it on it breaks off in the middle of its answers. */
    void cutsOff(A answer, int request);

    /** Hangs up instead of answering. */
    void hangsUp();

    /**
     * Reports a failure instead of an answer.
     *
     * @param retryAfter how long it asks to wait; null if it does not say, or cannot
     * @param param the field it objects to; null if it does not say, or cannot
     */
    void fails(Kind kind, @Nullable Duration retryAfter, @Nullable String param);

    /** Answers with something that is no answer. */
    void talksNonsense();

    /** How many requests it has got since it was last told what to do; those that cancel a job do not count. */
    int requests();

    /**
     * What those requests said, as text of one character a byte: their paths as they were sent and decoded, and their
     * bodies. What differs by chance between two equal requests, such as the boundary of a form, is left out; so are
     * requests for files.
     */
    String heard();

    /** Waits until it has got so many requests since it was last told what to do; fails if it does not. */
    void awaitRequests(int count);

    /** Waits until so many callers have gone away in the middle of an answer since then; fails if they do not. */
    void awaitHangUps(int count);

    @Override
    void close();
}
