package io.synapse.gateway.providers.elevenlabs;

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
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.providers.http.UpstreamSettings;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * ElevenLabs: speech and transcripts. Safe for use by many threads; owns nothing: the HTTP client is shared and closed by
 * who made it.
 */
public final class ElevenLabsProvider implements SpeechProvider, TranscriptionProvider {
    static final String ID = "elevenlabs";

    /** Its names of fields that callers know by others. */
    private static final Map<String, String> FIELDS = Map.of(
            "text", "input",
            "model_id", "model",
            "voice", "voice",
            "voice_id", "voice",
            "voice_settings.speed", "speed",
            "output_format", "response_format",
            "file", "file",
            "language_code", "language",
            "temperature", "temperature");

    private final ElevenLabsSpeech speech;
    private final ElevenLabsTranscription transcription;

    private ElevenLabsProvider(Endpoint endpoint) {
        this.speech = new ElevenLabsSpeech(endpoint);
        this.transcription = new ElevenLabsTranscription(endpoint);
    }

    /**
     * The provider, if {@code ELEVENLABS_API_KEY} is set; {@code ELEVENLABS_BASE_URL} says where it is, if not in its
     * usual place.
     *
     * @param http the shared client
     * @param settings the value of a setting by its name, or null
     * @throws IllegalArgumentException naming the setting, if one is ill-formed
     */
    public static Optional<ElevenLabsProvider> of(UpstreamHttp http, Function<String, @Nullable String> settings) {
        return UpstreamSettings.of("ELEVENLABS", "https://api.elevenlabs.io", settings)
                .map(own ->
                        new ElevenLabsProvider(new Endpoint(http, ID, own.base(), Map.of("xi-api-key", own.key()))));
    }

    @Override
    public String id() {
        return ID;
    }

    /** Speaks. It bills by a character's share of a credit, which is not told with the sound. */
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
        return "ElevenLabsProvider";
    }

    /** The same failure, with the caller's name of the field at fault. */
    static UpstreamException inOurWords(UpstreamException failure) {
        return UpstreamErrors.about(failure, FIELDS.get(String.valueOf(failure.param())));
    }
}
