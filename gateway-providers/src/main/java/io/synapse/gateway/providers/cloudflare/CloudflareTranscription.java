package io.synapse.gateway.providers.cloudflare;

import io.synapse.gateway.media.Transcript;
import io.synapse.gateway.media.Transcript.Part;
import io.synapse.gateway.media.TranscriptionRequest;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamResponse;
import io.synapse.gateway.providers.http.UpstreamRoute;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.media.Languages;
import io.synapse.gateway.providers.internal.media.Seconds;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Transcripts by the Whisper models of Workers AI. The newer one takes JSON with the recording in base64, the others the
 * recording as it is and nothing beside it. Safe for use by many threads.
 */
final class CloudflareTranscription {
    private static final Pattern TAKES_JSON = Pattern.compile(".*/whisper-large-v3.*");

    private final ModelRuns runs;

    CloudflareTranscription(ModelRuns runs) {
        this.runs = runs;
    }

    Transcript transcribe(UpstreamCall call, TranscriptionRequest request) throws UpstreamException {
        Double temperature = request.temperature();
        if (temperature != null && temperature > 0) {
            throw unsupported("temperature");
        }
        boolean json = TAKES_JSON.matcher(call.model()).matches();
        if (!json && request.language() != null) {
            throw unsupported("language");
        }
        if (!json && request.prompt() != null) {
            throw unsupported("prompt");
        }
        UpstreamRoute route = runs.of(call.model(), "application/json");
        try (UpstreamResponse response =
                json ? route.post(call, Json.write(body(request))) : route.post(call, request.audio())) {
            return read(ModelRuns.result(response.whole()));
        }
    }

    private static UpstreamException unsupported(String field) {
        return UpstreamErrors.unsupported(
                field, "This model takes no '" + field + "'. Leave it out, or choose another model.");
    }

    private static Map<String, @Nullable Object> body(TranscriptionRequest request) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("audio", Base64.getEncoder().encodeToString(request.audio().bytes()));
        body.put("task", "transcribe");
        if (request.language() != null) {
            body.put("language", request.language());
        }
        if (request.prompt() != null) {
            body.put("initial_prompt", request.prompt());
        }
        return body;
    }

    private static Transcript read(Map<String, @Nullable Object> result) throws UpstreamException {
        if (!(result.get("text") instanceof String text)) {
            throw UpstreamErrors.malformed("answered with no transcript", null);
        }
        List<Part> segments = new ArrayList<>();
        List<Part> words = new ArrayList<>();
        addParts(words, result.get("words"), "word");
        List<@Nullable Object> told = Json.asList(result.get("segments"));
        if (told != null) {
            addParts(segments, told, "text");
            for (Object each : told) {
                Map<String, @Nullable Object> segment = Json.asObject(each);
                addParts(words, segment == null ? null : segment.get("words"), "word");
            }
        } else if (result.get("vtt") instanceof String subtitles) {
            segments.addAll(WebVtt.parts(subtitles));
        }
        Map<String, @Nullable Object> info = Json.asObject(result.get("transcription_info"));
        Object language = info == null ? null : info.get("language");
        return new Transcript(
                text,
                language instanceof String code && !code.isEmpty() ? Languages.named(code) : null,
                segments,
                words,
                Seconds.usage(info == null ? null : info.get("duration")));
    }

    private static void addParts(List<Part> parts, @Nullable Object value, String textField) throws UpstreamException {
        List<@Nullable Object> entries = Json.asList(value);
        if (entries == null) {
            return;
        }
        for (Object each : entries) {
            Map<String, @Nullable Object> entry = Json.asObject(each);
            Long start = entry == null ? null : Seconds.millis(entry.get("start"));
            Long end = entry == null ? null : Seconds.millis(entry.get("end"));
            if (entry == null || start == null || end == null || !(entry.get(textField) instanceof String text)) {
                throw UpstreamErrors.malformed(
                        "answered with a part of a transcript that has no text or no times", null);
            }
            parts.add(new Part(start, end, text));
        }
    }
}
