package io.synapse.gateway.providers.fal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.internal.media.Samples;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.PlainJson;
import io.synapse.gateway.testkit.fake.Request;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FalImagesTest {
    private static final String ONE = "{\"images\":[{\"url\":\"FILES/a\"}]}";
    private static final String FOUR = "{\"images\":[{\"url\":\"FILES/a\"},{\"url\":\"FILES/b\"},{\"url\":\"FILES/c\"},"
            + "{\"url\":\"FILES/d\"}]}";

    private final FalWire wire = new FalWire();

    @AfterEach
    void close() {
        wire.close();
    }

    private Images draw(String model, String request) throws UpstreamException {
        return wire.provider.draw(Samples.call(model), Samples.image(request));
    }

    private Images edit(String model, String request) throws UpstreamException {
        return wire.provider.edit(Samples.call(model), Samples.edit(request));
    }

    private Images answered(String result, int count) throws UpstreamException {
        wire.makes(result, Samples.PNG.bytes());
        return draw("fal-ai/flux/schnell", "{\"prompt\":\"a fox\",\"n\":" + count + "}");
    }

    static Stream<Arguments> drawings() {
        return Stream.of(
                arguments(
                        "fal-ai/flux/schnell",
                        "{\"prompt\":\"a fox\",\"n\":2,\"size\":\"1024x768\",\"seed\":42,\"output_format\":\"png\","
                            + "\"quality\":\"standard\",\"style\":\"vivid\",\"user\":\"u\",\"providerOptions\":"
                            + "{\"fal\":{\"num_inference_steps\":8,\"guidance_scale\":3.5},\"replicate\":{\"go_fast\":true}}}",
                        "/fal-ai/flux/schnell",
                        "{\"prompt\":\"a"
                                + " fox\",\"image_size\":{\"width\":1024,\"height\":768},\"num_images\":2,\"seed\":42,"
                                + "\"output_format\":\"png\",\"num_inference_steps\":8,\"guidance_scale\":3.5}"),
                arguments(
                        "fal-ai/flux/schnell",
                        "{\"prompt\":\"a fox\",\"width\":512,\"height\":512}",
                        "/fal-ai/flux/schnell",
                        "{\"prompt\":\"a fox\",\"image_size\":{\"width\":512,\"height\":512},\"num_images\":1}"),
                arguments(
                        "fal-ai/fast-sdxl",
                        "{\"prompt\":\"a fox\",\"negative_prompt\":\"dogs\",\"output_format\":\"jpeg\"}",
                        "/fal-ai/fast-sdxl",
                        "{\"prompt\":\"a fox\",\"negative_prompt\":\"dogs\",\"format\":\"jpeg\",\"num_images\":1}"),
                arguments(
                        "fal-ai/recraft/v3/text-to-image",
                        "{\"prompt\":\"a fox\",\"size\":\"1820x1024\",\"providerOptions\":{\"fal\":{\"style\":"
                                + "\"digital_illustration/noir\",\"colors\":[{\"r\":1,\"g\":2,\"b\":3}]}}}",
                        "/fal-ai/recraft/v3/text-to-image",
                        "{\"prompt\":\"a fox\",\"image_size\":{\"width\":1820,\"height\":1024},\"style\":"
                                + "\"digital_illustration/noir\",\"colors\":[{\"r\":1,\"g\":2,\"b\":3}]}"),
                arguments(
                        "fal-ai/bytedance/seedream/v4/text-to-image",
                        "{\"prompt\":\"a fox\",\"size\":\"2048x2048\"}",
                        "/fal-ai/bytedance/seedream/v4/text-to-image",
                        "{\"prompt\":\"a fox\",\"image_size\":{\"width\":2048,\"height\":2048},\"num_images\":1}"),
                arguments(
                        "fal-ai/flux-pro/kontext",
                        "{\"prompt\":\"a fox\",\"size\":\"1536x1024\"}",
                        "/fal-ai/flux-pro/kontext/text-to-image",
                        "{\"prompt\":\"a fox\",\"aspect_ratio\":\"3:2\",\"num_images\":1}"),
                arguments(
                        "fal-ai/flux-pro/kontext/max",
                        "{\"prompt\":\"a fox\",\"providerOptions\":{\"fal\":{\"enhance_prompt\":true}}}",
                        "/fal-ai/flux-pro/kontext/max/text-to-image",
                        "{\"prompt\":\"a fox\",\"num_images\":1,\"enhance_prompt\":true}"),
                arguments(
                        "fal-ai/flux-pro/v1.1",
                        "{\"prompt\":\"a fox\",\"size\":\"1440x810\",\"seed\":7,\"output_format\":\"jpeg\"}",
                        "/fal-ai/flux-pro/v1.1",
                        "{\"prompt\":\"a fox\",\"image_size\":{\"width\":1440,\"height\":810},\"num_images\":1,"
                                + "\"seed\":7,\"output_format\":\"jpeg\"}"),
                arguments(
                        "fal-ai/flux-2/edit",
                        "{\"prompt\":\"a fox\",\"size\":\"2048x512\",\"output_format\":\"webp\"}",
                        "/fal-ai/flux-2",
                        "{\"prompt\":\"a fox\",\"image_size\":{\"width\":2048,\"height\":512},\"num_images\":1,"
                                + "\"output_format\":\"webp\"}"),
                arguments(
                        "fal-ai/bytedance/seedream/v4.5/edit",
                        "{\"prompt\":\"a fox\",\"size\":\"2560x1440\"}",
                        "/fal-ai/bytedance/seedream/v4.5/text-to-image",
                        "{\"prompt\":\"a fox\",\"image_size\":{\"width\":2560,\"height\":1440},\"num_images\":1}"),
                arguments(
                        "somebody/else",
                        "{\"prompt\":\"a fox\",\"providerOptions\":{\"fal\":{\"steps\":3}}}",
                        "/somebody/else",
                        "{\"prompt\":\"a fox\",\"steps\":3}"));
    }

    @ParameterizedTest
    @MethodSource("drawings")
    void what_a_model_is_told(String model, String request, String path, String input) throws Exception {
        wire.makes(ONE, Samples.PNG.bytes());
        draw(model, request);
        assertThat(wire.submissions().getFirst().path()).isEqualTo(path);
        assertThat(wire.input()).isEqualTo(PlainJson.object(input));
    }

    static Stream<Arguments> edits() {
        String uri = "\"" + Samples.PNG_URI + "\"";
        return Stream.of(
                arguments(
                        "fal-ai/flux-pro/kontext",
                        "{\"prompt\":\"snow\",\"size\":\"1792x1024\",\"output_format\":\"png\",\"seed\":7}",
                        "/fal-ai/flux-pro/kontext",
                        "{\"prompt\":\"snow\",\"image_url\":" + uri
                                + ",\"aspect_ratio\":\"16:9\",\"num_images\":1,\"output_format\":\"png\",\"seed\":7}"),
                arguments(
                        "fal-ai/flux-pro/kontext/max",
                        "{\"prompt\":\"snow\"}",
                        "/fal-ai/flux-pro/kontext/max",
                        "{\"prompt\":\"snow\",\"image_url\":" + uri + ",\"num_images\":1}"),
                arguments(
                        "fal-ai/fast-sdxl",
                        "{\"prompt\":\"snow\",\"size\":\"512x512\"}",
                        "/fal-ai/fast-sdxl/image-to-image",
                        "{\"prompt\":\"snow\",\"image_url\":" + uri
                                + ",\"image_size\":{\"width\":512,\"height\":512},\"num_images\":1}"),
                arguments(
                        "fal-ai/flux/dev",
                        "{\"prompt\":\"snow\",\"providerOptions\":{\"fal\":{\"strength\":0.9}}}",
                        "/fal-ai/flux/dev/image-to-image",
                        "{\"prompt\":\"snow\",\"image_url\":" + uri + ",\"num_images\":1,\"strength\":0.9}"),
                arguments(
                        "fal-ai/bytedance/seedream/v4/text-to-image",
                        "{\"prompt\":\"snow\"}",
                        "/fal-ai/bytedance/seedream/v4/edit",
                        "{\"prompt\":\"snow\",\"image_urls\":[" + uri + "],\"num_images\":1}"),
                arguments(
                        "fal-ai/bytedance/seedream/v4.5/text-to-image",
                        "{\"prompt\":\"snow\",\"seed\":7}",
                        "/fal-ai/bytedance/seedream/v4.5/edit",
                        "{\"prompt\":\"snow\",\"image_urls\":[" + uri + "],\"num_images\":1,\"seed\":7}"),
                arguments(
                        "fal-ai/flux-2",
                        "{\"prompt\":\"snow\",\"size\":\"1024x1024\"}",
                        "/fal-ai/flux-2/edit",
                        "{\"prompt\":\"snow\",\"image_urls\":[" + uri
                                + "],\"image_size\":{\"width\":1024,\"height\":1024},\"num_images\":1}"),
                arguments(
                        "fal-ai/recraft/v3/image-to-image",
                        "{\"prompt\":\"snow\",\"negative_prompt\":\"rain\"}",
                        "/fal-ai/recraft/v3/image-to-image",
                        "{\"prompt\":\"snow\",\"negative_prompt\":\"rain\",\"image_url\":" + uri + "}"));
    }

    @ParameterizedTest
    @MethodSource("edits")
    void what_an_editor_is_told(String model, String request, String path, String input) throws Exception {
        wire.makes(ONE, Samples.PNG.bytes());
        edit(model, request);
        assertThat(wire.submissions().getFirst().path()).isEqualTo(path);
        assertThat(wire.input()).isEqualTo(PlainJson.object(input));
    }

    @ParameterizedTest
    @CsvSource({
        "1792x768, 21:9",
        "1344x768, 16:9",
        "1152x864, 4:3",
        "1216x832, 3:2",
        "1024x1024, 1:1",
        "1024x1536, 2:3",
        "864x1152, 3:4",
        "768x1344, 9:16",
        "768x1792, 9:21"
    })
    void shape_of_a_size(String size, String shape) throws Exception {
        wire.makes(ONE, Samples.PNG.bytes());
        edit("fal-ai/flux-pro/kontext", "{\"prompt\":\"x\",\"size\":\"" + size + "\"}");
        assertThat(wire.input()).containsEntry("aspect_ratio", shape).doesNotContainKey("image_size");
    }

    @Test
    void model_that_makes_fewer_at_once_is_asked_more_often() throws Exception {
        wire.makes(FOUR, Samples.PNG.bytes());
        assertThat(draw("fal-ai/flux/schnell", "{\"prompt\":\"x\",\"n\":6,\"seed\":5}")
                        .pictures())
                .hasSize(6);
        assertThat(wire.submissions())
                .extracting(request ->
                        request.json().get("num_images") + " " + request.json().get("seed"))
                .containsExactlyInAnyOrder("4 5", "2 6");
        wire.upstream.reset();
        wire.makes(ONE, Samples.PNG.bytes());
        assertThat(draw("fal-ai/recraft/v3/text-to-image", "{\"prompt\":\"x\",\"n\":3}")
                        .pictures())
                .hasSize(3);
        assertThat(wire.submissions())
                .hasSize(3)
                .allSatisfy(request -> assertThat(request.json()).isEqualTo(Map.of("prompt", "x")));
    }

    @Test
    void pictures_beyond_those_asked_for_are_not_even_fetched() throws Exception {
        assertThat(answered(FOUR, 1).pictures()).hasSize(1);
        assertThat(wire.upstream.requests())
                .extracting(Request::path)
                .filteredOn(path -> path.startsWith("/files"))
                .containsExactly("/files/a");
        assertThat(answered(ONE, 3).pictures()).hasSize(1);
    }

    @Test
    void one_picture_may_stand_alone_or_in_its_url() throws Exception {
        assertThat(answered("{\"image\":{\"url\":\"" + Samples.PNG_URI + "\"}}", 1)
                        .pictures())
                .singleElement()
                .satisfies(picture -> assertThat(picture.media().bytes()).isEqualTo(Samples.PNG.bytes()))
                .satisfies(picture -> assertThat(picture.media().type()).isEqualTo("image/png"));
    }

    @Test
    void picture_that_the_filter_blackened_is_none() throws Exception {
        String flagged =
                "{\"images\":[{\"url\":\"FILES/a\"},{\"url\":\"FILES/b\"}],\"has_nsfw_concepts\":[true,false]}";
        assertThat(answered(flagged, 2).pictures()).hasSize(1);
        UpstreamException failure = Samples.failure(() -> answered(flagged.replace("true,false", "true,true"), 2));
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.param()).isEqualTo("prompt");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"images\":[]}",
                "{\"images\":[7]}",
                "{\"images\":[{}]}",
                "{\"images\":[{\"url\":7}]}",
                "{\"images\":[{\"url\":\"http://8.8.8.8/a.png\"}]}",
                "{\"images\":[{\"url\":\"file:///etc/passwd\"}]}",
                "{\"images\":[{\"url\":\"data:image/png;base64,?\"}]}",
                "{\"images\":[{\"url\":\"data:image/png,abc\"}]}",
                "{\"images\":[{\"url\":\"data:\"}]}",
                "[]",
                "<html>x</html>"
            })
    void what_is_no_picture_is_malformed(String result) {
        assertThat(Samples.failure(() -> answered(result, 1)).kind()).isEqualTo(Kind.MALFORMED);
    }

    @Test
    void file_that_is_no_picture_is_malformed() {
        wire.makes(ONE, "<html>x</html>".getBytes(StandardCharsets.UTF_8));
        UpstreamException failure = Samples.failure(() -> draw("fal-ai/flux/schnell", "{\"prompt\":\"x\"}"));
        assertThat(failure.kind()).isEqualTo(Kind.MALFORMED);
        assertThat(failure.getMessage()).doesNotContain("files", "127.0.0.1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fal-ai/flux/schnell                        | quality         | \"quality\":\"hd\"",
                "fal-ai/flux/schnell                        | negative_prompt | \"negative_prompt\":\"dogs\"",
                "fal-ai/flux/schnell                        | output_format   | \"output_format\":\"webp\"",
                "fal-ai/recraft/v3/text-to-image            | seed            | \"seed\":7",
                "fal-ai/recraft/v3/text-to-image            | output_format   | \"output_format\":\"png\"",
                "fal-ai/bytedance/seedream/v4/text-to-image | size            | \"size\":\"512x512\"",
                "fal-ai/bytedance/seedream/v4/text-to-image | width           | \"width\":512,\"height\":512",
                "fal-ai/flux-2                              | size            | \"size\":\"256x256\"",
                "fal-ai/flux-2                              | size            | \"size\":\"2064x1024\"",
                "fal-ai/bytedance/seedream/v4.5/edit        | size            | \"size\":\"2559x1440\"",
                "fal-ai/flux-pro/kontext                    | size            | \"size\":\"1024x256\"",
                "fal-ai/flux-pro/kontext                    | size            | \"size\":\"512x512\"",
                "fal-ai/flux-pro/kontext                    | size            | \"size\":\"2048x2048\"",
                "somebody/else                              | size            | \"size\":\"1024x1024\"",
                "somebody/else                              | seed            | \"seed\":1"
            })
    void what_a_model_cannot_do_is_told_before_it_is_asked(String model, String param, String field) {
        refused(Kind.UNSUPPORTED, param, () -> draw(model, "{\"prompt\":\"x\"," + field + "}"));
    }

    @Test
    void pictures_and_masks_that_have_no_use_are_refused() {
        refused(Kind.UNSUPPORTED, "image", () -> edit("fal-ai/flux/schnell", "{\"prompt\":\"x\",\"image\":\"…\"}"));
        refused(
                Kind.UNSUPPORTED,
                "reference_image",
                () -> edit("fal-ai/flux/schnell", "{\"prompt\":\"x\",\"reference_image\":\"…\"}"));
        refused(Kind.UNSUPPORTED, "image", () -> edit("somebody/else", "{\"prompt\":\"x\"}"));
        refused(Kind.UNSUPPORTED, "size", () -> edit("fal-ai/flux/dev", "{\"prompt\":\"x\",\"size\":\"512x512\"}"));
        ImageRequest masked =
                ImageRequest.of(Map.of("prompt", "x"), Samples.PNG, new Media(Samples.PNG.bytes(), "image/png"));
        refused(Kind.UNSUPPORTED, "mask", () -> wire.provider.edit(Samples.call("fal-ai/flux-pro/kontext"), masked));
    }

    @ParameterizedTest
    @CsvSource({
        "fal-ai/flux/schnell, num_images, 8",
        "fal-ai/flux/schnell, image_size, 8",
        "fal-ai/flux/schnell, enable_safety_checker, false",
        "fal-ai/flux/schnell, safety_checker_version, 1",
        "fal-ai/flux/schnell, max_images, 9",
        "fal-ai/flux/schnell, mask_url, 1",
        "fal-ai/flux/dev, loras, []",
        "fal-ai/fast-sdxl, embeddings, []",
        "fal-ai/fast-sdxl, expand_prompt, true",
        "fal-ai/flux/schnell, sync_mode, true",
        "fal-ai/flux/schnell, seed, 7",
        "fal-ai/flux-pro/kontext, safety_tolerance, 6",
        "fal-ai/fast-sdxl, num_inference_steps, 50",
        "fal-ai/recraft/v3/text-to-image, style_id, 1",
        "fal-ai/recraft/v3/text-to-image, style, '\"vector_illustration/thin\"'"
    })
    void what_the_gateway_decides_is_no_option(String model, String option, String value) {
        refused(
                Kind.REJECTED,
                "providerOptions.fal." + option,
                () -> draw(
                        model, "{\"prompt\":\"x\",\"providerOptions\":{\"fal\":{\"" + option + "\":" + value + "}}}"));
    }

    @Test
    void objection_to_an_option_names_the_option_and_no_url() {
        wire.upstream.answer(Answer.json(
                422,
                "{\"detail\":[{\"loc\":[\"body\",\"acceleration\"],\"msg\":\"see https://v3.fal.media/files/x\","
                        + "\"type\":\"enum\"}]}"));
        UpstreamException failure = Samples.failure(() -> draw(
                "fal-ai/flux/schnell", "{\"prompt\":\"x\",\"providerOptions\":{\"fal\":{\"acceleration\":\"warp\"}}}"));
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.param()).isEqualTo("providerOptions.fal.acceleration");
        assertThat(failure.getMessage()).isEqualTo("see [a URL]");
    }

    private void refused(Kind kind, String param, ThrowingCallable work) {
        UpstreamException failure = Samples.failure(work);
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.param()).isEqualTo(param);
        assertThat(failure.getMessage()).endsWith(".");
        assertThat(wire.upstream.requests()).isEmpty();
    }
}
