package io.synapse.gateway.media;

import io.synapse.gateway.fault.InvalidRequestException;
import io.synapse.gateway.internal.RequestFields;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request to film a scene, checked. Immutable.
 *
 * @param body the caller's whole body, as plain Java values
 * @param model the model asked for, or null for the gateway's default
 * @param prompt the scene
 * @param seconds how long, or null for the model's own length
 * @param size how large, as {@code WIDTHxHEIGHT}, or null for the model's own size
 * @param seed makes the same film again, where the model can; or null
 * @param firstFrame the picture to start from, or null
 */
public record VideoRequest(
        Map<String, @Nullable Object> body,
        @Nullable String model,
        String prompt,
        @Nullable Integer seconds,
        @Nullable String size,
        @Nullable Long seed,
        @Nullable Media firstFrame) {
    /** The longest prompt, in characters. */
    public static final int LONGEST_PROMPT = 2_000;
    /** The longest film, in seconds; a model may allow less. */
    public static final int LONGEST_SECONDS = 60;

    /**
     * Checks a body.
     *
     * @param firstFrame the picture that the body refers to, fetched and checked, or null
     * @throws InvalidRequestException naming the first field that is missing, ill-typed or out of range
     */
    public static VideoRequest of(Map<String, @Nullable Object> body, @Nullable Media firstFrame) {
        RequestFields fields = new RequestFields(body, "");
        String prompt = fields.string("prompt", LONGEST_PROMPT);
        if (prompt == null || prompt.isEmpty()) {
            throw fields.wrong("prompt", "is required: 1 to " + LONGEST_PROMPT + " characters");
        }
        String size = fields.string("size", 16);
        if (size != null && !size.matches("[0-9]{2,4}x[0-9]{2,4}")) {
            throw fields.wrong("size", "must have the form WIDTHxHEIGHT, such as 1280x720");
        }
        fields.oneOf("response_format", Set.of("url", "b64_json"));
        fields.string("user", 256);
        fields.providerOptions();
        Long seconds = fields.integer("seconds", 1, LONGEST_SECONDS);
        return new VideoRequest(
                Collections.unmodifiableMap(new LinkedHashMap<>(body)),
                fields.model(),
                prompt,
                seconds == null ? null : seconds.intValue(),
                size,
                fields.integer("seed", 0, Long.MAX_VALUE),
                firstFrame);
    }

    /** The object {@code providerOptions.<provider>}: fields that the caller wants merged into that upstream's body. */
    public Map<String, @Nullable Object> providerOptions(String provider) {
        return RequestFields.providerOptions(body, provider);
    }
}
