package io.synapse.gateway.providers.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.internal.media.MediaCalls;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.PlainJson;
import io.synapse.gateway.testkit.fake.Request;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HuggingFaceImagesTest {
    private static final String MODEL = "black-forest-labs/FLUX.1-schnell";
    private static final Answer PICTURE = MediaCalls.file("image/jpeg", MediaCalls.JPEG.bytes());

    private final HuggingFaceWire wire = new HuggingFaceWire();

    @AfterEach
    void close() {
        wire.close();
    }

    private Images draw(String request) throws UpstreamException {
        return wire.provider.draw(MediaCalls.call(MODEL), MediaCalls.image(request));
    }

    private UpstreamException answered(Answer answer) {
        wire.upstream.answer(answer);
        return MediaCalls.failure(() -> draw("{\"prompt\":\"x\"}"));
    }

    @Test
    void what_reaches_the_upstream_and_comes_back() throws Exception {
        wire.upstream.answer(PICTURE);
        Images images = draw("{\"prompt\":\"a fox\",\"size\":\"1024x768\",\"negative_prompt\":\"dogs\",\"seed\":7,"
                + "\"quality\":\"standard\",\"style\":\"vivid\",\"user\":\"u\",\"providerOptions\":{\"huggingface\":"
                + "{\"guidance_scale\":3.5},\"fal\":{\"x\":1}}}");
        Request arrived = wire.upstream.lastRequest();
        assertThat(arrived.method() + " " + arrived.path())
                .isEqualTo("POST /hf-inference/models/black-forest-labs/FLUX.1-schnell");
        assertThat(arrived.header("Authorization")).isEqualTo("Bearer " + HuggingFaceWire.TOKEN);
        assertThat(arrived.header("Content-Type")).isEqualTo("application/json");
        assertThat(arrived.json())
                .isEqualTo(PlainJson.object("{\"inputs\":\"a fox\",\"parameters\":{\"width\":1024,\"height\":768,"
                        + "\"negative_prompt\":\"dogs\",\"guidance_scale\":3.5,\"seed\":7}}"));
        assertThat(images.pictures().getFirst().media().bytes()).isEqualTo(MediaCalls.JPEG.bytes());
        assertThat(images.pictures().getFirst().media().type()).isEqualTo("image/jpeg");
        assertThat(images.usage()).isEqualTo(Usage.of(Unit.IMAGES, 1));
    }

    @Test
    void prompt_alone_has_no_parameters() throws Exception {
        wire.upstream.answer(PICTURE);
        draw("{\"prompt\":\"a fox\"}");
        assertThat(wire.upstream.lastRequest().json()).isEqualTo(Map.of("inputs", "a fox"));
    }

    @Test
    void several_pictures_are_several_questions_each_with_a_seed_of_its_own() throws Exception {
        wire.upstream.answerAll(request -> PICTURE);
        Images images = draw("{\"prompt\":\"a fox\",\"n\":2,\"seed\":10}");
        assertThat(images.usage()).isEqualTo(Usage.of(Unit.IMAGES, 2));
        assertThat(wire.upstream.requests())
                .extracting(request -> request.json().get("parameters"))
                .containsExactlyInAnyOrder(Map.of("seed", 10), Map.of("seed", 11));
    }

    @Test
    void picture_within_json() throws Exception {
        String base64 = Base64.getEncoder().encodeToString(MediaCalls.PNG.bytes());
        wire.upstream.answer(Answer.json(200, "{\"data\":[{\"b64_json\":\"" + base64 + "\"}]}"));
        assertThat(draw("{\"prompt\":\"x\"}").pictures().getFirst().media().type())
                .isEqualTo("image/png");
    }

    @Test
    void picture_at_a_place_is_fetched_without_credentials_and_its_place_not_told() throws Exception {
        String place = "{\"output\":[\"" + wire.upstream.uri() + "/files/secret.png\"]}";
        wire.upstream.answer(Answer.json(200, place), PICTURE, Answer.json(200, place), Answer.json(404, "{}"));
        assertThat(draw("{\"prompt\":\"x\"}").pictures()).hasSize(1);
        Request fetched = wire.upstream.lastRequest();
        assertThat(fetched.method() + " " + fetched.path()).isEqualTo("GET /files/secret.png");
        assertThat(fetched.headers()).doesNotContainKey("Authorization");
        UpstreamException failure = MediaCalls.failure(() -> draw("{\"prompt\":\"x\"}"));
        assertThat(failure.kind()).isEqualTo(Kind.FAILED);
        assertThat(failure.getMessage()).doesNotContain("secret");
    }

    @Test
    void quality_and_what_the_gateway_decides_are_refused() {
        UpstreamException quality = MediaCalls.failure(() -> draw("{\"prompt\":\"x\",\"quality\":\"hd\"}"));
        assertThat(quality.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(quality.param()).isEqualTo("quality");
        for (String field : List.of("inputs", "width", "num_inference_steps", "num_images_per_prompt", "seed")) {
            UpstreamException option = MediaCalls.failure(
                    () -> draw("{\"prompt\":\"x\",\"providerOptions\":{\"huggingface\":{\"" + field + "\":8}}}"));
            assertThat(option.kind()).isEqualTo(Kind.REJECTED);
            assertThat(option.param()).isEqualTo("providerOptions.huggingface." + field);
        }
        assertThat(wire.upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not json",
                "[]",
                "{}",
                "{\"data\":[]}",
                "{\"data\":[7]}",
                "{\"data\":[{\"b64_json\":\"\"}]}",
                "{\"data\":[{\"b64_json\":\"PGh0bWw+\"}]}",
                "{\"output\":[]}",
                "{\"output\":[7]}",
                "{\"output\":[\"http://8.8.8.8/a.png\"]}"
            })
    void what_is_no_picture_is_malformed(String answer) {
        assertThat(answered(Answer.json(200, answer)).kind()).isEqualTo(Kind.MALFORMED);
    }

    @Test
    void error_with_a_status_of_success_is_an_error() {
        assertThat(answered(Answer.json(200, "{\"error\":\"CUDA out of memory\"}"))
                        .kind())
                .isEqualTo(Kind.FAILED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "image/jpeg"})
    void page_is_no_picture_whatever_it_is_called(String type) {
        assertThat(answered(MediaCalls.file(type, "<html>Sorry</html>".getBytes(StandardCharsets.UTF_8)))
                        .kind())
                .isEqualTo(Kind.MALFORMED);
    }

    @Test
    void silence_cut_and_stop() throws Exception {
        wire.upstream.answer(Answer.cut(5, PICTURE), Answer.stall());
        assertThat(MediaCalls.failure(() -> draw("{\"prompt\":\"x\"}")).kind()).isEqualTo(Kind.UNREACHABLE);
        UpstreamCall brief = MediaCalls.call(MODEL, Duration.ofMillis(400));
        assertThat(MediaCalls.failure(() -> wire.provider.draw(brief, MediaCalls.image("{\"prompt\":\"x\"}")))
                        .kind())
                .isEqualTo(Kind.TIMED_OUT);
        wire.upstream.awaitHangUps(1);
        wire.upstream.reset();
        wire.upstream.answer(Answer.stall());
        UpstreamCall call = MediaCalls.call(MODEL);
        assertThat(MediaCalls.stopped(
                                wire.upstream,
                                call,
                                () -> wire.provider.draw(call, MediaCalls.image("{\"prompt\":\"x\"}")))
                        .kind())
                .isEqualTo(Kind.UNREACHABLE);
    }
}
