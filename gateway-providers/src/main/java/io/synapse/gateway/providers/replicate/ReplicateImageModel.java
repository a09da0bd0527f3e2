package io.synapse.gateway.providers.replicate;

import io.synapse.gateway.providers.replicate.ReplicateSizing.Custom;
import io.synapse.gateway.providers.replicate.ReplicateSizing.Fixed;
import io.synapse.gateway.providers.replicate.ReplicateSizing.Named;
import io.synapse.gateway.providers.replicate.ReplicateSizing.Shape;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a model that makes pictures takes, by its page. Of a model that is not listed nothing but the prompt is known; what
 * else it takes can be said by {@code providerOptions}.
 *
 * @param sizing how it is told the size
 * @param most how many pictures it makes at once; one that makes one has no field for their number
 * @param formats the file formats that it knows: the caller's name of each to its own
 * @param seed whether it takes a seed
 * @param source its field for a picture to start from, or null if it has none
 */
record ReplicateImageModel(
        ReplicateSizing sizing,
        int most,
        Map<String, String> formats,
        boolean seed,
        @Nullable String source) {
    private static final Map<String, String> ALL_FORMATS = Map.of("webp", "webp", "jpeg", "jpg", "png", "png");
    private static final Map<String, String> OLD_FORMATS = Map.of("jpeg", "jpg", "png", "png");
    private static final List<String> SHAPES =
            List.of("1:1", "16:9", "21:9", "3:2", "2:3", "4:5", "5:4", "3:4", "4:3", "9:16", "9:21");
    private static final List<String> KONTEXT_SHAPES =
            List.of("1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3", "4:5", "5:4", "21:9", "9:21", "2:1", "1:2");
    private static final ReplicateImageModel UNKNOWN = new ReplicateImageModel(new Fixed(), 1, Map.of(), false, null);
    private static final ReplicateImageModel KONTEXT =
            new ReplicateImageModel(new Shape(KONTEXT_SHAPES, false), 1, OLD_FORMATS, true, "input_image");

    private static final Map<String, ReplicateImageModel> MODELS = Map.of(
            "black-forest-labs/flux-schnell",
            new ReplicateImageModel(new Shape(SHAPES, true), 4, ALL_FORMATS, true, null),
            "black-forest-labs/flux-dev",
            new ReplicateImageModel(new Shape(SHAPES, true), 4, ALL_FORMATS, true, "image"),
            "black-forest-labs/flux-kontext-pro",
            KONTEXT,
            "black-forest-labs/flux-kontext-max",
            KONTEXT,
            "recraft-ai/recraft-v3",
            new ReplicateImageModel(
                    new Named(List.of(
                            "1024x1024",
                            "1365x1024",
                            "1024x1365",
                            "1536x1024",
                            "1024x1536",
                            "1820x1024",
                            "1024x1820",
                            "1024x2048",
                            "2048x1024",
                            "1434x1024",
                            "1024x1434",
                            "1024x1280",
                            "1280x1024",
                            "1024x1707",
                            "1707x1024")),
                    1,
                    Map.of(),
                    false,
                    null),
            "bytedance/seedream-4",
            new ReplicateImageModel(new Custom(1024, 4096), 1, Map.of(), false, "image_input"));

    /** What the model of that name takes. */
    static ReplicateImageModel of(String name) {
        return MODELS.getOrDefault(name, UNKNOWN);
    }

    /** Whether the field for a picture wants a list of them. */
    boolean sources() {
        return "image_input".equals(source);
    }
}
