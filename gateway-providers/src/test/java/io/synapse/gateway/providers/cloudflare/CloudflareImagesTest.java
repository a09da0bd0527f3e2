package io.synapse.gateway.providers.cloudflare;

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
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CloudflareImagesTest {
    private static final String FLUX = "@cf/black-forest-labs/flux-1-schnell";
    private static final String SDXL = "@cf/stabilityai/stable-diffusion-xl-base-1.0";
    private static final String B64 = Base64.getEncoder().encodeToString(MediaCalls.JPEG.bytes());
    private static final String ONE = CloudflareWire.envelope("{\"image\":\"" + B64 + "\"}");

    private final CloudflareWire wire = new CloudflareWire();

    @AfterEach
    void close() {
        wire.close();
    }

    private Images draw(String model, String request) throws UpstreamException {
        return wire.provider.draw(MediaCalls.call(model), MediaCalls.image(request));
    }

    private UpstreamException refused(String model, String request) {
        UpstreamException failure = MediaCalls.failure(() -> draw(model, request));
        assertThat(wire.upstream.requests()).isEmpty();
        return failure;
    }

    @Test
    void flux_is_told_the_prompt_alone_and_answers_in_json() throws Exception {
        wire.upstream.answer(Answer.json(200, ONE));
        Images images = draw(
                FLUX,
                "{\"prompt\":\"a"
                        + " fox\",\"size\":\"1024x1024\",\"quality\":\"standard\",\"style\":\"vivid\",\"user\":\"u\","
                        + "\"response_format\":\"url\",\"providerOptions\":{\"fal\":{\"steps\":4}}}");
        Request arrived = wire.upstream.lastRequest();
        assertThat(arrived.method() + " " + arrived.path())
                .isEqualTo("POST " + CloudflareWire.AI + "/run/@cf/black-forest-labs/flux-1-schnell");
        assertThat(arrived.header("Authorization")).isEqualTo("Bearer " + CloudflareWire.TOKEN);
        assertThat(arrived.header("Content-Type")).isEqualTo("application/json");
        assertThat(arrived.json()).isEqualTo(Map.of("prompt", "a fox"));
        assertThat(images.pictures().getFirst().media().bytes()).isEqualTo(MediaCalls.JPEG.bytes());
        assertThat(images.pictures().getFirst().media().type()).isEqualTo("image/jpeg");
        assertThat(images.usage()).isEqualTo(Usage.of(Unit.IMAGES, 1));
    }

    @Test
    void stable_diffusion_is_told_more_and_answers_with_the_picture_itself() throws Exception {
        wire.upstream.answer(MediaCalls.file("image/png", MediaCalls.PNG.bytes()));
        Images images = draw(
                SDXL,
                "{\"prompt\":\"a fox\",\"size\":\"1024x768\",\"negative_prompt\":\"dogs\",\"seed\":7,"
                        + "\"providerOptions\":{\"cloudflare\":{\"guidance\":7.5}}}");
        assertThat(wire.upstream.lastRequest().path())
                .isEqualTo(CloudflareWire.AI + "/run/@cf/stabilityai/stable-diffusion-xl-base-1.0");
        assertThat(wire.upstream.lastRequest().json())
                .isEqualTo(PlainJson.object("{\"prompt\":\"a fox\",\"negative_prompt\":\"dogs\",\"width\":1024,"
                        + "\"height\":768,\"guidance\":7.5,\"seed\":7}"));
        assertThat(images.pictures().getFirst().media().bytes()).isEqualTo(MediaCalls.PNG.bytes());
        assertThat(images.pictures().getFirst().media().type()).isEqualTo("image/png");
    }

    @Test
    void form_of_the_answer_is_told_by_the_answer_and_not_by_the_model() throws Exception {
        wire.upstream.answer(MediaCalls.file("image/png", MediaCalls.PNG.bytes()), Answer.json(200, ONE));
        assertThat(draw(FLUX, "{\"prompt\":\"x\"}")
                        .pictures()
                        .getFirst()
                        .media()
                        .type())
                .isEqualTo("image/png");
        assertThat(draw(SDXL, "{\"prompt\":\"x\"}")
                        .pictures()
                        .getFirst()
                        .media()
                        .type())
                .isEqualTo("image/jpeg");
    }

    @Test
    void several_pictures_are_several_questions_each_with_a_seed_of_its_own() throws Exception {
        wire.upstream.answerAll(request -> MediaCalls.file("image/png", MediaCalls.PNG.bytes()));
        Images images = draw(SDXL, "{\"prompt\":\"a fox\",\"n\":3,\"seed\":10}");
        assertThat(images.pictures()).hasSize(3);
        assertThat(images.usage()).isEqualTo(Usage.of(Unit.IMAGES, 3));
        assertThat(wire.upstream.requests())
                .extracting(request -> request.json().get("seed"))
                .containsExactlyInAnyOrder(10, 11, 12);
    }

    @Test
    void one_failure_of_several_is_a_failure() {
        wire.upstream.answer(
                Answer.json(200, ONE), Answer.json(429, CloudflareWire.error(3040, "no room")), Answer.json(200, ONE));
        assertThat(MediaCalls.failure(() -> draw(FLUX, "{\"prompt\":\"a fox\",\"n\":3}"))
                        .kind())
                .isEqualTo(Kind.OVERLOADED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                FLUX + "|size|\"size\":\"512x512\"",
                FLUX + "|negative_prompt|\"negative_prompt\":\"dogs\"",
                FLUX + "|seed|\"seed\":1",
                FLUX + "|quality|\"quality\":\"hd\"",
                SDXL + "|quality|\"quality\":\"high\"",
                SDXL + "|size|\"size\":\"4096x1024\""
            })
    void what_the_model_cannot_do_is_refused(String model, String param, String field) {
        UpstreamException refusal = refused(model, "{\"prompt\":\"a fox\"," + field + "}");
        assertThat(refusal.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(refusal.param()).isEqualTo(param);
        assertThat(refusal.getMessage()).endsWith(".");
    }

    @Test
    void longest_prompt_and_largest_size_are_taken() throws Exception {
        wire.upstream.answer(Answer.json(200, ONE), Answer.json(200, ONE));
        // Characters, not their halves.
        String longest = "\uD83E\uDD8A".repeat(2_048);
        draw(FLUX, "{\"prompt\":\"" + longest + "\"}");
        assertThat(wire.upstream.lastRequest().json()).isEqualTo(Map.of("prompt", longest));
        draw(SDXL, "{\"prompt\":\"x\",\"size\":\"2048x256\"}");
        assertThat(wire.upstream.lastRequest().json()).isEqualTo(Map.of("prompt", "x", "width", 2_048, "height", 256));
    }

    @Test
    void prompt_that_flux_does_not_take_is_refused() {
        UpstreamException refusal = refused(FLUX, "{\"prompt\":\"" + "x".repeat(2_049) + "\"}");
        assertThat(refusal.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(refusal.param()).isEqualTo("prompt");
    }

    @Test
    void prompt_that_is_too_long_for_the_upstream_is_the_prompt() {
        wire.upstream.answer(Answer.json(400, CloudflareWire.error(5021, "too many tokens")));
        UpstreamException failure = MediaCalls.failure(() -> draw(SDXL, "{\"prompt\":\"x\"}"));
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.param()).isEqualTo("prompt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"prompt", "steps", "num_steps", "width", "image_b64", "mask", "seed"})
    void what_the_gateway_decides_is_no_option(String field) {
        UpstreamException refusal =
                refused(SDXL, "{\"prompt\":\"x\",\"providerOptions\":{\"cloudflare\":{\"" + field + "\":8}}}");
        assertThat(refusal.kind()).isEqualTo(Kind.REJECTED);
        assertThat(refusal.param()).isEqualTo("providerOptions.cloudflare." + field);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not json",
                "[]",
                "{}",
                "{\"result\":null,\"success\":true}",
                "{\"result\":{},\"success\":true}",
                "{\"result\":{\"image\":7},\"success\":true}",
                "{\"result\":{\"image\":\"\"},\"success\":true}",
                "{\"result\":{\"image\":\"?\"},\"success\":true}",
                "{\"result\":{\"image\":\"PGh0bWw+\"},\"success\":true}"
            })
    void what_is_no_picture_is_malformed(String answer) {
        wire.upstream.answer(Answer.json(200, answer));
        assertThat(MediaCalls.failure(() -> draw(FLUX, "{\"prompt\":\"x\"}")).kind())
                .isEqualTo(Kind.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "image/png", "application/octet-stream"})
    void page_is_no_picture_whatever_it_is_called(String type) {
        wire.upstream.answer(MediaCalls.file(type, "<html>Sorry</html>".getBytes(StandardCharsets.UTF_8)));
        UpstreamException failure = MediaCalls.failure(() -> draw(SDXL, "{\"prompt\":\"x\"}"));
        assertThat(failure.kind()).isEqualTo(Kind.MALFORMED);
        assertThat(failure.getMessage()).doesNotContain("Sorry");
    }

    @Test
    void silence_cut_and_stop() throws Exception {
        wire.upstream.answer(Answer.cut(30, Answer.json(200, ONE)), Answer.stall());
        assertThat(MediaCalls.failure(() -> draw(FLUX, "{\"prompt\":\"x\"}")).kind())
                .isEqualTo(Kind.UNREACHABLE);
        UpstreamCall brief = MediaCalls.call(FLUX, Duration.ofMillis(400));
        assertThat(MediaCalls.failure(() -> wire.provider.draw(brief, MediaCalls.image("{\"prompt\":\"x\"}")))
                        .kind())
                .isEqualTo(Kind.TIMED_OUT);
        wire.upstream.awaitHangUps(1);
        wire.upstream.reset();
        wire.upstream.answer(Answer.stall());
        UpstreamCall call = MediaCalls.call(SDXL);
        assertThat(MediaCalls.stopped(
                                wire.upstream,
                                call,
                                () -> wire.provider.draw(call, MediaCalls.image("{\"prompt\":\"x\"}")))
                        .kind())
                .isEqualTo(Kind.UNREACHABLE);
        wire.upstream.awaitHangUps(2);
    }
}
