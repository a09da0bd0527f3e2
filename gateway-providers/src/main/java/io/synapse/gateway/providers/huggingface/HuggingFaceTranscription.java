package io.synapse.gateway.providers.huggingface;

import io.synapse.gateway.media.Transcript;
import io.synapse.gateway.media.Transcript.Part;
import io.synapse.gateway.media.TranscriptionRequest;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.Endpoint;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamResponse;
import io.synapse.gateway.providers.http.UpstreamRoute;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.media.Seconds;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Transcripts by the task "Automatic Speech Recognition". A recording is sent as it is; where times are wanted it is sent
 * within JSON, since there is no other way to ask for them. Safe for use by many threads.
 */
final class HuggingFaceTranscription {
    private static final Set<String> FORMATS_WITH_TIMES = Set.of("verbose_json", "srt", "vtt");

    private final Endpoint endpoint;

    HuggingFaceTranscription(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    Transcript transcribe(UpstreamCall call, TranscriptionRequest request) throws UpstreamException {
        Double temperature = request.temperature();
        refuse("language", request.language() != null);
        refuse("prompt", request.prompt() != null);
        refuse("temperature", temperature != null && temperature > 0);
        if (request.granularities().contains("word")) {
            throw UpstreamErrors.unsupported(
                    "timestamp_granularities[]",
                    "This model does not tell the times of words. Ask for segments, or choose another model.");
        }
        boolean times = !request.granularities().isEmpty()
                || (request.form().get("response_format") instanceof String format
                        && FORMATS_WITH_TIMES.contains(format));
        UpstreamRoute route = endpoint.route("/" + call.model(), "application/json");
        try (UpstreamResponse response =
                times ? route.post(call, Json.write(timed(request))) : route.post(call, request.audio())) {
            return read(Results.object(response.whole()), request.durationMillis(), times);
        }
    }

    private static void refuse(String field, boolean asked) throws UpstreamException {
        if (asked) {
            throw UpstreamErrors.unsupported(
                    field, "This model takes no '" + field + "'. Leave it out, or choose another model.");
        }
    }

    private static Map<String, @Nullable Object> timed(TranscriptionRequest request) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("inputs", Base64.getEncoder().encodeToString(request.audio().bytes()));
        body.put("parameters", Map.of("return_timestamps", true));
        return body;
    }

    private static Transcript read(Map<String, @Nullable Object> answer, long durationMillis, boolean times)
            throws UpstreamException {
        if (!(answer.get("text") instanceof String text)) {
            throw UpstreamErrors.malformed("answered with no transcript", null);
        }
        List<@Nullable Object> chunks = times ? Json.asList(answer.get("chunks")) : List.of();
        if (chunks == null) {
            throw UpstreamErrors.malformed("answered with no times, which were asked for", null);
        }
        List<Part> segments = new ArrayList<>(chunks.size());
        for (Object each : chunks) {
            segments.add(part(Json.asObject(each), durationMillis));
        }
        return new Transcript(text, null, segments, List.of(), null);
    }

    private static Part part(@Nullable Map<String, @Nullable Object> chunk, long durationMillis)
            throws UpstreamException {
        Object timestamp = chunk == null ? null : chunk.get("timestamp");
        Long start = null;
        Long end = null;
        if (timestamp instanceof List<?> pair && pair.size() == 2) {
            start = Seconds.millis(pair.get(0));
            // A recording that breaks off within a sentence: the model saw no end.
            end = pair.get(1) == null ? Long.valueOf(durationMillis) : Seconds.millis(pair.get(1));
        }
        if (chunk == null || start == null || end == null || !(chunk.get("text") instanceof String text)) {
            throw UpstreamErrors.malformed("answered with a part of a transcript that has no text or no times", null);
        }
        return new Part(start, Math.max(start, end), text);
    }
}
