package io.synapse.gateway.media;

import io.synapse.gateway.credit.Usage;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Pictures that were made.
 *
 * @param pictures the pictures, one or more
 * @param usage what the upstream said that it used, in {@link io.synapse.gateway.credit.Unit#IMAGES}, or null if it did not
 *     say: the pictures are counted then. Not the tokens that some upstreams count beside: all that is told is charged
 */
public record Images(List<Picture> pictures, @Nullable Usage usage) {
    public Images {
        pictures = List.copyOf(pictures);
    }

    /**
     * A picture that was made.
     *
     * @param media the picture itself; an upstream's URL has been fetched
     * @param revisedPrompt the prompt as the upstream rewrote it, or null
     */
    public record Picture(Media media, @Nullable String revisedPrompt) {
        public Picture {
            Objects.requireNonNull(media, "media");
        }
    }
}
