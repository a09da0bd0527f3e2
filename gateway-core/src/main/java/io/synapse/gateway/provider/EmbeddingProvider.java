package io.synapse.gateway.provider;

import io.synapse.gateway.media.EmbeddingRequest;
import io.synapse.gateway.media.Embeddings;

/** A provider of embeddings. */
public interface EmbeddingProvider extends Provider {
    /**
     * Turns every input into a vector.
     *
     * @throws UpstreamException if the upstream fails in any way; its kind decides what happens next
     */
    Embeddings embed(UpstreamCall call, EmbeddingRequest request) throws UpstreamException;
}
