package io.synapse.gateway.provider;

import io.synapse.gateway.media.Transcript;
import io.synapse.gateway.media.TranscriptionRequest;

/** A provider of transcripts. */
public interface TranscriptionProvider extends Provider {
    /**
     * Writes down what is said. A recording without words is an empty text.
     *
     * @param call what to ask for: the upstream's name of the model
     * @param request the recording, and what is known of it. What the answer is to be written as ({@code response_format})
     *     is not the upstream's business, but {@code srt}, {@code vtt} and {@code verbose_json} need segments
     * @return the text, and its parts with their times in milliseconds, as far as {@link
     *     TranscriptionRequest#granularities asked for}; an upstream that tells no times refuses
     *     {@code timestamp_granularities[]}. Usage in {@link io.synapse.gateway.credit.Unit#MILLISECONDS}: the gateway bills
     *     the recording's own length, and shows what the upstream says nowhere
     * @throws UpstreamException if the upstream fails in any way; its kind decides what happens next
     */
    Transcript transcribe(UpstreamCall call, TranscriptionRequest request) throws UpstreamException;
}
