package io.synapse.gateway.media;

import io.synapse.gateway.credit.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Vectors, one for each input, in the inputs' order.
 *
 * @param vectors the vectors, all of one length
 * @param usage what the upstream said that it used, or null if it did not say
 */
public record Embeddings(List<float[]> vectors, @Nullable Usage usage) {
    public Embeddings {
        vectors = List.copyOf(vectors);
    }
}
