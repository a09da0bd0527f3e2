package io.synapse.gateway.providers.replicate;

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
import java.util.Arrays;
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
class ReplicateImagesTest {
    private static final String FOUR = "[\"FILES/a\",\"FILES/b\",\"FILES/c\",\"FILES/d\"]";

    private final ReplicateWire wire = new ReplicateWire();

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

    static Stream<Arguments> drawings() {
        return Stream.of(
                arguments(
                        "black-forest-labs/flux-schnell",
                        "{\"prompt\":\"a fox\",\"n\":2,\"size\":\"1024x768\",\"seed\":42,\"output_format\":\"jpeg\","
                                + "\"quality\":\"auto\",\"style\":\"natural\",\"user\":\"u\",\"providerOptions\":"
                                + "{\"replicate\":{\"num_inference_steps\":2,\"go_fast\":false},\"fal\":{\"x\":1}}}",
                        "{\"prompt\":\"a"
                                + " fox\",\"aspect_ratio\":\"4:3\",\"megapixels\":\"1\",\"num_outputs\":2,\"seed\":42,"
                                + "\"output_format\":\"jpg\",\"num_inference_steps\":2,\"go_fast\":false}"),
                arguments(
                        "black-forest-labs/flux-schnell",
                        "{\"prompt\":\"a fox\",\"width\":512,\"height\":512}",
                        "{\"prompt\":\"a fox\",\"aspect_ratio\":\"1:1\",\"megapixels\":\"0.25\",\"num_outputs\":1}"),
                arguments(
                        "black-forest-labs/flux-dev",
                        "{\"prompt\":\"a fox\",\"size\":\"768x512\"}",
                        "{\"prompt\":\"a fox\",\"aspect_ratio\":\"3:2\",\"megapixels\":\"0.25\",\"num_outputs\":1}"),
                arguments(
                        "black-forest-labs/flux-kontext-pro",
                        "{\"prompt\":\"a fox\",\"size\":\"1024x1024\"}",
                        "{\"prompt\":\"a fox\",\"aspect_ratio\":\"1:1\"}"),
                arguments(
                        "recraft-ai/recraft-v3",
                        "{\"prompt\":\"a fox\",\"size\":\"1820x1024\"}",
                        "{\"prompt\":\"a fox\",\"size\":\"1820x1024\"}"),
                arguments(
                        "bytedance/seedream-4",
                        "{\"prompt\":\"a fox\",\"size\":\"2048x1024\"}",
                        "{\"prompt\":\"a fox\",\"size\":\"custom\",\"width\":2048,\"height\":1024}"),
                arguments(
                        "somebody/else",
                        "{\"prompt\":\"a fox\",\"providerOptions\":{\"replicate\":{\"steps\":3}}}",
                        "{\"prompt\":\"a fox\",\"steps\":3}"));
    }

    @ParameterizedTest
    @MethodSource("drawings")
    void what_a_model_is_told(String model, String request, String input) throws Exception {
        wire.makes(FOUR, Samples.PNG.bytes());
        draw(model, request);
        assertThat(wire.body()).isEqualTo(Map.of("input", PlainJson.object(input)));
    }

    @ParameterizedTest
    @CsvSource({
        "flux-schnell, 1344x768, 16:9",
        "flux-schnell, 1536x640, 21:9",
        "flux-schnell, 1216x832, 3:2",
        "flux-schnell, 832x1216, 2:3",
        "flux-schnell, 896x1120, 4:5",
        "flux-schnell, 1120x896, 5:4",
        "flux-schnell, 864x1152, 3:4",
        "flux-schnell, 768x1344, 9:16",
        "flux-dev, 640x1536, 9:21",
        "flux-kontext-pro, 1152x864, 4:3",
        "flux-kontext-pro, 1440x720, 2:1",
        "flux-kontext-max, 720x1440, 1:2"
    })
    void shape_of_a_size(String model, String size, String shape) throws Exception {
        wire.makes(FOUR, Samples.PNG.bytes());
        draw("black-forest-labs/" + model, "{\"prompt\":\"x\",\"size\":\"" + size + "\"}");
        Map<?, ?> input = (Map<?, ?>) wire.body().get("input");
        assertThat(input.get("aspect_ratio")).isEqualTo(shape);
        // The others make pictures of one size.
        assertThat(input.get("megapixels")).isEqualTo(model.contains("kontext") ? null : "1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
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
                "1707x1024"
            })
    void size_by_its_name(String size) throws Exception {
        wire.makes(FOUR, Samples.PNG.bytes());
        draw("recraft-ai/recraft-v3", "{\"prompt\":\"x\",\"size\":\"" + size + "\"}");
        assertThat(wire.body()).isEqualTo(Map.of("input", Map.of("prompt", "x", "size", size)));
    }

