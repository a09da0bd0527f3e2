package io.synapse.gateway.providers.elevenlabs;

import io.synapse.gateway.media.SpeechRequest;
import io.synapse.gateway.media.SpeechSink;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.Endpoint;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamResponse;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.media.ProviderOptions;
import io.synapse.gateway.providers.internal.media.Sounds;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Speech by ElevenLabs: its API reference, "Stream speech". The voice stands in the path and the format in the query. Safe
 * for use by many threads.
 */
final class ElevenLabsSpeech {
    private static final Set<String> OWNED = Set.of("text", "model_id", "output_format", "voice_id");

    /** Of each format what every plan may have; higher rates of samples and bits are for some of them only. */
    private static final Map<String, String> FORMATS = Map.of(
            "mp3", "mp3_44100_128",
            "opus", "opus_48000_64",
            "pcm", "pcm_24000",
            "wav", "wav_24000");

    /** George, the voice of its own examples, which every account has. */
    private static final String USUAL_VOICE = "JBFqnCBsd6RMkjVDRZzb";

    private static final Pattern VOICE = Pattern.compile("[A-Za-z0-9]{1,64}");
    private static final double SLOWEST = 0.7;
    private static final double FASTEST = 1.2;

    private final Endpoint endpoint;

    ElevenLabsSpeech(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    void speak(UpstreamCall call, SpeechRequest request, SpeechSink sink) throws UpstreamException {
        String format = request.format() == null ? "mp3" : request.format();
        String path = "/v1/text-to-speech/" + voice(request) + "/stream?output_format=" + outputFormat(format);
        byte[] body = write(call, request);
        try (UpstreamResponse response = post(call, path, body)) {
            Sounds.pass(response, format, sink);
        }
    }

    private UpstreamResponse post(UpstreamCall call, String path, byte[] body) throws UpstreamException {
        try {
            return endpoint.route(path, "*/*").post(call, body);
        } catch (UpstreamException e) {
            throw ElevenLabsProvider.inOurWords(e);
        }
    }

    private static String voice(SpeechRequest request) throws UpstreamException {
        String voice = request.voice() == null ? USUAL_VOICE : request.voice();
        if (!VOICE.matcher(voice).matches()) {
            throw UpstreamErrors.unsupported("voice", "ElevenLabs takes the id of a voice: letters and digits.");
        }
        return voice;
    }

    private static String outputFormat(String format) throws UpstreamException {
        String name = FORMATS.get(format);
        if (name == null) {
            throw UpstreamErrors.unsupported(
                    "response_format", "ElevenLabs does not write " + format + ". Ask for mp3, opus, wav or pcm.");
        }
        return name;
    }

    private static byte[] write(UpstreamCall call, SpeechRequest request) throws UpstreamException {
        if (request.instructions() != null) {
            throw UpstreamErrors.unsupported(
                    "instructions", "ElevenLabs takes no instructions. Leave them out, or choose another model.");
        }
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("text", request.input());
        body.put("model_id", call.model());
        ProviderOptions.merge(body, request.body(), ElevenLabsProvider.ID, OWNED);
        Double speed = request.speed();
        if (speed != null) {
            if (speed < SLOWEST || speed > FASTEST) {
                throw UpstreamErrors.unsupported("speed", "ElevenLabs speaks at a speed of 0.7 to 1.2.");
            }
            Map<String, @Nullable Object> asked = Json.asObject(body.get("voice_settings"));
            Map<String, @Nullable Object> settings = asked == null ? new LinkedHashMap<>() : new LinkedHashMap<>(asked);
            settings.put("speed", speed);
            body.put("voice_settings", settings);
        }
        return Json.write(body);
    }
}
