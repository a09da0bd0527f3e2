package io.synapse.gateway.providers.openai;

import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.Transcript;
import io.synapse.gateway.media.TranscriptionRequest;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.Endpoint;
import io.synapse.gateway.providers.http.Multipart;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamResponse;
import io.synapse.gateway.providers.http.UpstreamRoute;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.media.Seconds;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Transcripts in OpenAI's format: its API reference, "Create transcription". Asks for {@code verbose_json} wherever a model
 * has it, since only that tells times and the language; what the caller wants it written as is not the upstream's business.
 * Safe for use by many threads.
 */
final class OpenAiTranscription {
    private static final Set<String> FORMATS_WITH_TIMES = Set.of("verbose_json", "srt", "vtt");

    private final UpstreamRoute route;
    private final Pattern toldTimes;

    OpenAiTranscription(Endpoint endpoint, Pattern toldTimes) {
        this.route = endpoint.route("/audio/transcriptions", "application/json");
        this.toldTimes = toldTimes;
    }

    Transcript transcribe(UpstreamCall call, TranscriptionRequest request) throws UpstreamException {
        Multipart form = write(call, request);
        try (UpstreamResponse response = route.post(call, form)) {
            return read(Answers.object(response.whole()));
        }
    }

    private Multipart write(UpstreamCall call, TranscriptionRequest request) throws UpstreamException {
        boolean verbose = toldTimes.matcher(call.model()).matches();
        Object wanted = request.form().get("response_format");
        boolean timesWanted = wanted instanceof String format && FORMATS_WITH_TIMES.contains(format);
        if (!verbose && timesWanted) {
            throw UpstreamErrors.unsupported(
                    "response_format",
                    "This model does not tell times. Ask for json or text, or choose another model.");
        }
        Multipart form = new Multipart().text("model", call.model());
        text(form, "language", request.language());
        text(form, "prompt", request.prompt());
        Double temperature = request.temperature();
        if (temperature != null) {
            form.text(
                    "temperature",
                    BigDecimal.valueOf(temperature).stripTrailingZeros().toPlainString());
        }
        form.text("response_format", verbose ? "verbose_json" : "json");
        request.granularities().stream().sorted().forEach(each -> form.text("timestamp_granularities[]", each));
        return form.file("file", request.filename(), request.audio());
    }

    private static void text(Multipart form, String name, @Nullable String value) {
        if (value != null) {
            form.text(name, value);
        }
    }

    private static Transcript read(Map<String, @Nullable Object> answer) throws UpstreamException {
        if (!(answer.get("text") instanceof String text)) {
            throw UpstreamErrors.malformed("answered with no transcript", null);
        }
        return new Transcript(
                text,
                answer.get("language") instanceof String language && !language.isEmpty() ? language : null,
                parts(answer.get("segments"), "text"),
                parts(answer.get("words"), "word"),
                usage(answer));
    }

    private static List<Transcript.Part> parts(@Nullable Object value, String textField) throws UpstreamException {
        List<@Nullable Object> entries = Json.asList(value);
        if (entries == null) {
            return List.of();
        }
        List<Transcript.Part> parts = new ArrayList<>(entries.size());
        for (Object each : entries) {
            Map<String, @Nullable Object> entry = Json.asObject(each);
            Long start = entry == null ? null : Seconds.millis(entry.get("start"));
            Long end = entry == null ? null : Seconds.millis(entry.get("end"));
            if (entry == null || start == null || end == null || !(entry.get(textField) instanceof String text)) {
                throw UpstreamErrors.malformed(
                        "answered with a part of a transcript that has no text or no times", null);
            }
            parts.add(new Transcript.Part(start, end, text));
        }
        return parts;
    }

    /**
     * How long the recording lasts: exactly, or as it was billed. That is its whole usage; the tokens that some models
     * count instead measure something else, and are left to whoever knows the recording's length.
     */
    private static @Nullable Usage usage(Map<String, @Nullable Object> answer) {
        Usage exact = Seconds.usage(answer.get("duration"));
        Map<String, @Nullable Object> usage = Json.asObject(answer.get("usage"));
        return exact == null && usage != null && "duration".equals(usage.get("type"))
                ? Seconds.usage(usage.get("seconds"))
                : exact;
    }
}
