package io.synapse.gateway.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.ImageEditProvider;
import io.synapse.gateway.provider.ImageProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.PlainJson;
import io.synapse.gateway.testkit.fake.Request;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class OpenAiImagesTest {
    private static final String B64 = Base64.getEncoder().encodeToString(MediaWire.PNG.bytes());
    private static final String ONE = "{\"created\":1,\"data\":[{\"b64_json\":\"" + B64 + "\"}]}";

    private final MediaWire wire = new MediaWire();

    @AfterEach
    void close() {
        wire.close();
    }

    private Images draw(OpenAiPreset preset, String model, String request) throws UpstreamException {
        return wire.provider(preset, ImageProvider.class).draw(MediaWire.call(model), MediaWire.image(request));
    }

    private Images answered(String answer, int count) throws UpstreamException {
        wire.upstream.answer(Answer.json(200, answer));
        return draw(OpenAiPreset.OPENAI, "gpt-image-2", "{\"prompt\":\"a fox\",\"n\":" + count + "}");
    }

    static Stream<Arguments> requests() {
        String full = "{\"model\":\"m\",\"prompt\":\"a fox\",\"n\":2,\"size\":\"1024x1536\",\"quality\":\"hd\","
                + "\"style\":\"vivid\",\"user\":\"u\",\"output_format\":\"jpeg\",\"response_format\":\"url\","
                + "\"of_tomorrow\":1,\"providerOptions\":{\"openai\":{\"background\":\"opaque\"},"
                + "\"together\":{\"steps\":4}}}";
        return Stream.of(
                arguments(
                        OpenAiPreset.OPENAI,
                        "dall-e-3",
                        "{\"prompt\":\"a fox\",\"n\":1,\"size\":\"1792x1024\",\"quality\":\"hd\",\"style\":\"vivid\","
                                + "\"user\":\"u\",\"response_format\":\"url\"}",
                        "{\"model\":\"dall-e-3\",\"prompt\":\"a fox\",\"n\":1,\"size\":\"1792x1024\","
                                + "\"quality\":\"hd\",\"style\":\"vivid\",\"user\":\"u\","
                                + "\"response_format\":\"b64_json\"}"),
                arguments(
                        OpenAiPreset.OPENAI,
                        "dall-e-2",
                        "{\"prompt\":\"a fox\"}",
                        "{\"model\":\"dall-e-2\",\"prompt\":\"a fox\",\"n\":1,\"response_format\":\"b64_json\"}"),
                arguments(
                        OpenAiPreset.OPENAI,
                        "gpt-image-2",
                        full,
                        "{\"model\":\"gpt-image-2\",\"prompt\":\"a fox\",\"n\":2,\"size\":\"1024x1536\","
                            + "\"quality\":\"high\",\"user\":\"u\",\"output_format\":\"jpeg\",\"background\":\"opaque\"}"),
                arguments(
                        OpenAiPreset.OPENAI,
                        "gpt-image-2",
                        "{\"prompt\":\"a fox\",\"quality\":\"low\"}",
                        "{\"model\":\"gpt-image-2\",\"prompt\":\"a fox\",\"n\":1,\"quality\":\"low\"}"),
                arguments(
                        OpenAiPreset.OPENAI,
                        "chatgpt-image-latest",
                        "{\"prompt\":\"a"
                                + " fox\",\"output_format\":\"webp\",\"providerOptions\":{\"openai\":{\"background\":"
                                + "\"transparent\",\"output_compression\":50,\"moderation\":\"low\"}}}",
                        "{\"model\":\"chatgpt-image-latest\",\"prompt\":\"a fox\",\"n\":1,\"quality\":\"medium\","
                                + "\"output_format\":\"webp\",\"background\":\"transparent\",\"output_compression\":50,"
                                + "\"moderation\":\"low\"}"),
                arguments(
                        OpenAiPreset.OPENAI,
                        "gpt-image-2.5-mini",
                        "{\"prompt\":\"a fox\",\"quality\":\"standard\",\"width\":2048,\"height\":1024}",
                        "{\"model\":\"gpt-image-2.5-mini\",\"prompt\":\"a fox\",\"n\":1,\"size\":\"2048x1024\","
                                + "\"quality\":\"medium\"}"),
                arguments(
                        OpenAiPreset.OPENAI,
                        "gpt-image-2",
                        "{\"prompt\":\"a fox\",\"quality\":\"auto\"}",
                        "{\"model\":\"gpt-image-2\",\"prompt\":\"a fox\",\"n\":1,\"quality\":\"auto\"}"),
                arguments(
                        OpenAiPreset.TOGETHER,
                        "black-forest-labs/FLUX.1-schnell",
                        full.replace("\"quality\":\"hd\"", "\"negative_prompt\":\"dogs\",\"seed\":7"),
                        "{\"model\":\"black-forest-labs/FLUX.1-schnell\",\"prompt\":\"a fox\",\"n\":2,\"width\":1024,"
                                + "\"height\":1536,\"negative_prompt\":\"dogs\",\"seed\":7,\"output_format\":\"jpeg\","
                                + "\"response_format\":\"base64\",\"steps\":4}"),
                arguments(
                        OpenAiPreset.TOGETHER,
                        "black-forest-labs/FLUX.1-schnell-Free",
                        "{\"prompt\":\"a fox\"}",
                        "{\"model\":\"black-forest-labs/FLUX.1-schnell-Free\",\"prompt\":\"a fox\",\"n\":1,"
                                + "\"response_format\":\"base64\",\"steps\":4}"),
                arguments(
                        OpenAiPreset.TOGETHER,
                        "black-forest-labs/FLUX.1-schnell",
                        "{\"prompt\":\"a fox\",\"providerOptions\":{\"together\":{\"steps\":12}}}",
                        "{\"model\":\"black-forest-labs/FLUX.1-schnell\",\"prompt\":\"a fox\",\"n\":1,"
                                + "\"response_format\":\"base64\",\"steps\":12}"),
                arguments(
                        OpenAiPreset.TOGETHER,
                        "black-forest-labs/FLUX.1-dev",
                        "{\"prompt\":\"a fox\"}",
                        "{\"model\":\"black-forest-labs/FLUX.1-dev\",\"prompt\":\"a fox\",\"n\":1,"
                                + "\"response_format\":\"base64\"}"));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void what_reaches_the_upstream(OpenAiPreset preset, String model, String request, String sent) throws Exception {
        wire.upstream.answer(Answer.json(200, ONE));
        draw(preset, model, request);
        Request arrived = wire.upstream.lastRequest();
        assertThat(arrived.method() + " " + arrived.path()).isEqualTo("POST /v1/images/generations");
        assertThat(arrived.json()).isEqualTo(PlainJson.object(sent));
    }

    @Test
    void edit_is_a_form() throws Exception {
        ImageRequest request = ImageRequest.of(
                PlainJson.object("{\"prompt\":\"snow – \\\"deep\\\"\\r"
                    + "\\n"
                    + "\",\"n\":2,\"size\":\"1024x1024\",\"quality\":\"low\",\"style\":\"vivid\",\"user\":\"u\",\"providerOptions\":{\"openai\":{\"input_fidelity\":\"high\",\"output_compression\":50,\"a\\\"b\\r"
                    + "\\n"
                    + "\":[true,\"x\"]}}}"),
                MediaWire.PNG,
                new Media(MediaWire.bytes("\u00FF\u00D8\u00FFmask"), "image/jpeg"));
        wire.upstream.answer(Answer.json(200, ONE));
        Images edited = wire.provider(OpenAiPreset.OPENAI, ImageEditProvider.class)
                .edit(MediaWire.call("gpt-image-2"), request);
        Request arrived = wire.upstream.lastRequest();
        assertThat(arrived.method() + " " + arrived.path()).isEqualTo("POST /v1/images/edits");
        assertThat(arrived.header("Authorization")).isEqualTo("Bearer sk-test-0123456789");
        assertThat(arrived.header("Transfer-Encoding")).isNull();
        assertThat(arrived.header("Content-Length")).isEqualTo(String.valueOf(arrived.body().length));
        Form form = Form.of(arrived);
        assertThat(form.lines().subList(0, 9))
                .containsExactly(
                        "model=gpt-image-2",
                        "prompt=snow – \"deep\"\r\n",
                        "n=2",
                        "size=1024x1024",
                        "quality=low",
                        "user=u",
                        "input_fidelity=high",
                        "output_compression=50",
                        "a%22b%0D%0A[]=true");
        assertThat(form.parts().get(10).bytes()).isEqualTo(MediaWire.PNG.bytes());
        assertThat(form.lines().get(10)).startsWith("image=image.png|image/png|");
        assertThat(form.lines().get(11)).startsWith("mask=mask.jpg|image/jpeg|").endsWith("mask");
        assertThat(form.parts()).hasSize(12);
        assertThat(edited.usage()).isEqualTo(Usage.of(Unit.IMAGES, 1));
    }

    @Test
    void edit_by_a_model_of_old_asks_for_the_picture_itself() throws Exception {
        wire.upstream.answer(Answer.json(200, ONE));
        ImageRequest request = ImageRequest.of(Map.of("prompt", "snow"), MediaWire.PNG, null);
        wire.provider(OpenAiPreset.OPENAI, ImageEditProvider.class).edit(MediaWire.call("dall-e-2"), request);
        assertThat(Form.of(wire.upstream.lastRequest()).lines()).contains("response_format=b64_json", "n=1");
    }

    @Test
    void picture_with_all_that_stands_beside_it() throws Exception {
        Images images = answered(
                "{\"created\":1763700000,\"data\":[{\"b64_json\":\"" + B64
                        + "\"}],\"background\":\"opaque\",\"output_format\":\"png\",\"size\":\"1024x1024\","
                        + "\"quality\":\"medium\",\"usage\":{\"input_tokens\":18,\"output_tokens\":1056,"
                        + "\"total_tokens\":1074,\"input_tokens_details\":{\"text_tokens\":18,\"image_tokens\":0},"
                        + "\"output_tokens_details\":{\"image_tokens\":1056,\"text_tokens\":0}}}",
                1);
        assertThat(images.pictures())
                .singleElement()
                .satisfies(picture -> assertThat(picture.media().bytes()).isEqualTo(MediaWire.PNG.bytes()))
                .satisfies(picture -> assertThat(picture.media().type()).isEqualTo("image/png"))
                .satisfies(picture -> assertThat(picture.revisedPrompt()).isNull());
        assertThat(images.usage()).isEqualTo(Usage.of(Unit.IMAGES, 1));
    }

    @Test
    void pictures_with_their_types_prompts_and_number() throws Exception {
        String jpeg = Base64.getEncoder().encodeToString(MediaWire.bytes("\u00FF\u00D8\u00FF"));
        String webp = Base64.getEncoder().encodeToString(MediaWire.bytes("RIFF____WEBP"));
        String other = Base64.getEncoder().encodeToString(MediaWire.bytes("whatever"));
        Images images = answered(
                "{\"created\":1,\"output_format\":\"avif\",\"data\":[{\"b64_json\":\"" + B64
                        + "\",\"revised_prompt\":\"a red fox\"},{\"b64_json\":\"" + jpeg + "\"},{\"b64_json\":\"" + webp
                        + "\"},{\"b64_json\":\"" + other
                        + "\"}],\"usage\":{\"input_tokens\":18,\"output_tokens\":1056}}",
                4);
        assertThat(images.pictures().getFirst().media().bytes()).isEqualTo(MediaWire.PNG.bytes());
        assertThat(images.pictures()).extracting(Images.Picture::revisedPrompt).startsWith("a red fox", null);
        assertThat(images.pictures())
                .extracting(picture -> picture.media().type())
                .containsExactly("image/png", "image/jpeg", "image/webp", "image/avif");
        assertThat(images.usage()).isEqualTo(Usage.of(Unit.IMAGES, 4));
    }

    @Test
    void picture_may_be_longer_than_readers_of_json_allow_by_themselves() throws Exception {
        byte[] large = Arrays.copyOf(MediaWire.PNG.bytes(), 15_500_000);
        String base64 = Base64.getEncoder().encodeToString(large);
        assertThat(base64.length()).isGreaterThan(20_000_000);
        assertThat(answered("{\"data\":[{\"b64_json\":\"" + base64 + "\"}]}", 1)
                        .pictures()
                        .getFirst()
                        .media()
                        .bytes())
                .isEqualTo(large);
    }

    @Test
    void fewer_pictures_than_asked_for_are_fewer_and_more_are_not_kept() throws Exception {
        assertThat(answered(ONE, 3).usage()).isEqualTo(Usage.of(Unit.IMAGES, 1));
        String two = ONE.replace("}]", "},{\"b64_json\":\"" + B64 + "\"}]");
        assertThat(answered(two, 1).pictures()).hasSize(1);
    }

    @Test
    void url_is_fetched_without_credentials() throws Exception {
        wire.upstream.answer(
                Answer.json(
                        200, "{\"data\":[{\"url\":\"" + wire.upstream.uri() + "/files/a.png?sig=x\",\"index\":0}]}"),
                exchange -> {
                    exchange.head(
                            200, Map.of("Content-Type", "application/octet-stream"), MediaWire.PNG.bytes().length);
                    exchange.body(MediaWire.PNG.bytes());
                });
        Images images = draw(OpenAiPreset.TOGETHER, "m", "{\"prompt\":\"a fox\"}");
        assertThat(images.pictures().getFirst().media().bytes()).isEqualTo(MediaWire.PNG.bytes());
        assertThat(images.pictures().getFirst().media().type()).isEqualTo("image/png");
        Request fetched = wire.upstream.lastRequest();
        assertThat(fetched.method() + " " + fetched.path()).isEqualTo("GET /files/a.png?sig=x");
        assertThat(fetched.headers()).doesNotContainKeys("Authorization", "Content-Type");
    }

    @Test
    void url_that_cannot_be_fetched_says_nothing_of_keys_or_models() {
        for (int status : new int[] {302, 401, 403, 404, 429, 500}) {
            wire.upstream.answer(
                    Answer.json(200, "{\"data\":[{\"url\":\"" + wire.upstream.uri() + "/secret\"}]}"),
                    Answer.json(
                            status, Map.of("Location", "/v1/elsewhere"), "{\"error\":{\"code\":\"model_not_found\"}}"));
            UpstreamException failure =
                    MediaWire.failure(() -> draw(OpenAiPreset.OPENAI, "dall-e-3", "{\"prompt\":\"a fox\"}"));
            assertThat(failure.kind()).isEqualTo(Kind.FAILED);
            assertThat(failure.getMessage()).doesNotContain("secret");
        }
        assertThat(wire.upstream.requests()).hasSize(12);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://8.8.8.8/a.png",
                "http://localhost:1/a.png",
                "file:///etc/passwd",
                "https://user:secret@127.0.0.1/a.png",
                "https:///a.png",
                "//127.0.0.1/a.png",
                "not a url",
                ""
            })
    void url_that_is_neither_https_nor_its_own_is_malformed(String url) {
        assertThat(MediaWire.failure(() -> answered("{\"data\":[{\"url\":\"" + url + "\"}]}", 1))
                        .kind())
                .isEqualTo(Kind.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://127.0.0.1:9/a.png", "https://[::1]/a.png", "https://169.254.169.254/latest"})
    void url_within_our_own_network_is_never_opened(String url) {
        UpstreamException failure = MediaWire.failure(() -> answered("{\"data\":[{\"url\":\"" + url + "\"}]}", 1));
        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure.getMessage()).contains("UnknownHostException");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"data\":[]}",
                "{\"data\":[7]}",
                "{\"data\":[{}]}",
                "{\"data\":[{\"b64_json\":\"\"}]}",
                "{\"data\":[{\"b64_json\":\"?\"}]}",
                "{\"data\":[{\"b64_json\":null,\"url\":null}]}",
                "not json"
            })
    void what_is_no_picture_is_malformed(String answer) {
        assertThat(MediaWire.failure(() -> answered(answer, 1)).kind()).isEqualTo(Kind.MALFORMED);
    }

    @Test
    void refusal_is_told_in_the_upstreams_words() {
        wire.upstream.answer(Answer.json(
                400,
                "{\"error\":{\"message\":\"Your request was rejected by the safety"
                        + " system.\",\"type\":\"image_generation_user_error\","
                        + "\"param\":\"prompt\",\"code\":\"moderation_blocked\"}}"));
        UpstreamException failure =
                MediaWire.failure(() -> draw(OpenAiPreset.OPENAI, "gpt-image-2", "{\"prompt\":\"x\"}"));
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.param()).isEqualTo("prompt");
        assertThat(failure.getMessage()).isEqualTo("Your request was rejected by the safety system.");
    }

    @ParameterizedTest
    @CsvSource({
        "OPENAI, '\"size\":\"512x512\"', size, size",
        "OPENAI, '\"width\":512,\"height\":512', size, width",
        "TOGETHER, '\"size\":\"512x512\"', width, size",
        "TOGETHER, '\"width\":512,\"height\":512', height, height",
        "OPENAI, '\"n\":2', n, n",
        "OPENAI, '\"n\":2', response_format, ",
        "OPENAI, '\"providerOptions\":{\"openai\":{\"moderation\":\"x\"}}', moderation,"
                + " providerOptions.openai.moderation"
    })
    void field_at_fault_has_the_callers_name(OpenAiPreset preset, String field, String theirs, String ours) {
        wire.upstream.answer(Answer.json(
                400,
                "{\"error\":{\"message\":\"Invalid value.\",\"type\":\"invalid_request_error\",\"param\":\"" + theirs
                        + "\",\"code\":\"invalid_value\"}}"));
        UpstreamException failure =
                MediaWire.failure(() -> draw(preset, "gpt-image-2", "{\"prompt\":\"x\"," + field + "}"));
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.param()).isEqualTo(ours);
        assertThat(failure.getMessage()).isEqualTo("Invalid value.");
    }

    @Test
    void file_at_fault_has_the_callers_name() {
        wire.upstream.answer(Answer.json(
                400,
                "{\"error\":{\"message\":\"Invalid file 'image': unsupported mimetype ('application/octet-stream').\","
                        + "\"type\":\"invalid_request_error\",\"param\":\"image\",\"code\":"
                        + "\"unsupported_file_mimetype\"}}"));
        ImageRequest edit = ImageRequest.of(Map.of("prompt", "snow"), MediaWire.PNG, null);
        UpstreamException failure = MediaWire.failure(() ->
                wire.provider(OpenAiPreset.OPENAI, ImageEditProvider.class).edit(MediaWire.call("gpt-image-2"), edit));
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.param()).isEqualTo("image");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"n", "size", "quality", "stream", "response_format", "image[]", "image_url", "reference_images"})
    void what_the_gateway_decides_is_no_option(String field) {
        UpstreamException failure = MediaWire.failure(() -> draw(
                OpenAiPreset.OPENAI,
                "gpt-image-2",
                "{\"prompt\":\"x\",\"providerOptions\":{\"openai\":{\"" + field + "\":8}}}"));
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.param()).isEqualTo("providerOptions.openai." + field);
        assertThat(wire.upstream.requests()).isEmpty();
    }

    @Test
    void silence_cut_and_stop() throws Exception {
        ImageProvider provider = wire.provider(OpenAiPreset.OPENAI, ImageProvider.class);
        wire.upstream.answer(Answer.cut(30, Answer.json(200, ONE)), Answer.stall());
        assertThat(MediaWire.failure(() -> draw(OpenAiPreset.OPENAI, "m", "{\"prompt\":\"x\"}"))
                        .kind())
                .isEqualTo(Kind.UNREACHABLE);
        UpstreamCall brief = MediaWire.call("m", Duration.ofMillis(400));
        assertThat(MediaWire.failure(() -> provider.draw(brief, MediaWire.image("{\"prompt\":\"x\"}")))
                        .kind())
                .isEqualTo(Kind.TIMED_OUT);
        wire.upstream.awaitHangUps(1);
        wire.upstream.reset();
        wire.upstream.answer(Answer.stall());
        UpstreamCall call = MediaWire.call("m");
        assertThat(wire.stopped(call, () -> provider.draw(call, MediaWire.image("{\"prompt\":\"x\"}")))
                        .kind())
                .isEqualTo(Kind.UNREACHABLE);
        wire.upstream.awaitHangUps(2);
    }
}
