package io.synapse.gateway.provider;

import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.SpeechRequest;
import io.synapse.gateway.media.SpeechSink;
import org.jspecify.annotations.Nullable;

/** A provider of speech. */
public interface SpeechProvider extends Provider {
    /**
     * Speaks into a sink, as the sound is made, and returns when all is said. Returning normally says that the sound is
     * whole. What the sink throws must pass through.
     *
     * @return what the upstream said that it used, or null if it did not say
     * @throws UpstreamException if the upstream fails in any way; its kind decides what happens next
     */
    @Nullable
    Usage speak(UpstreamCall call, SpeechRequest request, SpeechSink sink) throws UpstreamException;
}
