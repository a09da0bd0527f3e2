package io.synapse.gateway.providers.gemini;

import static java.util.Map.entry;

import io.synapse.gateway.media.SpeechRequest;
import io.synapse.gateway.media.SpeechSink;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Speech: the Gemini API reference, {@code models.generateContent} with sound as the response modality. The upstream makes
 * bare samples; they become a WAV file here unless they are asked for as they are. Tells no usage: the upstream counts
 * tokens, and speech is priced by the character. Safe for use by many threads.
 */
final class GeminiSpeech {
    private static final String INPUT = "input";
    private static final String USUAL_VOICE = "Kore";
    private static final Set<String> FORMATS = Set.of("wav", "pcm");
    private static final FieldNames FIELDS = new FieldNames(
            INPUT,
            List.of(entry("speechconfig", "voice"), entry("speechmetadata", "instructions"), entry("contents", INPUT)));

    private final GeminiApi api;

    GeminiSpeech(GeminiApi api) {
        this.api = api;
    }

    void speak(UpstreamCall call, SpeechRequest request, SpeechSink sink) throws UpstreamException {
        String format = request.format() == null ? "wav" : request.format();
        if (!FORMATS.contains(format)) {
            throw UpstreamErrors.unsupported(
                    "response_format",
                    "gemini speaks wav and pcm. Ask for one of them, or leave 'response_format' out.");
        }
        Double speed = request.speed();
        if (speed != null && speed != 1) {
            throw UpstreamErrors.unsupported(
                    "speed",
                    "gemini speaks at its own speed. Leave 'speed' out, and say in 'instructions' how to speak.");
        }
        Map<String, @Nullable Object> body = body(ModelName.of(GeminiApi.model(call)), request);
        Samples samples;
        try {
            samples = samples(api.ask(call, "generateContent", body));
        } catch (UpstreamException e) {
            throw FIELDS.ours(e);
        }
        if (format.equals("wav")) {
            sink.begins("audio/wav");
            byte[] header = samples.wavHeader();
            sink.bytes(header, 0, header.length);
        } else {
            sink.begins("audio/pcm;rate=" + samples.rate() + ";channels=1");
        }
        sink.bytes(samples.bytes(), samples.offset(), samples.length());
    }

    private static Map<String, @Nullable Object> body(ModelName model, SpeechRequest request) throws UpstreamException {
        boolean old = model.known() && !model.since(3, 8);
        String voice = request.voice() == null ? USUAL_VOICE : request.voice();
        Map<String, @Nullable Object> part = new LinkedHashMap<>();
        part.put("text", request.input());
        String instructions = request.instructions();
        if (instructions != null && !instructions.isBlank()) {
            if (old) {
                // These read their instructions out of the text itself.
                part.put("text", instructions.strip() + ":\n" + request.input());
            } else {
                part.put("speechMetadata", Map.of("style", instructions));
            }
        }
        Map<String, @Nullable Object> config = new LinkedHashMap<>();
        config.put("responseModalities", List.of("AUDIO"));
        Map<String, Object> named =
                old ? Map.of("prebuiltVoiceConfig", Map.of("voiceName", voice)) : Map.of("voice", voice);
        config.put("speechConfig", Map.of("voiceConfig", named));
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("contents", List.of(Map.of("role", "user", "parts", List.of(part))));
        body.put("generationConfig", config);
        Options.merge(body, request.body(), "generationConfig");
        return body;
    }

    private static Samples samples(Map<String, @Nullable Object> answer) throws UpstreamException {
        Map<String, @Nullable Object> candidate = MediaAnswers.candidate(answer, INPUT);
        if (!"STOP".equals(candidate.get("finishReason"))) {
            // Whatever there is of it is not all.
            throw MediaAnswers.empty(candidate, INPUT, "sound");
        }
        Samples found = null;
        for (Object each : MediaAnswers.parts(candidate)) {
            Map<String, @Nullable Object> inline = MediaAnswers.inline(each);
            if (inline != null && inline.get("data") instanceof String base64) {
                if (found != null) {
                    throw UpstreamErrors.malformed("answered with several sounds", null);
                }
                String type = inline.get("mimeType") instanceof String said ? said : "";
                found = Samples.of(decoded(base64), type);
            }
        }
        if (found == null) {
            throw MediaAnswers.empty(candidate, INPUT, "sound");
        }
        return found;
    }

    private static byte[] decoded(String base64) throws UpstreamException {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw UpstreamErrors.malformed("answered with sound that is not base64", e);
        }
    }
}
