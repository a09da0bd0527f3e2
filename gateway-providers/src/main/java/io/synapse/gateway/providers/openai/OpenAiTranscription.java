package io.synapse.gateway.providers.openai;

import io.synapse.gateway.credit.Unit;
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
import io.synapse.gateway.providers.json.Json;
import java.math.BigDecimal;
import java.math.RoundingMode;
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
    private static final BigDecimal MOST_MILLIS = BigDecimal.valueOf(Usage.MOST);
    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,12}(?:\\.[0-9]{1,20})?");

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
        if (!verbose && (timesWanted || !request.granularities().isEmpty())) {
            throw UpstreamErrors.unsupported(
                    timesWanted ? "response_format" : "timestamp_granularities[]",
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
        if (!"srt".equals(wanted) && !"vtt".equals(wanted)) {
            // Subtitles are made of segments, which come unasked and would not if only words were asked for.
            request.granularities().stream().sorted().forEach(each -> form.text("timestamp_granularities[]", each));
        }
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
            BigDecimal start = entry == null ? null : millis(entry.get("start"));
            BigDecimal end = entry == null ? null : millis(entry.get("end"));
            if (entry == null || start == null || end == null || !(entry.get(textField) instanceof String text)) {
                throw UpstreamErrors.malformed(
                        "answered with a part of a transcript that has no text or no times", null);
            }
            parts.add(new Transcript.Part(rounded(start), rounded(end), text));
        }
        return parts;
    }

    /**
     * How long the recording lasts: exactly, or as it was billed. That is its whole usage; the tokens that some models
     * count instead measure something else, and are left to whoever knows the recording's length.
     */
    private static @Nullable Usage usage(Map<String, @Nullable Object> answer) {
        BigDecimal millis = millis(answer.get("duration"));
        Map<String, @Nullable Object> usage = Json.asObject(answer.get("usage"));
        if (millis == null && usage != null && "duration".equals(usage.get("type"))) {
            millis = millis(usage.get("seconds"));
        }
        // A recording of no length is a length that was not measured.
        return millis == null || millis.signum() == 0
                ? null
                : Usage.of(
                        Unit.MILLISECONDS,
                        millis.setScale(0, RoundingMode.CEILING).longValueExact());
    }

    /** Seconds, as a number or (in older versions of the format) a text, in milliseconds; null if they are none. */
    private static @Nullable BigDecimal millis(@Nullable Object seconds) {
        boolean readable = seconds instanceof Number || (seconds instanceof String text && text.length() <= 40);
        String digits = seconds instanceof BigDecimal decimal ? plain(decimal) : String.valueOf(seconds);
        if (!readable || !DECIMAL.matcher(digits).matches()) {
            return null;
        }
        BigDecimal millis = new BigDecimal(digits).movePointRight(3);
        return millis.compareTo(MOST_MILLIS) > 0 ? null : millis;
    }

    /** Without an exponent, unless it is so large or small that it means no time at all. */
    private static String plain(BigDecimal decimal) {
        return Math.abs((long) decimal.scale()) > 100 ? "" : decimal.toPlainString();
    }

    private static long rounded(BigDecimal millis) {
        return millis.setScale(0, RoundingMode.HALF_UP).longValueExact();
    }
}
