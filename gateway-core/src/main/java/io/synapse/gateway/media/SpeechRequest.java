package io.synapse.gateway.media;

import io.synapse.gateway.fault.InvalidRequestException;
import io.synapse.gateway.internal.RequestFields;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request to speak a text, checked. Immutable.
 *
 * @param body the caller's whole body, as plain Java values
 * @param model the model asked for, or null for the gateway's default
 * @param input the text
 * @param voice whose voice, in the model's words, or null for its own
 * @param format the sound format, or null for the model's own
 * @param speed how fast: 1 is normal; null for the model's own
 * @param instructions how to speak, or null
 */
public record SpeechRequest(
        Map<String, @Nullable Object> body,
        @Nullable String model,
        String input,
        @Nullable String voice,
        @Nullable String format,
        @Nullable Double speed,
        @Nullable String instructions) {
    /** The longest text, in characters. */
    public static final int LONGEST_INPUT = 4_000;
    /** The formats that a request may name; a model may have fewer. */
    public static final Set<String> FORMATS = Set.of("mp3", "wav", "opus", "aac", "flac", "pcm");

    /**
     * Checks a body.
     *
     * @throws InvalidRequestException naming the first field that is missing, ill-typed or out of range
     */
    public static SpeechRequest of(Map<String, @Nullable Object> body) {
        RequestFields fields = new RequestFields(body, "");
        String input = fields.string("input", LONGEST_INPUT);
        if (input == null || input.isEmpty()) {
            throw fields.wrong("input", "is required: 1 to " + LONGEST_INPUT + " characters");
        }
        fields.string("user", 256);
        fields.providerOptions();
        return new SpeechRequest(
                Collections.unmodifiableMap(new LinkedHashMap<>(body)),
                fields.model(),
                input,
                fields.string("voice", 200),
                fields.oneOf("response_format", FORMATS),
                fields.number("speed", 0.25, 4),
                fields.string("instructions", LONGEST_INPUT));
    }

    /** How many characters are spoken, as they are billed: Unicode code points. */
    public long characters() {
        return input.codePointCount(0, input.length());
    }

    /** The object {@code providerOptions.<provider>}: fields that the caller wants merged into that upstream's body. */
    public Map<String, @Nullable Object> providerOptions(String provider) {
        return RequestFields.providerOptions(body, provider);
    }
}
