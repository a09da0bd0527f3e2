package io.synapse.gateway.providers.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.synapse.gateway.media.Images;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.internal.media.Samples;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.FakeUpstream;
import io.synapse.gateway.testkit.fake.Request;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class PredictionsTest {
    private static final String MODEL = "black-forest-labs/flux-schnell";
    private static final String HEX = "8c47da666861d081eeb4d1261853087de23923a268a69b63febdf5dc1dee08e4";

    private final ReplicateWire wire = new ReplicateWire();

    @AfterEach
    void close() {
        wire.close();
    }

    private Images draw(UpstreamCall call) throws UpstreamException {
        return wire.provider.draw(call, Samples.image("{\"prompt\":\"a fox\",\"size\":\"1024x1024\",\"n\":1}"));
    }

    private UpstreamException failure() {
        return Samples.failure(() -> draw(Samples.call(MODEL)));
    }

    private Answer told(String status, String output, String error) {
        return Answer.json(200, wire.prediction(status, output, error));
    }

    @Test
    void prediction_that_is_done_at_once_is_not_asked_about() throws Exception {
        wire.makes("[\"FILES/out-0.webp\"]", Samples.PNG.bytes());
        Images images = draw(Samples.call(MODEL, Duration.ofSeconds(30)));
        assertThat(images.pictures())
                .singleElement()
                .satisfies(picture -> assertThat(picture.media().bytes()).isEqualTo(Samples.PNG.bytes()));
        assertThat(images.usage()).isNull();
        assertThat(wire.upstream.requests())
                .extracting(Request::toString)
                .containsExactly("POST /v1/models/black-forest-labs/flux-schnell/predictions", "GET /files/out-0.webp");
        Request created = wire.creations().getFirst();
        assertThat(created.header("Authorization")).isEqualTo("Bearer " + ReplicateWire.TOKEN);
        assertThat(created.header("Prefer")).isEqualTo("wait=30");
        assertThat(created.header("Cancel-After")).isEqualTo("30s");
    }

    @Test
    void file_of_the_api_itself_is_asked_for_with_the_token_and_any_other_without() throws Exception {
        wire.makes("[\"FILES/a\"]", Samples.PNG.bytes());
        draw(Samples.call(MODEL));
        assertThat(wire.upstream.lastRequest().headers()).doesNotContainKey("Authorization");
        wire.upstream.answer(
                Answer.json(
                        201, wire.prediction("succeeded", "\"" + wire.upstream.uri() + "/v1/files/f/download\"", null)),
                Samples.file(Samples.PNG.bytes()));
        assertThat(draw(Samples.call(MODEL)).pictures()).hasSize(1);
        assertThat(wire.upstream.lastRequest()).hasToString("GET /v1/files/f/download");
        assertThat(wire.upstream.lastRequest().header("Authorization")).isEqualTo("Bearer " + ReplicateWire.TOKEN);
        try (FakeUpstream elsewhere = new FakeUpstream()) {
            elsewhere.answerAll(request -> Samples.file(Samples.PNG.bytes()));
            wire.makes("[\"" + elsewhere.uri() + "/v1/files/a\"]", new byte[0]);
            assertThat(draw(Samples.call(MODEL)).pictures()).hasSize(1);
            assertThat(elsewhere.lastRequest().headers()).doesNotContainKey("Authorization");
        }
        String renamed = wire.upstream.uri().toString().replace("127.0.0.1", "localhost");
        wire.upstream.reset();
        wire.makes("[\"" + renamed + "/v1/files/a\"]", Samples.PNG.bytes());
        assertThat(failure().kind()).isEqualTo(Kind.MALFORMED);
        assertThat(wire.upstream.requests()).hasSize(1);
    }

    @Test
    void prediction_that_cannot_be_asked_about_is_not_asked_for_again() {
        wire.makes(Answer.json(201, wire.prediction("starting", "null", null)), Answer.json(429, "{}"), new byte[0]);
        // A kind that says "later" would have the engine create, and pay, a second one.
        assertThat(failure().kind()).isEqualTo(Kind.FAILED);
        awaitCancelled();
    }

    @Test
    void wait_and_life_keep_to_the_upstreams_limits() throws Exception {
        wire.makes("[\"FILES/a\"]", Samples.PNG.bytes());
        draw(Samples.call(MODEL, Duration.ofMinutes(5)));
        draw(Samples.call(MODEL, Duration.ofMillis(2_500)));
        assertThat(wire.creations())
                .extracting(request -> request.header("Prefer") + " " + request.header("Cancel-After"))
                .containsExactly("wait=60 300s", "wait=3 5s");
    }

    @Test
    void prediction_that_takes_longer_is_asked_about() throws Exception {
        wire.makes(Answer.hangUp(), Answer.hangUp(), Samples.PNG.bytes());
        wire.upstream.answer(
                Answer.json(202, wire.prediction("starting", "null", null)),
                told("starting", "null", null),
                Answer.json(500, "{}"),
                Answer.json(429, "{\"detail\":\"Request was throttled. Your rate limit resets in ~1ms.\"}"),
                told("a state of tomorrow", "null", null),
                told("processing", "null", null),
                told("succeeded", "\"FILES/a\"", null));
        assertThat(draw(Samples.call(MODEL)).pictures()).hasSize(1);
        assertThat(wire.creations()).hasSize(1);
        assertThat(wire.upstream.requests().get(1)).hasToString("GET /v1/predictions/gm3q");
        assertThat(wire.upstream.requests().get(1).header("Authorization")).isEqualTo("Bearer " + ReplicateWire.TOKEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"FILES/a\"", "[\"FILES/a\",\"FILES/b\"]", "{\"image\":\"FILES/a\"}"})
    void output_has_many_forms(String output) throws Exception {
        wire.makes(output, Samples.PNG.bytes());
        assertThat(draw(Samples.call(MODEL)).pictures()).hasSize(1);
    }

    @Test
    void output_may_hold_the_file_itself() throws Exception {
        wire.makes("[\"" + Samples.PNG_URI + "\"]", new byte[0]);
        assertThat(draw(Samples.call(MODEL)).pictures().getFirst().media().bytes())
                .isEqualTo(Samples.PNG.bytes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"null", "[]", "{}", "7", "[7]", "[null]", "\"http://8.8.8.8/a\"", "\"words\"", "[\"a\",\"b\"]"})
    void output_that_is_no_file_is_malformed(String output) {
        wire.makes(output, Samples.PNG.bytes());
        assertThat(failure().kind()).isEqualTo(Kind.MALFORMED);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                arguments(
                        401,
                        "{\"title\":\"Unauthenticated\",\"detail\":\"You did not pass a valid token\",\"status\":401}",
                        Kind.UNAUTHORIZED,
                        null),
                arguments(
                        402,
                        "{\"title\":\"Insufficient credit\",\"detail\":\"You have insufficient"
                                + " credit\",\"status\":402}",
                        Kind.QUOTA_EXHAUSTED,
                        null),
                arguments(404, "{\"detail\":\"The requested resource could not be found.\"}", Kind.MODEL_GONE, null),
                arguments(
                        422,
                        "{\"title\":\"Invalid version or not permitted\",\"detail\":\"Invalid version or not"
                                + " permitted\",\"status\":422}",
                        Kind.MODEL_GONE,
                        null),
                arguments(
                        422,
                        "{\"detail\":\"- input.aspect_ratio: must be one of\",\"title\":\"Input validation failed\","
                            + "\"status\":422,\"invalid_fields\":[{\"type\":\"enum\",\"field\":\"input.aspect_ratio\","
                            + "\"description\":\"d\"}]}",
                        Kind.REJECTED,
                        "size"),
                arguments(
                        422,
                        "{\"detail\":\"d\",\"status\":422,\"invalid_fields\":[{\"type\":\"required\",\"field\":\"\"}]}",
                        Kind.REJECTED,
                        null),
                arguments(
                        429,
                        "{\"detail\":\"Request was throttled. Your rate limit resets in ~30s.\"}",
                        Kind.RATE_LIMITED,
                        null),
                arguments(500, "{\"detail\":\"Internal server error\"}", Kind.FAILED, null),
                arguments(503, "", Kind.OVERLOADED, null),
                arguments(201, "<html>Hello</html>", Kind.MALFORMED, null),
                arguments(201, "{\"status\":\"starting\"}", Kind.MALFORMED, null),
                arguments(201, "{\"id\":\"../account\",\"status\":\"starting\"}", Kind.MALFORMED, null),
                arguments(201, "{\"id\":\"gm3q\"}", Kind.MALFORMED, null));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refused_creation(int status, String body, Kind kind, @Nullable String param) {
        wire.upstream.answer(Answer.json(status, body));
        UpstreamException failure = failure();
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.param()).isEqualTo(param);
        assertThat(failure.getMessage()).doesNotContain("SECRET");
        assertThat(wire.upstream.requests()).hasSize(1);
        assertThat(failure.retryAfter()).isEqualTo(kind == Kind.RATE_LIMITED ? Duration.ofSeconds(30) : null);
    }

    @ParameterizedTest
    @CsvSource({
        "failed, NSFW content detected. Try a different prompt., REJECTED",
        "failed, The input or output was flagged as sensitive. Please try again. (E005), REJECTED",
        "failed, Service is unavailable due to high demand. (E003), OVERLOADED",
        "failed, CUDA out of memory, FAILED",
        "failed, , FAILED",
        "canceled, , FAILED",
        "aborted, , TIMED_OUT"
    })
    void failed_prediction(String status, @Nullable String error, Kind kind) {
        wire.upstream.answer(Answer.json(201, wire.prediction(status, "null", error)));
        UpstreamException atOnce = failure();
        assertThat(atOnce.kind()).isEqualTo(kind);
        wire.upstream.answer(Answer.json(201, wire.prediction("starting", "null", null)), told(status, "null", error));
        UpstreamException later = failure();
        assertThat(later.kind()).isEqualTo(kind);
        assertThat(later).hasMessage(atOnce.getMessage());
        assertThat(wire.upstream.requests()).hasSize(3);
    }

    @Test
    void error_tells_where_no_file_is() {
        wire.upstream.answer(
                Answer.json(201, wire.prediction("failed", "null", "flagged: https://replicate.delivery/x/out.png")));
        assertThat(failure()).hasMessage("flagged: [a URL]");
    }

    @Test
    void lost_prediction_is_no_lost_model() {
        wire.upstream.answer(
                Answer.json(201, wire.prediction("starting", "null", null)), Answer.json(404, "{\"detail\":\"x\"}"));
        assertThat(failure().kind()).isEqualTo(Kind.FAILED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "{\"status\":7}", "<html>x</html>"})
    void nonsense_about_a_prediction_ends_it(String nonsense) {
        wire.makes(
                Answer.json(201, wire.prediction("starting", "null", null)), Answer.json(200, nonsense), new byte[0]);
        assertThat(failure().kind()).isEqualTo(Kind.MALFORMED);
        awaitCancelled();
    }

    static Stream<Arguments> names() {
        return Stream.of(
                arguments("a/b", "/v1/models/a/b/predictions", null),
                arguments("a/b:" + HEX, "/v1/predictions", HEX),
                arguments("lightricks/ltx-video", "/v1/predictions", HEX),
                arguments("deployments/a/b", "/v1/deployments/a/b/predictions", null));
    }

    @ParameterizedTest
    @MethodSource("names")
    void name_says_where_to_ask(String name, String path, @Nullable String version) throws Exception {
        wire.makes("[\"FILES/a\"]", Samples.PNG.bytes());
        wire.provider.draw(Samples.call(name), Samples.image("{\"prompt\":\"x\"}"));
        assertThat(wire.creations().getFirst().path()).isEqualTo(path);
        assertThat(wire.body().get("version")).isEqualTo(version);
    }

    @ParameterizedTest
    @ValueSource(strings = {"flux", "a/b/c", "a/../b", "a/b:latest", "a/b?webhook=x", "deployments/a/b:" + HEX, ""})
    void name_that_is_none_reaches_nobody(String name) {
        UpstreamException failure =
                Samples.failure(() -> wire.provider.draw(Samples.call(name), Samples.image("{\"prompt\":\"x\"}")));
        assertThat(failure.kind()).isEqualTo(Kind.MODEL_GONE);
        assertThat(wire.upstream.requests()).isEmpty();
    }

    @Test
    void prediction_is_cancelled_when_nobody_waits_for_it() throws Exception {
        wire.makes(
                Answer.json(201, wire.prediction("starting", "null", null)),
                told("processing", "null", null),
                new byte[0]);
        UpstreamCall call = Samples.call(MODEL);
        FutureTask<UpstreamException> running = new FutureTask<>(() -> Samples.failure(() -> draw(call)));
        Thread.ofVirtual().start(running);
        wire.upstream.awaitRequests(3);
        call.stop(UpstreamCall.Stop.CALLER_GONE);
        assertThat(running.get(20, TimeUnit.SECONDS).kind()).isEqualTo(Kind.UNREACHABLE);
        awaitCancelled();
    }

    @Test
    void prediction_that_takes_too_long_is_cancelled() {
        wire.makes(
                Answer.json(201, wire.prediction("starting", "null", null)),
                told("processing", "null", null),
                new byte[0]);
        assertThat(Samples.failure(() -> draw(Samples.call(MODEL, Duration.ofMillis(800))))
                        .kind())
                .isEqualTo(Kind.TIMED_OUT);
        awaitCancelled();
    }

    @Test
    void silence_and_cuts() {
        wire.upstream.answer(Answer.cut(10, Answer.json(201, wire.prediction("starting", "null", null))));
        assertThat(failure().kind()).isEqualTo(Kind.UNREACHABLE);
        wire.upstream.answer(Answer.stall());
        assertThat(Samples.failure(() -> draw(Samples.call(MODEL, Duration.ofMillis(500))))
                        .kind())
                .isEqualTo(Kind.TIMED_OUT);
        wire.upstream.awaitHangUps(1);
    }

    private void awaitCancelled() {
        List<Request> seen = wire.upstream.requests();
        while (seen.stream().noneMatch(request -> request.path().endsWith("/cancel"))) {
            wire.upstream.awaitRequests(seen.size() + 1);
            seen = wire.upstream.requests();
        }
        assertThat(wire.upstream.requests())
                .filteredOn(request -> request.path().endsWith("/cancel"))
                .singleElement()
                .hasToString("POST /v1/predictions/gm3q/cancel");
    }
}
