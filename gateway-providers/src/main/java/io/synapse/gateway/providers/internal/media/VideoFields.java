package io.synapse.gateway.providers.internal.media;

import io.synapse.gateway.media.VideoRequest;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import org.jspecify.annotations.Nullable;

/** The fields of a film's request that many upstreams have no counterpart for, so that none is dropped in silence. */
public final class VideoFields {
    private VideoFields() {}

    /**
     * The size of a film.
     *
     * @param width in pixels
     * @param height in pixels
     */
    public record Size(int width, int height) {}

    /** The length in seconds, or null if none is asked for. */
    public static @Nullable Integer seconds(VideoRequest request, boolean takes) throws UpstreamException {
        if (request.seconds() != null && !takes) {
            throw UpstreamErrors.unsupported("seconds", "This model makes films of one length. Leave 'seconds' out.");
        }
        return request.seconds();
    }

    /** The size, or null if none is asked for. */
    public static @Nullable Size size(VideoRequest request, boolean takes) throws UpstreamException {
        String size = request.size();
        if (size == null) {
            return null;
        }
        if (!takes) {
            throw UpstreamErrors.unsupported("size", "This model makes films of one size. Leave 'size' out.");
        }
        int cross = size.indexOf('x');
        return new Size(Integer.parseInt(size.substring(0, cross)), Integer.parseInt(size.substring(cross + 1)));
    }

    /** The seed, or null if there is none. */
    public static @Nullable Long seed(VideoRequest request, boolean takes) throws UpstreamException {
        if (request.seed() != null && !takes) {
            throw UpstreamErrors.unsupported("seed", "This model takes no seed. Leave 'seed' out.");
        }
        return request.seed();
    }

    /** The request's {@code negative_prompt}, or null if it has none. */
    public static @Nullable String negativePrompt(VideoRequest request, boolean takes) throws UpstreamException {
        Object words = request.body().get("negative_prompt");
        if (words == null) {
            return null;
        }
        if (!(words instanceof String text) || text.length() > VideoRequest.LONGEST_PROMPT) {
            throw UpstreamErrors.rejected(
                    "negative_prompt",
                    "'negative_prompt' must be a text of at most " + VideoRequest.LONGEST_PROMPT + " characters.");
        }
        if (!takes) {
            throw UpstreamErrors.unsupported(
                    "negative_prompt", "This model takes no negative prompt. Say in the prompt what to leave out.");
        }
        return text;
    }
}
