package io.synapse.gateway.providers.fal;

import io.synapse.gateway.providers.fal.FalSizing.Fixed;
import io.synapse.gateway.providers.fal.FalSizing.Shape;
import io.synapse.gateway.providers.fal.FalSizing.Sides;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a model that makes pictures takes, by its page. Of a model that is not listed nothing but the prompt is known; what
 * else it takes can be said by {@code providerOptions}.
 *
 * @param sizing how it is told the size
 * @param most how many pictures it makes at once; one that makes one has no field for their number
 * @param format its field for the file format, or null
 * @param formats the formats that it knows
 * @param seed whether it takes a seed
 * @param negative whether it takes a negative prompt
 * @param source its field for the picture to start from, or null if it starts from words alone
 * @param sibling the model that starts from what this one does not, or null
 * @param owned options of its own that change what a picture costs
 */
record FalImageModel(
        FalSizing sizing,
        int most,
        @Nullable String format,
        Set<String> formats,
        boolean seed,
        boolean negative,
        @Nullable String source,
        @Nullable String sibling,
        Set<String> owned) {
    private static final long MEGAPIXEL = 1_048_576;
    private static final FalImageModel UNKNOWN =
            new FalImageModel(new Fixed(), 1, null, Set.of(), false, false, null, null, Set.of());
    private static final FalImageModel FLUX =
            UNKNOWN.upTo(4).sized(Sides.ANY).seeded().formatted("output_format", "jpeg", "png");
    private static final FalImageModel KONTEXT = FLUX.sized(
            new Shape(List.of("21:9", "16:9", "4:3", "3:2", "1:1", "2:3", "3:4", "9:16", "9:21"), MEGAPIXEL));
    /** Paid by the second of computing. */
    private static final FalImageModel SDXL = FLUX.formatted("format", "jpeg", "png")
            .negative(true)
            .owning("num_inference_steps", "embeddings", "expand_prompt");

    private static final FalImageModel FLUX_2 =
            FLUX.sized(new Sides(512, 2048, 1, Long.MAX_VALUE)).formatted("output_format", "jpeg", "png", "webp");
    private static final FalImageModel RECRAFT = UNKNOWN.owning("style_id");
    private static final FalImageModel SEEDREAM_4 =
            UNKNOWN.upTo(4).seeded().sized(new Sides(1, 4096, 960 * 960, 4096 * 4096));
    private static final FalImageModel SEEDREAM_45 =
            UNKNOWN.upTo(4).seeded().sized(new Sides(1, 4096, 2560 * 1440, 4096 * 4096));

    private static final Map<String, FalImageModel> MODELS = Map.ofEntries(
            Map.entry("fal-ai/flux/schnell", FLUX),
            Map.entry("fal-ai/flux/dev", FLUX.beside("fal-ai/flux/dev/image-to-image")),
            Map.entry(
                    "fal-ai/flux/dev/image-to-image",
                    FLUX.sized(new Fixed()).from("image_url").beside("fal-ai/flux/dev")),
            Map.entry("fal-ai/flux-pro/v1.1", FLUX),
            Map.entry("fal-ai/flux-2", FLUX_2.beside("fal-ai/flux-2/edit")),
            Map.entry("fal-ai/flux-2/edit", FLUX_2.from("image_urls").beside("fal-ai/flux-2")),
            Map.entry(
                    "fal-ai/flux-pro/kontext",
                    KONTEXT.from("image_url").beside("fal-ai/flux-pro/kontext/text-to-image")),
            Map.entry("fal-ai/flux-pro/kontext/text-to-image", KONTEXT.beside("fal-ai/flux-pro/kontext")),
            Map.entry(
                    "fal-ai/flux-pro/kontext/max",
                    KONTEXT.from("image_url").beside("fal-ai/flux-pro/kontext/max/text-to-image")),
            Map.entry("fal-ai/flux-pro/kontext/max/text-to-image", KONTEXT.beside("fal-ai/flux-pro/kontext/max")),
            Map.entry("fal-ai/fast-sdxl", SDXL.beside("fal-ai/fast-sdxl/image-to-image")),
            Map.entry("fal-ai/fast-sdxl/image-to-image", SDXL.from("image_url").beside("fal-ai/fast-sdxl")),
            Map.entry(
                    "fal-ai/recraft/v3/text-to-image",
                    RECRAFT.sized(Sides.ANY).beside("fal-ai/recraft/v3/image-to-image")),
            Map.entry(
                    "fal-ai/recraft/v3/image-to-image",
                    RECRAFT.negative(true).from("image_url").beside("fal-ai/recraft/v3/text-to-image")),
            Map.entry(
                    "fal-ai/bytedance/seedream/v4/text-to-image",
                    SEEDREAM_4.beside("fal-ai/bytedance/seedream/v4/edit")),
            Map.entry(
                    "fal-ai/bytedance/seedream/v4/edit",
                    SEEDREAM_4.from("image_urls").beside("fal-ai/bytedance/seedream/v4/text-to-image")),
            Map.entry(
                    "fal-ai/bytedance/seedream/v4.5/text-to-image",
                    SEEDREAM_45.beside("fal-ai/bytedance/seedream/v4.5/edit")),
            Map.entry(
                    "fal-ai/bytedance/seedream/v4.5/edit",
                    SEEDREAM_45.from("image_urls").beside("fal-ai/bytedance/seedream/v4.5/text-to-image")));

    /** What the model of that name takes. */
    static FalImageModel of(String name) {
        return MODELS.getOrDefault(name, UNKNOWN);
    }

    private FalImageModel sized(FalSizing by) {
        return new FalImageModel(by, most, format, formats, seed, negative, source, sibling, owned);
    }

    private FalImageModel upTo(int pictures) {
        return new FalImageModel(sizing, pictures, format, formats, seed, negative, source, sibling, owned);
    }

    private FalImageModel formatted(String field, String... known) {
        return new FalImageModel(sizing, most, field, Set.of(known), seed, negative, source, sibling, owned);
    }

    private FalImageModel seeded() {
        return new FalImageModel(sizing, most, format, formats, true, negative, source, sibling, owned);
    }

    private FalImageModel negative(boolean takes) {
        return new FalImageModel(sizing, most, format, formats, seed, takes, source, sibling, owned);
    }

    private FalImageModel from(String field) {
        return new FalImageModel(sizing, most, format, formats, seed, negative, field, sibling, owned);
    }

    private FalImageModel beside(String other) {
        return new FalImageModel(sizing, most, format, formats, seed, negative, source, other, owned);
    }

    private FalImageModel owning(String... options) {
        return new FalImageModel(sizing, most, format, formats, seed, negative, source, sibling, Set.of(options));
    }
}
