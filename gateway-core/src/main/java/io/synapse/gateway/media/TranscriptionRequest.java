package io.synapse.gateway.media;

import io.synapse.gateway.fault.InvalidRequestException;
import io.synapse.gateway.internal.RequestFields;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request to write down what is said, checked. Immutable.
 *
 * @param model the model asked for
 * @param audio the recording
 * @param filename its name, with an ending that tells its format
 * @param durationMillis how long it lasts, as its header says, in milliseconds
 * @param language the language spoken, as ISO 639-1, or null to have it found out
 * @param prompt words that are likely to occur, or null
 * @param temperature how random, or null
 * @param granularities what times are wanted: {@code segment}, {@code word}; empty for the format's own
 * @param form the caller's form fields
 */
public record TranscriptionRequest(
        String model,
        Media audio,
        String filename,
        long durationMillis,
        @Nullable String language,
        @Nullable String prompt,
        @Nullable Double temperature,
        Set<String> granularities,
        Map<String, @Nullable Object> form) {
    /** The formats of an answer. */
    public static final Set<String> FORMATS = Set.of("json", "text", "verbose_json", "srt", "vtt");

    private static final int LONGEST_PROMPT = 8_000;
    private static final int LONGEST_NUMBER = 32;
    private static final Pattern NUMBER = Pattern.compile("-?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");

    /**
     * Checks a form.
     *
     * @param form the form's text fields; numbers are texts there
     * @param granularities the values of {@code timestamp_granularities[]}
     * @throws InvalidRequestException naming the first field that is missing, ill-typed or out of range
     */
    public static TranscriptionRequest of(
            Map<String, @Nullable Object> form,
            List<String> granularities,
            Media audio,
            String filename,
            long durationMillis) {
        RequestFields fields = new RequestFields(form, "");
        fields.requiredString("model");
        String model = Objects.requireNonNull(fields.model());
        fields.oneOf("response_format", FORMATS);
        fields.string("user", 256);
        for (String granularity : granularities) {
            if (!granularity.equals("segment") && !granularity.equals("word")) {
                throw fields.wrong("timestamp_granularities[]", "must be segment or word");
            }
        }
        if (!granularities.isEmpty() && !"verbose_json".equals(form.get("response_format"))) {
            throw fields.wrong("timestamp_granularities[]", "needs 'response_format' to be verbose_json");
        }
        return new TranscriptionRequest(
                model,
                audio,
                filename,
                durationMillis,
                fields.string("language", 16),
                fields.string("prompt", LONGEST_PROMPT),
                temperature(fields),
                Set.copyOf(granularities),
                Collections.unmodifiableMap(new LinkedHashMap<>(form)));
    }

    private static @Nullable Double temperature(RequestFields fields) {
        String text = fields.string("temperature", LONGEST_NUMBER);
        if (text == null) {
            return null;
        }
        // Java's own notion of a number is wider: hexadecimal ones, a type's letter at the end.
        if (!NUMBER.matcher(text).matches()) {
            throw fields.wrong("temperature", "must be a number between 0 and 1");
        }
        double value = Double.parseDouble(text);
        if (value < 0 || value > 1) {
            throw fields.wrong("temperature", "must be between 0 and 1");
        }
        return value;
    }
}
