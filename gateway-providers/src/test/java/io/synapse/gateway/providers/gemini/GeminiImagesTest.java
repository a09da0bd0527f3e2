package io.synapse.gateway.providers.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.PlainJson;
import io.synapse.gateway.testkit.fake.Request;
import java.time.Duration;
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
class GeminiImagesTest {
    private static final String MODEL = "gemini-3.1-flash-image";
    private static final String B64 = Base64.getEncoder().encodeToString(GeminiWire.PNG.bytes());
    private static final String JPEG = Base64.getEncoder().encodeToString(GeminiWire.bytes("\u00FF\u00D8\u00FF"));

    private final GeminiWire wire = new GeminiWire();

    @AfterEach
    void close() {
        wire.close();
    }

    private static String answer(String parts, String reason) {
        return "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":" + parts + "},\"finishReason\":\"" + reason
                + "\"}],\"usageMetadata\":{\"promptTokenCount\":9,\"candidatesTokenCount\":1120,"
                + "\"totalTokenCount\":1129}}";
    }

    private static String picture(String base64) {
        return answer("[{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"" + base64 + "\"}}]", "STOP");
    }

    private Images draw(String model, String request) throws UpstreamException {
        return wire.provider.draw(GeminiWire.call(model), ImageRequest.of(PlainJson.object(request), null, null));
    }

    private UpstreamException failed(String request) {
        return GeminiWire.failure(() -> draw(MODEL, request));
    }

    private static Object config(Request request, String field) {
        return ((Map<?, ?>) request.json().get("generationConfig")).get(field);
    }

    static Stream<Arguments> requests() {
        return Stream.of(
                arguments(
                        MODEL,
                        "{\"model\":\"m\",\"prompt\":\"a"
                            + " fox\",\"style\":\"vivid\",\"user\":\"u\",\"quality\":\"standard\","
                            + "\"seed\":7,\"size\":\"1344x768\",\"providerOptions\":{\"gemini\":{\"generationConfig\":"
                            + "{\"temperature\":0.5}}}}",
                        "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"a fox\"}]}],\"generationConfig\":"
                                + "{\"responseModalities\":[\"IMAGE\"],\"imageConfig\":{\"aspectRatio\":\"16:9\","
                                + "\"imageSize\":\"1K\"},\"seed\":7,\"temperature\":0.5}}"),
                arguments(
                        "gemini-2.5-flash-image",
                        "{\"prompt\":\"a fox\",\"width\":1024,\"height\":1024}",
                        "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"a fox\"}]}],\"generationConfig\":"
                                + "{\"responseModalities\":[\"IMAGE\"],\"imageConfig\":{\"aspectRatio\":\"1:1\"}}}"),
                arguments(
                        MODEL,
                        "{\"prompt\":\"a fox\"}",
                        "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"a fox\"}]}],\"generationConfig\":"
                                + "{\"responseModalities\":[\"IMAGE\"]}}"));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void what_reaches_the_upstream(String model, String request, String sent) throws Exception {
        wire.upstream.answer(Answer.json(200, picture(B64)));
        Images images = draw(model, request);
        assertThat(wire.posted("/models/" + model + ":generateContent")).isEqualTo(PlainJson.object(sent));
        assertThat(images.pictures().getFirst().media().bytes()).isEqualTo(GeminiWire.PNG.bytes());
        assertThat(images.usage()).isNull();
    }

    @Test
    void edit_shows_the_picture() throws Exception {
        wire.upstream.answer(Answer.json(200, picture(B64)));
        wire.provider.edit(
                GeminiWire.call(MODEL),
                ImageRequest.of(
                        PlainJson.object("{\"prompt\":\"add a hat\",\"size\":\"1536x1024\"}"), GeminiWire.PNG, null));
        assertThat(wire.posted("/models/" + MODEL + ":generateContent"))
                .isEqualTo(PlainJson.object("{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"add a hat\"},"
                        + "{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"" + B64 + "\"}}]}],"
                        + "\"generationConfig\":{\"responseModalities\":[\"IMAGE\"],\"imageConfig\":"
                        + "{\"aspectRatio\":\"3:2\",\"imageSize\":\"1K\"}}}"));
    }

    @Test
    void several_pictures_are_several_calls() throws Exception {
        wire.upstream.answerAll(request -> Answer.json(200, picture(B64)));
        assertThat(draw(MODEL, "{\"prompt\":\"a fox\",\"n\":3,\"seed\":7}").pictures())
                .hasSize(3);
        assertThat(wire.upstream.requests())
                .extracting(request -> config(request, "seed"))
                .containsExactlyInAnyOrder(7, 8, 9);
    }

    @Test
    void one_of_several_that_fails_is_a_failure() {
        wire.upstream.answer(
                Answer.json(200, picture(B64)),
                Answer.json(503, GeminiFormat.error(503, "UNAVAILABLE", "m", null)),
                Answer.json(200, picture(B64)));
        assertThat(failed("{\"prompt\":\"a fox\",\"n\":3}").kind()).isEqualTo(Kind.OVERLOADED);
        assertThat(wire.upstream.requests()).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({
        "1024x1024,1:1,1K",
        "512x512,1:1,1K",
        "1792x1024,16:9,2K",
        "1024x1536,2:3,1K",
        "1152x896,5:4,1K",
        "896x1152,4:5,1K",
        "1280x960,4:3,1K",
        "960x1280,3:4,1K",
        "720x1280,9:16,1K",
        "1536x640,21:9,1K",
        "2048x2048,1:1,2K",
        "4096x4096,1:1,4K"
    })
    void size_becomes_the_nearest_shape(String size, String shape, String resolution) throws Exception {
        wire.upstream.answer(Answer.json(200, picture(B64)));
        draw(MODEL, "{\"prompt\":\"a fox\",\"size\":\"" + size + "\"}");
        assertThat(config(wire.upstream.lastRequest(), "imageConfig"))
                .isEqualTo(Map.of("aspectRatio", shape, "imageSize", resolution));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"size\":\"4096x1024\" | size",
                "\"size\":\"256x1024\" | size",
                "\"width\":256,\"height\":1024 | width",
                "\"quality\":\"hd\" | quality",
                "\"seed\":2147483640 | seed",
                "\"negative_prompt\":\"dogs\" | negative_prompt"
            })
    void what_it_cannot_do_is_refused_before_anything_is_sent(String field, String param) {
        UpstreamException failure = failed("{\"prompt\":\"x\"," + field + "}");
        assertThat(failure.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(failure.param()).isEqualTo(param);
        assertThat(failure.getMessage()).endsWith(".");
        assertThat(wire.upstream.requests()).isEmpty();
    }

    @Test
    void mask_is_refused() {
        ImageRequest request = ImageRequest.of(Map.of("prompt", "snow"), GeminiWire.PNG, GeminiWire.PNG);
        UpstreamException failure = GeminiWire.failure(() -> wire.provider.edit(GeminiWire.call(MODEL), request));
        assertThat(failure.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(failure.param()).isEqualTo("mask");
        assertThat(wire.upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"imageConfig", "response_modalities", "candidateCount"})
    void what_the_gateway_decides_is_no_option(String field) {
        UpstreamException failure = failed(
                "{\"prompt\":\"x\",\"providerOptions\":{\"gemini\":{\"generationConfig\":{\"" + field + "\":{}}}}}");
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.param()).isEqualTo("providerOptions.gemini.generationConfig." + field);
        assertThat(wire.upstream.requests()).isEmpty();
    }

    @Test
    void words_and_sketches_beside_the_picture_are_passed_over() throws Exception {
        wire.upstream.answer(Answer.json(
                200,
                answer(
                        "[{\"text\":\"Here.\"},{\"thought\":true,\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\""
                                + B64 + "\"}},{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"" + JPEG + "\"}}]",
                        "STOP")));
        Images images = draw(MODEL, "{\"prompt\":\"a fox\"}");
        assertThat(images.pictures()).hasSize(1);
        // By its bytes, not by what the upstream calls it.
        assertThat(images.pictures().getFirst().media().type()).isEqualTo("image/jpeg");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SAFETY",
                "RECITATION",
                "LANGUAGE",
                "BLOCKLIST",
                "PROHIBITED_CONTENT",
                "SPII",
                "IMAGE_SAFETY",
                "IMAGE_PROHIBITED_CONTENT",
                "IMAGE_RECITATION",
                "NO_IMAGE"
            })
    void refusal_is_the_callers_to_know(String reason) {
        wire.upstream.answer(
                Answer.json(200, "{\"candidates\":[{\"content\":{},\"finishReason\":\"" + reason + "\"}]}"));
        UpstreamException failure = failed("{\"prompt\":\"x\"}");
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.param()).isEqualTo("prompt");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "generation_config.image_config.aspect_ratio | \"size\":\"1024x1024\" | size",
                "generation_config.image_config.image_size | \"width\":1024,\"height\":1024 | width",
                "generation_config.seed | \"seed\":7 | seed",
                "contents[0].parts[1].inline_data | \"image\":\"x\" | image",
                "contents[0].parts[1].inline_data | \"reference_image\":\"x\" | reference_image",
                "contents[0].parts[0].text | \"n\":1 | prompt",
                "generation_config.of_tomorrow | \"n\":1 | "
            })
    void field_at_fault_has_the_callers_name(String theirs, String field, String ours) {
        wire.upstream.answer(Answer.json(
                400,
                "{\"error\":{\"code\":400,\"message\":\"m\",\"status\":\"INVALID_ARGUMENT\",\"details\":["
                        + "{\"fieldViolations\":[{\"field\":\"" + theirs + "\"}]}]}}"));
        ImageRequest edit =
                ImageRequest.of(PlainJson.object("{\"prompt\":\"snow\"," + field + "}"), GeminiWire.PNG, null);
        UpstreamException failure = GeminiWire.failure(() -> wire.provider.edit(GeminiWire.call(MODEL), edit));
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.param()).isEqualTo(ours);
    }

    @Test
    void blocked_prompt_is_a_refusal() {
        wire.upstream.answer(Answer.json(200, "{\"promptFeedback\":{\"blockReason\":\"PROHIBITED_CONTENT\"}}"));
        UpstreamException failure = failed("{\"prompt\":\"x\"}");
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.param()).isEqualTo("prompt");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | MALFORMED",
                "{\"candidates\":[]} | MALFORMED",
                "not json | MALFORMED",
                "<html></html> | MALFORMED",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"No.\"}]},\"finishReason\":\"STOP\"}]} |"
                        + " MALFORMED",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"inlineData\":{\"data\":\"\"}}]}}]} | MALFORMED",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"inlineData\":{\"data\":\"?\"}}]}}]} | MALFORMED",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"inlineData\":{\"mimeType\":\"video/mp4\",\"data\":\"AAAA\"}}]}}]}"
                    + " | MALFORMED",
                "{\"candidates\":[{\"finishReason\":\"IMAGE_OTHER\"}]} | FAILED",
                "{\"candidates\":[{\"finishReason\":\"MAX_TOKENS\"}]} | FAILED"
            })
    void what_is_no_picture_is_a_failure(String answer, Kind kind) {
        wire.upstream.answer(Answer.json(200, answer));
        assertThat(failed("{\"prompt\":\"x\"}").kind()).isEqualTo(kind);
    }

    @Test
    void silence_cut_and_stop() throws Exception {
        wire.upstream.answer(Answer.cut(30, Answer.json(200, picture(B64))), Answer.stall(), Answer.stall());
        assertThat(failed("{\"prompt\":\"x\"}").kind()).isEqualTo(Kind.UNREACHABLE);
        ImageRequest request = ImageRequest.of("m", "x");
        assertThat(GeminiWire.failure(() -> wire.provider.draw(GeminiWire.call(MODEL, Duration.ofMillis(400)), request))
                        .kind())
                .isEqualTo(Kind.TIMED_OUT);
        wire.upstream.awaitHangUps(1);
        UpstreamCall call = GeminiWire.call(MODEL);
        assertThat(wire.stopped(call, 3, () -> wire.provider.draw(call, request))
                        .kind())
                .isEqualTo(Kind.UNREACHABLE);
        wire.upstream.awaitHangUps(2);
    }
}