    static Stream<Arguments> edits() {
        String uri = "\"" + Samples.PNG_URI + "\"";
        return Stream.of(
                arguments(
                        "black-forest-labs/flux-kontext-pro",
                        "{\"prompt\":\"snow\",\"size\":\"1536x1024\",\"output_format\":\"png\",\"seed\":7}",
                        "{\"prompt\":\"snow\",\"input_image\":" + uri
                                + ",\"aspect_ratio\":\"3:2\",\"output_format\":\"png\",\"seed\":7}"),
                arguments(
                        "black-forest-labs/flux-dev",
                        "{\"prompt\":\"snow\",\"providerOptions\":{\"replicate\":{\"prompt_strength\":0.5}}}",
                        "{\"prompt\":\"snow\",\"image\":" + uri + ",\"num_outputs\":1,\"prompt_strength\":0.5}"),
                arguments(
                        "bytedance/seedream-4",
                        "{\"prompt\":\"snow\"}",
                        "{\"prompt\":\"snow\",\"image_input\":[" + uri + "]}"));
    }

    @ParameterizedTest
    @MethodSource("edits")
    void what_an_editor_is_told(String model, String request, String input) throws Exception {
        wire.makes("\"FILES/a\"", Samples.PNG.bytes());
        edit(model, request);
        assertThat(wire.body()).isEqualTo(Map.of("input", PlainJson.object(input)));
    }

