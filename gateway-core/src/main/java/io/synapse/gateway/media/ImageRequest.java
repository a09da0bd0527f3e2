package io.synapse.gateway.media;

import io.synapse.gateway.fault.InvalidRequestException;
import io.synapse.gateway.internal.RequestFields;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request to draw pictures, or to draw a picture anew, checked. Immutable.
 *
 * @param body the caller's whole body, as plain Java values; empty where the request was written in Java
 * @param model the model asked for, or null for the gateway's default
 * @param prompt what to draw
 * @param count how many pictures
 * @param size how large, or null for the model's own size
 * @param quality how well, in the provider's words, or null
 * @param style how, in the provider's words, or null
 * @param negativePrompt what to leave out, or null
 * @param seed makes the same pictures again, where the model can; or null
 * @param outputFormat the format of the picture files: {@code png}, {@code jpeg} or {@code webp}; null for the model's own
 * @param source the picture to start from, or null to start from nothing
 * @param mask where to change it, or null
 */
public record ImageRequest(
        Map<String, @Nullable Object> body,
        @Nullable String model,
        String prompt,
        int count,
        @Nullable Size size,
        @Nullable String quality,
        @Nullable String style,
        @Nullable String negativePrompt,
        @Nullable Long seed,
        @Nullable String outputFormat,
        @Nullable Media source,
        @Nullable Media mask) {
    /** The longest prompt, in characters. */
    public static final int LONGEST_PROMPT = 8_000;
    /** The most pictures of one request; a model may allow fewer. */
    public static final int MOST_IMAGES = 8;
    /** The least length of a side, in pixels. */
    public static final int SHORTEST_SIDE = 256;
    /** The greatest length of a side, in pixels; a model's own sizes may go beyond what it can do otherwise. */
    public static final int LONGEST_SIDE = 4_096;

    /** The greatest number that every JSON reader has exactly, and room for a seed for each picture. */
    private static final long MOST_SEED = (1L << 53) - 1 - MOST_IMAGES;

    /**
     * The size of a picture.
     *
     * @param width in pixels
     * @param height in pixels
     */
    public record Size(int width, int height) {
        /** As requests write it: {@code 1024x1024}. */
        @Override
        public String toString() {
            return width + "x" + height;
        }
    }

    /** A request for one picture. */
    public static ImageRequest of(String model, String prompt) {
        return new ImageRequest(Map.of(), model, prompt, 1, null, null, null, null, null, null, null, null);
    }

    /**
     * Checks a body of either dialect: {@code size}, or {@code width} and {@code height}.
     *
     * @param source the picture that the body refers to, fetched and checked, or null
     * @param mask the mask that it refers to, likewise
     * @throws InvalidRequestException naming the first field that is missing, ill-typed or out of range
     */
    public static ImageRequest of(Map<String, @Nullable Object> body, @Nullable Media source, @Nullable Media mask) {
        RequestFields fields = new RequestFields(body, "");
        String prompt = fields.string("prompt", LONGEST_PROMPT);
        if (prompt == null || prompt.isEmpty()) {
            throw fields.wrong("prompt", "is required: 1 to " + LONGEST_PROMPT + " characters");
        }
        Long count = fields.integer("n", 1, MOST_IMAGES);
        fields.oneOf("response_format", Set.of("b64_json", "url"));
        fields.string("user", 256);
        fields.providerOptions();
        return new ImageRequest(
                Collections.unmodifiableMap(new LinkedHashMap<>(body)),
                fields.model(),
                prompt,
                count == null ? 1 : count.intValue(),
                size(fields),
                fields.string("quality", 64),
                fields.oneOf("style", Set.of("vivid", "natural")),
                fields.string("negative_prompt", LONGEST_PROMPT),
                fields.integer("seed", 0, MOST_SEED),
                fields.oneOf("output_format", Set.of("png", "jpeg", "webp")),
                source,
                mask);
    }

    private static @Nullable Size size(RequestFields fields) {
        Long width = fields.integer("width", SHORTEST_SIDE, LONGEST_SIDE);
        Long height = fields.integer("height", SHORTEST_SIDE, LONGEST_SIDE);
        String text = fields.string("size", 16);
        if (text != null && (width != null || height != null)) {
            throw fields.wrong("size", "and 'width', 'height' say the same; send one of the two forms");
        }
        if (text == null || text.equals("auto")) {
            if ((width == null) != (height == null)) {
                throw fields.wrong(width == null ? "width" : "height", "is required beside the other side");
            }
            return width == null || height == null ? null : new Size(width.intValue(), height.intValue());
        }
        if (!text.matches("[0-9]{1,5}x[0-9]{1,5}")) {
            throw fields.wrong("size", "must have the form WIDTHxHEIGHT, such as 1024x1024");
        }
        int cross = text.indexOf('x');
        Size size = new Size(Integer.parseInt(text.substring(0, cross)), Integer.parseInt(text.substring(cross + 1)));
        if (Math.min(size.width(), size.height()) < SHORTEST_SIDE
                || Math.max(size.width(), size.height()) > LONGEST_SIDE) {
            throw fields.wrong("size", "must have sides from " + SHORTEST_SIDE + " to " + LONGEST_SIDE + " pixels");
        }
        return size;
    }

    /**
     * The seed of one of several pictures that are drawn by calls of their own, or null: with the very same they would be the
     * very same picture.
     *
     * @param index which call, from 0
     */
    public @Nullable Long seed(int index) {
        return seed == null ? null : Long.valueOf(seed + index);
    }

    /** The object {@code providerOptions.<provider>}: fields that the caller wants merged into that upstream's body. */
    public Map<String, @Nullable Object> providerOptions(String provider) {
        return RequestFields.providerOptions(body, provider);
    }
}
