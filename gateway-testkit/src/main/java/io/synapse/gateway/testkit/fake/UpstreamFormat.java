package io.synapse.gateway.testkit.fake;

import io.synapse.gateway.provider.UpstreamException.Kind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an upstream behind HTTP writes what is not chat: pictures, films, speech, transcripts, vectors. Every method is given
 * the request, since one call may take several: the question itself, questions after a job, the fetching of a file.
 * Stateless. An upstream that works on jobs is a {@link JobFormat}.
 *
 * @param <A> what a good answer holds: {@code Images}, {@code Video}, {@link Spoken}, {@code Transcript}, {@code Embeddings}
 */
@FunctionalInterface
public interface UpstreamFormat<A> {
    /**
     * A good answer to any request of a call. Files that it names by URL are hosted with {@link Request#hosted}, and are
     * served without the format being asked.
     *
     * @param answer what it says. A usage that is null is not told; one of zero is told as zero
     */
    Answer answers(Request request, A answer);

    /**
     * A failure, as the answer to the first request of a call: the status that most upstreams have for it.
     *
     * @param retryAfter how long the upstream asks to wait, or null if it does not say
     * @param param the field that it objects to, or null if it does not say
     */
    default Answer fails(Request request, Kind kind, @Nullable Duration retryAfter, @Nullable String param) {
        return Answer.failure(kind, retryAfter, error(kind, param));
    }

    /** The body of a failure. */
    default String error(Kind kind, @Nullable String param) {
        return "{\"error\":{\"message\":\"It did not work.\"}}";
    }

    /** An answer that is well-formed for HTTP, and none for this format. */
    default Answer nonsense(Request request) {
        return Answer.json(200, "{\"what\":\"is this?\"}");
    }
}
