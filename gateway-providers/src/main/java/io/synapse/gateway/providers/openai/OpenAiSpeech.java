package io.synapse.gateway.providers.openai;

import io.synapse.gateway.media.SpeechRequest;
import io.synapse.gateway.media.SpeechSink;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.Endpoint;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamResponse;
import io.synapse.gateway.providers.http.UpstreamRoute;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.media.JoinedSound;
import io.synapse.gateway.providers.internal.media.ProviderOptions;
import io.synapse.gateway.providers.internal.media.Sentences;
import io.synapse.gateway.providers.internal.media.Sounds;
import io.synapse.gateway.providers.openai.MediaDialect.Cap;
import io.synapse.gateway.providers.openai.MediaDialect.Spoken;
import io.synapse.gateway.providers.openai.MediaDialect.Voice;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Speech in OpenAI's format: its API reference, "Create speech". The bytes are passed on as they arrive; such an answer
 * tells no usage. Safe for use by many threads.
 */
final class OpenAiSpeech {
    private static final Set<String> OWNED = Set.of("model", "input", "response_format", "stream_format");

    private final String provider;
    private final UpstreamRoute route;
    private final MediaDialect.Speech dialect;

    OpenAiSpeech(Endpoint endpoint, MediaDialect.Speech dialect) {
        this.provider = endpoint.id();
        this.route = endpoint.route("/audio/speech", "*/*");
        this.dialect = dialect;
    }

    void speak(UpstreamCall call, SpeechRequest request, SpeechSink sink) throws UpstreamException {
        String format = request.format() == null ? dialect.format() : request.format();
        if (request.instructions() != null
                && !dialect.instructed().matcher(call.model()).matches()) {
            throw UpstreamErrors.unsupported(
                    "instructions", "This model takes no 'instructions'. Leave them out, or choose another model.");
        }
        refuseFormat(call.model(), format);
        List<String> parts = parts(call.model(), request.input());
        if (parts.size() == 1) {
            try (UpstreamResponse response = post(call, request, request.input(), format)) {
                Sounds.pass(response, format, sink);
            }
            return;
        }
        JoinedSound joined = new JoinedSound(sink, format == null ? "mp3" : format);
        for (String part : parts) {
            try (UpstreamResponse response = post(call, request, part, format)) {
                joined.add(response);
            }
        }
    }

    private void refuseFormat(String model, @Nullable String format) throws UpstreamException {
        for (Spoken spoken : dialect.formats()) {
            if (spoken.models().matcher(model).matches()) {
                if (format != null && !spoken.formats().contains(format)) {
                    throw UpstreamErrors.unsupported(
                            "response_format",
                            "This model does not speak " + format + ". Ask for "
                                    + String.join(
                                            " or ",
                                            spoken.formats().stream().sorted().toList())
                                    + ", or choose another model.");
                }
                return;
            }
        }
    }

    /** The parts that a text has to be spoken in: one, unless the model takes less at a time. */
    private List<String> parts(String model, String input) {
        for (Cap cap : dialect.caps()) {
            if (input.length() > cap.characters() && cap.models().matcher(model).matches()) {
                return Sentences.parts(input, cap.characters());
            }
        }
        return List.of(input);
    }

    private UpstreamResponse post(UpstreamCall call, SpeechRequest request, String input, @Nullable String format)
            throws UpstreamException {
        UpstreamResponse response = route.post(call, write(call, request, input, format));
        if (!response.isJson()) {
            return response;
        }
        try (response) {
            // An error with a status of success, or something that is no answer to this question.
            Answers.object(response.whole());
            throw UpstreamErrors.malformed("answered with JSON instead of sound", null);
        }
    }

    private byte[] write(UpstreamCall call, SpeechRequest request, String input, @Nullable String format)
            throws UpstreamException {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("model", call.model());
        body.put("input", input);
        put(body, "voice", request.voice() == null ? voice(call.model()) : request.voice());
        put(body, "response_format", format);
        put(body, "speed", request.speed());
        put(body, "instructions", request.instructions());
        ProviderOptions.merge(body, request.body(), provider, OWNED);
        return Json.write(body);
    }

    private @Nullable String voice(String model) {
        for (Voice voice : dialect.voices()) {
            if (voice.models().matcher(model).matches()) {
                return voice.name();
            }
        }
        return null;
    }

    private static void put(Map<String, @Nullable Object> body, String name, @Nullable Object value) {
        if (value != null) {
            body.put(name, value);
        }
    }
}
