package io.synapse.gateway.provider;

import io.synapse.gateway.media.EmbeddingRequest;
import io.synapse.gateway.media.Embeddings;

/** A provider of embeddings. */
public interface EmbeddingProvider extends Provider {
    /**
     * Turns every input into a vector.
     *
     * @param call what to ask for: the upstream's name of the model
     * @param request the inputs, texts or token numbers. How the answer is to be written ({@code encoding_format}) is not the
     *     upstream's business
     * @return one vector for each input, in the inputs' order and all of one length, the wished one if
     *     {@link EmbeddingRequest#dimensions} is set; usage in {@link io.synapse.gateway.credit.Unit#INPUT_TOKENS}. Anything
     *     else that the upstream answers is {@link UpstreamException.Kind#MALFORMED malformed}
     * @throws UpstreamException if the upstream fails in any way; its kind decides what happens next
     */
    Embeddings embed(UpstreamCall call, EmbeddingRequest request) throws UpstreamException;
}
