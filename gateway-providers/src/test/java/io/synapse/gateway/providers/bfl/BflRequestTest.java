package io.synapse.gateway.providers.bfl;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.internal.media.ImageWire;
import io.synapse.gateway.testkit.fake.PlainJson;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each model is told, and what it is never asked for. */
class BflRequestTest {
    private static final String KONTEXT = "flux-kontext-pro";

    private static Map<String, @Nullable Object> drawing(String model, String json) throws UpstreamException {
        return BflRequest.drawing(ImageWire.call(model), ImageWire.image(json));
    }

    private static Map<String, @Nullable Object> edit(String model, ImageRequest request) throws UpstreamException {
        return BflRequest.edit(ImageWire.call(model), request);
    }

    private static void assertUnsupported(UpstreamException failure, String param) {
        assertThat(failure.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(failure.param()).isEqualTo(param);
        assertThat(failure.getMessage()).endsWith(".");
    }

    @ParameterizedTest
    @CsvSource({
        "flux-kontext-pro, 1024x1024, '\"aspect_ratio\":\"1:1\"'",
        "flux-kontext-max, 1536x1024, '\"aspect_ratio\":\"3:2\"'",
        "flux-kontext-pro, 1344x576, '\"aspect_ratio\":\"7:3\"'",
        "flux-pro-1.1-ultra, 1024x1792, '\"aspect_ratio\":\"4:7\"'",
        "flux-pro-1.1, 1440x1440, '\"width\":1440,\"height\":1440'",
        "flux-2-pro, 1920x1088, '\"width\":1920,\"height\":1088'",
        "flux-2-pro, 2048x2048, '\"width\":2048,\"height\":2048'"
    })
    void size_in_the_words_of_the_model(String model, String size, String sent) throws Exception {
        assertThat(drawing(
                        model,
                        "{\"prompt\":\"a fox\",\"size\":\"" + size
                                + "\",\"user\":\"u\",\"providerOptions\":{\"bfl\":{\"output_format\":\"png\","
                                + "\"safety_tolerance\":2},\"fal\":{\"a\":1}}}"))
                .isEqualTo(PlainJson.object(
                        "{\"prompt\":\"a fox\"," + sent + ",\"output_format\":\"png\",\"safety_tolerance\":2}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"flux-kontext-pro", "flux-kontext-max", "flux-2-pro", "flux-2-flex"})
    void edit_is_told_the_picture_in_bare_base64(String model) throws Exception {
        assertThat(edit(model, ImageWire.edit("{\"prompt\":\"snow\"}")))
                .isEqualTo(PlainJson.object("{\"prompt\":\"snow\",\"input_image\":\"" + ImageWire.B64 + "\"}"));
    }

    @Test
    void only_a_seed_makes_variants_of_a_job() {
        Map<String, @Nullable Object> seeded = Map.of("prompt", "a fox", "seed", 41);
        assertThat(BflRequest.variant(seeded, 0)).isSameAs(seeded);
        assertThat(BflRequest.variant(seeded, 2)).isEqualTo(Map.of("prompt", "a fox", "seed", 43L));
        Map<String, @Nullable Object> plain = Map.of("prompt", "a fox");
        assertThat(BflRequest.variant(plain, 2)).isSameAs(plain);
    }

    @ParameterizedTest
    @CsvSource({
        "flux-kontext-pro, 2048x512",
        "flux-kontext-pro, 512x2048",
        "flux-2-pro, 1000x1008",
        "flux-2-pro, 1008x1000",
        "flux-2-pro, 4096x2048",
        "flux-pro-1.1, 1040x1040",
        "flux-pro-1.1, 1472x1024"
    })
    void size_that_cannot_be_drawn_is_refused(String model, String size) {
        assertUnsupported(
                ImageWire.failure(() -> drawing(model, "{\"prompt\":\"a fox\",\"size\":\"" + size + "\"}")), "size");
    }

    @Test
    void what_flux_cannot_do_is_refused() {
        assertUnsupported(
                ImageWire.failure(() -> drawing(KONTEXT, "{\"prompt\":\"a\",\"negative_prompt\":\"b\"}")),
                "negative_prompt");
        ImageRequest masked = ImageRequest.of(Map.of("prompt", "a"), ImageWire.PNG, ImageWire.PNG);
        assertUnsupported(ImageWire.failure(() -> edit(KONTEXT, masked)), "mask");
        ImageRequest edit = ImageRequest.of(Map.of("prompt", "a", "reference_image", "x"), ImageWire.PNG, null);
        assertUnsupported(ImageWire.failure(() -> edit("flux-pro-1.1", edit)), "reference_image");
        Media large = new Media(new byte[20 * 1024 * 1024 + 1], "image/png");
        ImageRequest heavy = ImageRequest.of(Map.of("prompt", "a"), large, null);
        assertUnsupported(ImageWire.failure(() -> edit(KONTEXT, heavy)), "image");
    }
}
