package io.synapse.gateway.provider;

import io.synapse.gateway.media.Transcript;
import io.synapse.gateway.media.TranscriptionRequest;

/** A provider of transcripts. */
public interface TranscriptionProvider extends Provider {
    /**
     * Writes down what is said.
     *
     * @throws UpstreamException if the upstream fails in any way; its kind decides what happens next
     */
    Transcript transcribe(UpstreamCall call, TranscriptionRequest request) throws UpstreamException;
}
