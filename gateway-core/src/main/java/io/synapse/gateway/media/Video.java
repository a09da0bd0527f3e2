package io.synapse.gateway.media;

import io.synapse.gateway.credit.Usage;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A film that was made.
 *
 * @param media the film itself; an upstream's URL has been fetched
 * @param durationMillis how long it lasts, in milliseconds
 * @param usage what the upstream said that it used, or null if it did not say
 */
public record Video(
        Media media, long durationMillis, @Nullable Usage usage) {
    public Video {
        Objects.requireNonNull(media, "media");
    }
}
