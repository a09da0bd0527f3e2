package io.synapse.gateway.providers.elevenlabs;

import io.synapse.gateway.media.Transcript;
import io.synapse.gateway.media.Transcript.Part;
import io.synapse.gateway.media.TranscriptionRequest;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.Endpoint;
import io.synapse.gateway.providers.http.Multipart;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamResponse;
import io.synapse.gateway.providers.http.UpstreamRoute;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.json.MalformedJsonException;
import io.synapse.gateway.providers.internal.media.Languages;
import io.synapse.gateway.providers.internal.media.Seconds;
import io.synapse.gateway.providers.internal.media.Segments;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Transcripts by ElevenLabs: its API reference, "Create transcript". It tells the times of words; segments are made of
 * them. Safe for use by many threads.
 */
final class ElevenLabsTranscription {
    private final UpstreamRoute route;

    ElevenLabsTranscription(Endpoint endpoint) {
        this.route = endpoint.route("/v1/speech-to-text", "application/json");
    }

    Transcript transcribe(UpstreamCall call, TranscriptionRequest request) throws UpstreamException {
        Multipart form = write(call, request);
        try (UpstreamResponse response = post(call, form)) {
            byte[] json = response.whole();
            return read(Json.readObject(json, 0, json.length));
        } catch (MalformedJsonException e) {
            throw UpstreamErrors.malformed("answered with " + e.getMessage(), e);
        }
    }

    private UpstreamResponse post(UpstreamCall call, Multipart form) throws UpstreamException {
        try {
            return route.post(call, form);
        } catch (UpstreamException e) {
            throw ElevenLabsProvider.inOurWords(e);
        }
    }

    private static Multipart write(UpstreamCall call, TranscriptionRequest request) throws UpstreamException {
        if (request.prompt() != null) {
            throw UpstreamErrors.unsupported(
                    "prompt", "ElevenLabs takes no 'prompt'. Leave it out, or choose another model.");
        }
        Multipart form = new Multipart().text("model_id", call.model());
        if (request.language() != null) {
            form.text("language_code", request.language());
        }
        form.text("timestamps_granularity", "word");
        // What is wanted is what was said, without "(laughter)".
        form.text("tag_audio_events", "false");
        Double temperature = request.temperature();
        if (temperature != null) {
            form.text(
                    "temperature",
                    BigDecimal.valueOf(temperature).stripTrailingZeros().toPlainString());
        }
        return form.file("file", request.filename(), request.audio());
    }

    private static Transcript read(Map<String, @Nullable Object> answer) throws UpstreamException {
        if (!(answer.get("text") instanceof String text)) {
            throw UpstreamErrors.malformed("answered with no transcript", null);
        }
        List<Part> words = new ArrayList<>();
        List<Part> spaced = new ArrayList<>();
        List<@Nullable Object> entries = Json.asList(answer.get("words"));
        String blank = "";
        for (Object each : entries == null ? List.of() : entries) {
            Map<String, @Nullable Object> entry = Json.asObject(each);
            if (entry == null || !(entry.get("text") instanceof String said)) {
                throw UpstreamErrors.malformed("answered with a word that has no text", null);
            }
            if ("spacing".equals(entry.get("type"))) {
                blank += said;
                continue;
            }
            Long start = Seconds.millis(entry.get("start"));
            Long end = Seconds.millis(entry.get("end"));
            if (start == null || end == null) {
                throw UpstreamErrors.malformed("answered with a word that has no times", null);
            }
            if (!"audio_event".equals(entry.get("type"))) {
                words.add(new Part(start, end, said));
            }
            spaced.add(new Part(start, end, blank + said));
            blank = "";
        }
        String language =
                answer.get("language_code") instanceof String code && !code.isEmpty() ? Languages.named(code) : null;
        return new Transcript(
                text, language, Segments.of(spaced), words, Seconds.usage(answer.get("audio_duration_secs")));
    }
}