    @Test
    void large_picture_is_sent_ahead() throws Exception {
        wire.makes("\"FILES/a\"", Samples.PNG.bytes());
        Media large = new Media(Arrays.copyOf(Samples.PNG.bytes(), 200 * 1024), "image/png");
        ImageRequest request = ImageRequest.of(Map.of("prompt", "snow", "n", 2), large, null);
        wire.provider.edit(Samples.call("black-forest-labs/flux-kontext-pro"), request);
        Request sent = wire.upstream.requests().getFirst();
        assertThat(sent).hasToString("POST /v1/files");
        assertThat(sent.header("Authorization")).isEqualTo("Bearer " + ReplicateWire.TOKEN);
        assertThat(new String(sent.body(), StandardCharsets.ISO_8859_1))
                .contains("name=\"content\"; filename=\"image.png\"\r\nContent-Type: image/png\r\n");
        assertThat(wire.upstream.requests())
                .filteredOn(each -> each.path().equals("/v1/files"))
                .hasSize(1);
        assertThat(wire.creations())
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.json())
                        .isEqualTo(Map.of(
                                "input",
                                Map.of("prompt", "snow", "input_image", "https://api.replicate.com/v1/files/f"))));
        wire.upstream.reset();
        wire.upstream.answer(Answer.json(201, "{\"id\":\"f\"}"));
        assertThat(Samples.failure(
                                () -> wire.provider.edit(Samples.call("black-forest-labs/flux-kontext-pro"), request))
                        .kind())
                .isEqualTo(Kind.MALFORMED);
    }

    @ParameterizedTest
    @CsvSource({"196590, 0", "196591, 1"})
    void picture_is_written_into_the_input_up_to_256_kilobytes(int bytes, int sentAhead) throws Exception {
        wire.makes("\"FILES/a\"", Samples.PNG.bytes());
        Media picture = new Media(Arrays.copyOf(Samples.PNG.bytes(), bytes), "image/png");
        wire.provider.edit(
                Samples.call("black-forest-labs/flux-kontext-pro"),
                ImageRequest.of(Map.of("prompt", "snow"), picture, null));
        assertThat(wire.upstream.requests())
                .filteredOn(each -> each.path().equals("/v1/files"))
                .hasSize(sentAhead);
        String told = String.valueOf(((Map<?, ?>) wire.body().get("input")).get("input_image"));
        assertThat(told.length()).isLessThanOrEqualTo(256 * 1024);
    }

    @Test
    void model_that_makes_fewer_at_once_is_asked_more_often() throws Exception {
        wire.makes(FOUR, Samples.PNG.bytes());
        assertThat(draw("black-forest-labs/flux-schnell", "{\"prompt\":\"x\",\"n\":6,\"seed\":5}")
                        .pictures())
                .hasSize(6);
        assertThat(wire.creations())
                .extracting(request -> ((Map<?, ?>) request.json().get("input")))
                .extracting(input -> input.get("num_outputs") + " " + input.get("seed"))
                .containsExactlyInAnyOrder("4 5", "2 6");
        wire.upstream.reset();
        wire.makes("\"FILES/a\"", Samples.PNG.bytes());
        assertThat(draw("recraft-ai/recraft-v3", "{\"prompt\":\"x\",\"n\":3}").pictures())
                .hasSize(3);
    }

    @Test
    void fewer_pictures_than_asked_for_are_fewer() throws Exception {
        wire.makes("[\"FILES/a\"]", Samples.PNG.bytes());
        assertThat(draw("black-forest-labs/flux-schnell", "{\"prompt\":\"x\",\"n\":3}")
                        .pictures())
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "black-forest-labs/flux-schnell     | quality         | \"quality\":\"hd\"",
                "black-forest-labs/flux-schnell     | negative_prompt | \"negative_prompt\":\"dogs\"",
                "black-forest-labs/flux-schnell     | size            | \"size\":\"2048x2048\"",
                "black-forest-labs/flux-schnell     | width           | \"width\":1024,\"height\":256",
                "black-forest-labs/flux-kontext-pro | output_format   | \"output_format\":\"webp\"",
                "black-forest-labs/flux-kontext-pro | size            | \"size\":\"512x512\"",
                "recraft-ai/recraft-v3              | size            | \"size\":\"1000x1000\"",
                "recraft-ai/recraft-v3              | seed            | \"seed\":7",
                "bytedance/seedream-4               | size            | \"size\":\"512x512\"",
                "somebody/else                      | size            | \"size\":\"1024x1024\""
            })
    void what_a_model_cannot_do_is_told_before_it_is_asked(String model, String param, String field) {
        refused(Kind.UNSUPPORTED, param, () -> draw(model, "{\"prompt\":\"x\"," + field + "}"));
    }

    @Test
    void pictures_and_masks_that_have_no_use_are_refused() {
        refused(
                Kind.UNSUPPORTED,
                "image",
                () -> edit("black-forest-labs/flux-schnell", "{\"prompt\":\"x\",\"image\":\"…\"}"));
        refused(
                Kind.UNSUPPORTED,
                "reference_image",
                () -> edit("recraft-ai/recraft-v3", "{\"prompt\":\"x\",\"reference_image\":\"…\"}"));
        Media large = new Media(Arrays.copyOf(Samples.PNG.bytes(), 200 * 1024), "image/png");
        ImageRequest masked = ImageRequest.of(Map.of("prompt", "x"), large, Samples.PNG);
        refused(
                Kind.UNSUPPORTED,
                "mask",
                () -> wire.provider.edit(Samples.call("black-forest-labs/flux-kontext-pro"), masked));
    }

    @ParameterizedTest
    @CsvSource({
        "num_outputs, 8",
        "megapixels, 1",
        "seed, 7",
        "max_images, 15",
        "sequential_image_generation, 1",
        "resolution, 4",
        "disable_safety_checker, true",
        "safety_tolerance, 6",
        "aspect_ratio, 1"
    })
    void what_the_gateway_decides_is_no_option(String option, String value) {
        refused(
                Kind.REJECTED,
                "providerOptions.replicate." + option,
                () -> draw(
                        "black-forest-labs/flux-schnell",
                        "{\"prompt\":\"x\",\"providerOptions\":{\"replicate\":{\"" + option + "\":" + value + "}}}"));
    }

    private void refused(Kind kind, String param, ThrowingCallable work) {
        UpstreamException failure = Samples.failure(work);
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.param()).isEqualTo(param);
        assertThat(failure.getMessage()).endsWith(".");
        assertThat(wire.upstream.requests()).isEmpty();
    }
}
