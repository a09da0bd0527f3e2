package io.synapse.gateway.testkit.fake;

import io.synapse.gateway.provider.UpstreamException.Kind;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * An upstream in the hands of a test: told in plain words what to do, it does so in its own format. What it is told it
 * does in that order, one call each, and the last of it from then on. Safe for use by many threads.
 *
 * <p>For upstreams behind HTTP there is {@link HttpChatUpstream}, which needs only the
 * format.
 */
public interface ChatUpstream extends AutoCloseable {
    /**
     * What an upstream tells of the tokens used.
     *
     * @param prompt of the prompt
     * @param completion of the answer
     */
    record Tokens(long prompt, long completion) {}

    /**
     * Answers well.
     *
     * @param usage what it tells of the tokens used; null if it tells nothing
     * @param pieces the words, in the pieces they are streamed in
     */
    ChatUpstream says(@Nullable Tokens usage, String... pieces);

    /** Answers well with several choices, of one piece each. */
    ChatUpstream saysSeveral(Tokens usage, String... choices);

    /** Calls a tool; its arguments are streamed in these pieces. */
    ChatUpstream callsTool(String name, String... argumentPieces);

    /**
     * Reports a failure instead of an answer.
     *
     * @param kind what kind of failure
     * @param retryAfter how long it asks to wait; null if it does not say, or cannot
     * @param param the field it objects to; null if it does not say, or cannot
     */
    ChatUpstream fails(Kind kind, @Nullable Duration retryAfter, @Nullable String param);

    /** Begins an answer, then reports a failure of its own within it. */
    ChatUpstream failsMidway(String... pieces);

    /** Begins an answer (or not, without pieces) and falls silent, for as long as somebody listens. */
    ChatUpstream stalls(String... pieces);

    /** Begins an answer (or not, without pieces) and breaks off. */
    ChatUpstream cutsOff(String... pieces);

    /** Answers with something that is no answer. */
    ChatUpstream talksNonsense();

    /** How often it was asked. */
    int calls();

    /** The last request as it arrived, as text in the upstream's own format. */
    String lastRequest();

    /** The bound on the output that the last request asked for. */
    OptionalLong lastBound();

    /** Waits until it was asked so often; fails if it is not. */
    void awaitCalls(int count);

    /** Waits until so many callers have gone away in the middle of an answer; fails if they do not. */
    void awaitHangUps(int count);

    @Override
    void close();
}
