package io.synapse.gateway.provider;

import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.SpeechRequest;
import io.synapse.gateway.media.SpeechSink;
import org.jspecify.annotations.Nullable;

/** A provider of speech. */
public interface SpeechProvider extends Provider {
    /**
     * Speaks into a sink, as the sound is made, and returns when all is said. Returning normally says that the sound is
     * whole.
     *
     * <p>The sink is called by this thread alone: {@link SpeechSink#begins} once, when the first bytes have come and are
     * known to be sound, then {@link SpeechSink#bytes}, as they arrive and unchanged. Once it has begun no other route can
     * serve, so nothing begins before an answer is known to be a success. What the sink throws passes through as it is, and
     * the upstream is left at once.
     *
     * @param call what to ask for: the upstream's name of the model
     * @param request the text, and how to speak it. A {@linkplain SpeechRequest#format() format} that the upstream does not
     *     make is refused as {@code response_format}
     * @param sink where the sound goes
     * @return what the upstream said that it used, in {@link io.synapse.gateway.credit.Unit#CHARACTERS}; null if it did not
     *     say, and then the text's characters are counted
     * @throws UpstreamException if the upstream fails in any way; its kind decides what happens next
     */
    @Nullable
    Usage speak(UpstreamCall call, SpeechRequest request, SpeechSink sink) throws UpstreamException;
}
