package io.synapse.gateway.providers.deepgram;

import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.Transcript;
import io.synapse.gateway.media.Transcript.Part;
import io.synapse.gateway.media.TranscriptionRequest;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.http.Endpoint;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamResponse;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.json.MalformedJsonException;
import io.synapse.gateway.providers.internal.media.Languages;
import io.synapse.gateway.providers.internal.media.Seconds;
import io.synapse.gateway.providers.internal.media.Segments;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Transcripts by Deepgram: its API reference, "Pre-recorded audio". The recording is the body and everything else the
 * query. Safe for use by many threads.
 */
final class DeepgramTranscription {
    private final Endpoint endpoint;

    DeepgramTranscription(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    Transcript transcribe(UpstreamCall call, TranscriptionRequest request) throws UpstreamException {
        Double temperature = request.temperature();
        refuse("prompt", request.prompt() != null);
        refuse("temperature", temperature != null && temperature > 0);
        Map<String, @Nullable Object> options = new LinkedHashMap<>();
        options.put("model", call.model());
        options.put("smart_format", true);
        if (request.language() == null) {
            options.put("detect_language", true);
        } else {
            options.put("language", request.language());
        }
        try (UpstreamResponse response = post(call, Query.of("/v1/listen", options), request)) {
            byte[] json = response.whole();
            return read(Json.readObject(json, 0, json.length), request);
        } catch (MalformedJsonException e) {
            throw UpstreamErrors.malformed("answered with " + e.getMessage(), e);
        }
    }

    private static void refuse(String field, boolean asked) throws UpstreamException {
        if (asked) {
            throw UpstreamErrors.unsupported(
                    field, "Deepgram takes no '" + field + "'. Leave it out, or choose another model.");
        }
    }

    private UpstreamResponse post(UpstreamCall call, String path, TranscriptionRequest request)
            throws UpstreamException {
        try {
            return endpoint.route(path, "application/json").post(call, request.audio());
        } catch (UpstreamException e) {
            throw explained(e, request);
        }
    }

    /** A model that it does not have is to it a bad request, as is a language that the model does not know. */
    private static UpstreamException explained(UpstreamException failure, TranscriptionRequest request) {
        if (failure.kind() != Kind.REJECTED) {
            return failure;
        }
        if (!failure.getMessage().contains("No such model")) {
            boolean audio = failure.getMessage().contains("audio");
            return UpstreamErrors.about(failure, audio ? "file" : null);
        }
        if (request.language() == null) {
            return new UpstreamException(Kind.MODEL_GONE, failure.getMessage(), failure);
        }
        return UpstreamErrors.unsupported("language", "This model does not know the language. Choose another model.");
    }

    private static Transcript read(Map<String, @Nullable Object> answer, TranscriptionRequest request)
            throws UpstreamException {
        Map<String, @Nullable Object> channel = first(child(answer, "results"), "channels");
        Map<String, @Nullable Object> best = first(channel, "alternatives");
        if (channel == null || best == null || !(best.get("transcript") instanceof String text)) {
            throw UpstreamErrors.malformed("answered with no transcript", null);
        }
        List<Part> words = new ArrayList<>();
        List<Part> spaced = new ArrayList<>();
        List<@Nullable Object> entries = Json.asList(best.get("words"));
        for (Object each : entries == null ? List.of() : entries) {
            Part word = word(Json.asObject(each));
            words.add(word);
            spaced.add(new Part(word.startMillis(), word.endMillis(), " " + word.text()));
        }
        Object language =
                channel.get("detected_language") == null ? request.language() : channel.get("detected_language");
        Map<String, @Nullable Object> metadata = child(answer, "metadata");
        Usage usage = metadata == null ? null : Seconds.usage(metadata.get("duration"));
        return new Transcript(
                text,
                language instanceof String code ? Languages.named(code) : null,
                Segments.of(spaced),
                words,
                usage);
    }

    private static Part word(@Nullable Map<String, @Nullable Object> entry) throws UpstreamException {
        Long start = entry == null ? null : Seconds.millis(entry.get("start"));
        Long end = entry == null ? null : Seconds.millis(entry.get("end"));
        if (entry == null || start == null || end == null || !(entry.get("word") instanceof String bare)) {
            throw UpstreamErrors.malformed("answered with a word that has no text or no times", null);
        }
        return new Part(start, end, entry.get("punctuated_word") instanceof String written ? written : bare);
    }

    private static @Nullable Map<String, @Nullable Object> child(Map<String, @Nullable Object> object, String field) {
        return Json.asObject(object.get(field));
    }

    /** The first object of a list; null if there is none. */
    private static @Nullable Map<String, @Nullable Object> first(
            @Nullable Map<String, @Nullable Object> object, String field) {
        List<@Nullable Object> list = object == null ? null : Json.asList(object.get(field));
        return list == null || list.isEmpty() ? null : Json.asObject(list.getFirst());
    }
}
