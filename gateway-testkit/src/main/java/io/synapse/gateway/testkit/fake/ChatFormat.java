package io.synapse.gateway.testkit.fake;

import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.testkit.fake.ChatUpstream.Tokens;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How an upstream behind HTTP writes its answers. Every method is given the request, because a streamed answer and a
 * whole one look different. Stateless.
 */
public interface ChatFormat {
    /** A good answer; see {@link ChatUpstream#says}. */
    Answer says(Request request, @Nullable Tokens usage, List<String> pieces);

    /** A good answer with several choices; only asked for where the provider declares them. */
    default Answer saysSeveral(Request request, Tokens usage, List<String> choices) {
        throw new UnsupportedOperationException("this format does not know several choices");
    }

    /** A call of a tool; only asked for where the provider declares tools. */
    default Answer callsTool(Request request, String name, List<String> argumentPieces) {
        throw new UnsupportedOperationException("this format does not know tools");
    }

    /** A failure: the status that most upstreams have for it, unless an author says otherwise. */
    default Answer fails(Request request, Kind kind, @Nullable Duration retryAfter, @Nullable String param) {
        return Answer.failure(kind, retryAfter, "{\"error\":{\"message\":\"It did not work.\"}}");
    }

    /** The beginning of an answer, in the format's own way, without an end. */
    Answer begins(Request request, List<String> pieces);

    /** An error within an answer that has begun. */
    Answer failsWithin(Request request);

    /** An answer that is well-formed for HTTP, and none for this format. */
    default Answer nonsense(Request request) {
        return Answer.json(200, "{\"what\":\"is this?\"}");
    }

    /** The bound on the output that a request asks for. */
    OptionalLong bound(Request request);
}
