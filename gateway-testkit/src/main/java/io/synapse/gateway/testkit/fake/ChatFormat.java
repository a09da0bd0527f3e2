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

    /** A good answer with several choices. */
    Answer saysSeveral(Request request, Tokens usage, List<String> choices);

    /** A call of a tool. */
    Answer callsTool(Request request, String name, List<String> argumentPieces);

    /** A failure. */
    Answer fails(Request request, Kind kind, @Nullable Duration retryAfter, @Nullable String param);

    /** The beginning of an answer, in the format's own way, without an end. */
    Answer begins(Request request, List<String> pieces);

    /** An error within an answer that has begun. */
    Answer failsWithin(Request request);

    /** An answer that is well-formed for HTTP, and none for this format. */
    Answer nonsense(Request request);

    /** The bound on the output that a request asks for. */
    OptionalLong bound(Request request);
}
