package io.synapse.gateway.providers.deepgram;

import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.SpeechRequest;
import io.synapse.gateway.media.SpeechSink;
import io.synapse.gateway.media.Transcript;
import io.synapse.gateway.media.TranscriptionRequest;
import io.synapse.gateway.provider.SpeechProvider;
import io.synapse.gateway.provider.TranscriptionProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.Endpoint;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.providers.http.UpstreamSettings;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Deepgram: speech and transcripts. Safe for use by many threads; owns nothing: the HTTP client is shared and closed by
 * who made it.
 */
public final class DeepgramProvider implements SpeechProvider, TranscriptionProvider {
    static final String ID = "deepgram";

    private final DeepgramSpeech speech;
    private final DeepgramTranscription transcription;

    private DeepgramProvider(Endpoint endpoint) {
        this.speech = new DeepgramSpeech(endpoint);
        this.transcription = new DeepgramTranscription(endpoint);
    }

    /**
     * The provider, if {@code DEEPGRAM_API_KEY} is set; {@code DEEPGRAM_BASE_URL} says where it is, if not in its usual
     * place.
     *
     * @param http the shared client
     * @param settings the value of a setting by its name, or null
     * @throws IllegalArgumentException naming the setting, if one is ill-formed
     */
    public static Optional<DeepgramProvider> of(UpstreamHttp http, Function<String, @Nullable String> settings) {
        return UpstreamSettings.of("DEEPGRAM", "https://api.deepgram.com", settings)
                .map(own -> new DeepgramProvider(
                        new Endpoint(http, ID, own.base(), Map.of("Authorization", "Token " + own.key()))));
    }

    @Override
    public String id() {
        return ID;
    }

    /** Speaks. What it counts as characters is not told with the sound. */
    @Override
    public @Nullable Usage speak(UpstreamCall call, SpeechRequest request, SpeechSink sink) throws UpstreamException {
        speech.speak(call, request, sink);
        return null;
    }

    @Override
    public Transcript transcribe(UpstreamCall call, TranscriptionRequest request) throws UpstreamException {
        return transcription.transcribe(call, request);
    }

    @Override
    public String toString() {
        return "DeepgramProvider";
    }
}
