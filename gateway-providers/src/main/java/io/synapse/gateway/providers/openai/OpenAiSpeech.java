package io.synapse.gateway.providers.openai;

import io.synapse.gateway.media.SpeechRequest;
import io.synapse.gateway.media.SpeechSink;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.Endpoint;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamResponse;
import io.synapse.gateway.providers.http.UpstreamRoute;
import io.synapse.gateway.providers.json.Json;
import io.synapse.gateway.providers.media.ProviderOptions;
import io.synapse.gateway.providers.openai.MediaDialect.Voice;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Speech in OpenAI's format: its API reference, "Create speech". The bytes are passed on as they arrive; such an answer
 * tells no usage. Safe for use by many threads.
 */
final class OpenAiSpeech {
    private static final Set<String> OWNED = Set.of("model", "input", "response_format", "stream_format");
    private static final int MOST_AT_ONCE = 16 * 1024;

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
        byte[] body = write(call, request, format);
        try (UpstreamResponse response = route.post(call, body)) {
            String type = type(response, format);
            byte[] buffer = new byte[MOST_AT_ONCE];
            int count = read(response, buffer);
            if (count < 0) {
                throw UpstreamErrors.malformed("answered with no sound", null);
            }
            sink.begins(type);
            while (count >= 0) {
                sink.bytes(buffer, 0, count);
                count = read(response, buffer);
            }
        }
    }

    private byte[] write(UpstreamCall call, SpeechRequest request, @Nullable String format) throws UpstreamException {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("model", call.model());
        body.put("input", request.input());
        put(body, "voice", request.voice() == null ? voice(call.model()) : request.voice());
        put(body, "response_format", format);
        put(body, "speed", request.speed());
        put(body, "instructions", dialect.instructions() ? request.instructions() : null);
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

    /** The next bytes, as many as have come; at least one, or -1 at the end. */
    private static int read(UpstreamResponse response, byte[] buffer) throws UpstreamException {
        try {
            return response.body().read(buffer);
        } catch (IOException e) {
            throw response.failure(e);
        }
    }

    /** The media type of the sound: as the upstream says, where it says more than "bytes". */
    private static String type(UpstreamResponse response, @Nullable String format) throws UpstreamException {
        if (response.isJson()) {
            // An error with a status of success, or something that is no answer to this question.
            Answers.object(response.whole());
            throw UpstreamErrors.malformed("answered with JSON instead of sound", null);
        }
        if (response.mediaType().startsWith("text/")) {
            throw UpstreamErrors.malformed("answered with text instead of sound", null);
        }
        String said = response.header("Content-Type");
        if (said != null
                && said.chars().allMatch(c -> c >= ' ' && c < 0x7F)
                && response.mediaType().startsWith("audio/")) {
            // With its parameters: without them nobody can play bare samples.
            return said.strip();
        }
        return switch (format == null ? "mp3" : format) {
            case "wav" -> "audio/wav";
            case "opus" -> "audio/ogg";
            case "aac" -> "audio/aac";
            case "flac" -> "audio/flac";
            case "pcm" -> "audio/pcm";
            default -> "audio/mpeg";
        };
    }
}
