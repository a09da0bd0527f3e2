package io.synapse.gateway.providers.fal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.synapse.gateway.media.Images;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.internal.media.Samples;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.Request;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FalQueueTest {
    private static final String MODEL = "fal-ai/flux/schnell";
    private static final String RESULT = "{\"images\":[{\"url\":\"FILES/a.png\",\"width\":1024,\"height\":768,"
            + "\"content_type\":\"image/jpeg\"}],\"seed\":42,\"prompt\":\"a fox\",\"has_nsfw_concepts\":[false],"
            + "\"timings\":{\"inference\":0.4}}";

    private final FalWire wire = new FalWire();

    @AfterEach
    void close() {
        wire.close();
    }

    private Images draw(UpstreamCall call) throws UpstreamException {
        return wire.provider.draw(call, Samples.image("{\"prompt\":\"a fox\",\"size\":\"512x512\",\"n\":1}"));
    }

    private UpstreamException failure() {
        return Samples.failure(() -> draw(Samples.call(MODEL)));
    }

    @Test
    void job_is_submitted_watched_and_fetched() throws Exception {
        wire.makes(RESULT, Samples.PNG.bytes());
        wire.upstream.answer(
                Answer.json(200, wire.taken()),
                Answer.json(202, "{\"status\":\"IN_QUEUE\",\"queue_position\":1}"),
                Answer.json(202, "{\"status\":\"IN_PROGRESS\",\"logs\":[]}"));
        Images images = draw(Samples.call(MODEL, Duration.ofSeconds(30)));
        assertThat(images.pictures()).hasSize(1);
        assertThat(images.pictures().getFirst().media().bytes()).isEqualTo(Samples.PNG.bytes());
        assertThat(images.pictures().getFirst().media().type()).isEqualTo("image/png");
        assertThat(images.usage()).isNull();
        String job = "GET /fal-ai/flux/requests/764c";
        assertThat(wire.upstream.requests())
                .extracting(Request::toString)
                .containsExactly(
                        "POST /fal-ai/flux/schnell",
                        job + "/status",
                        job + "/status",
                        job + "/status",
                        job,
                        "GET /files/a.png");
        Request submitted = wire.upstream.requests().getFirst();
        assertThat(submitted.header("Authorization")).isEqualTo("Key " + FalWire.KEY);
        assertThat(submitted.header("Content-Type")).isEqualTo("application/json");
        assertThat(submitted.header("X-Fal-Request-Timeout")).isEqualTo("30");
        assertThat(submitted.header("X-Fal-Object-Lifecycle-Preference"))
                .isEqualTo("{\"expiration_duration_seconds\":3600}");
        assertThat(wire.upstream.requests().get(4).header("Authorization")).isEqualTo("Key " + FalWire.KEY);
        assertThat(wire.upstream.lastRequest().headers()).doesNotContainKey("Authorization");
    }

    @Test
    void question_that_fails_says_nothing_about_the_job() throws Exception {
        wire.makes(RESULT, Samples.PNG.bytes());
        wire.upstream.answer(
                Answer.json(200, wire.taken()),
                Answer.json(500, "{}"),
                Answer.json(429, "{}"),
                Answer.hangUp(),
                Answer.json(200, FalWire.DONE),
                Answer.json(503, "{}"));
        assertThat(draw(Samples.call(MODEL)).pictures()).hasSize(1);
        assertThat(wire.submissions()).hasSize(1);
    }

    @Test
    void result_that_is_not_there_yet_is_waited_for() throws Exception {
        wire.makes(RESULT, Samples.PNG.bytes());
        wire.upstream.answer(
                Answer.json(200, wire.taken()),
                Answer.json(200, FalWire.DONE),
                Answer.json(400, "{\"detail\":\"Request is still in progress\"}"));
        assertThat(draw(Samples.call(MODEL)).pictures()).hasSize(1);
        assertThat(wire.submissions()).hasSize(1);
    }

    @Test
    void failed_job_whose_result_never_comes_has_failed() {
        wire.makes(
                "{\"status\":\"COMPLETED\",\"error\":\"it broke\"}",
                Answer.json(400, "{\"detail\":\"Request is still in progress\"}"),
                new byte[0]);
        assertThat(failure().kind()).isEqualTo(Kind.FAILED);
        assertThat(wire.upstream.requests()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void job_that_cannot_be_asked_about_is_not_handed_in_again(int status) throws Exception {
        wire.upstream.answer(Answer.json(200, wire.taken()));
        wire.upstream.answerAll(request ->
                request.method().equals("PUT") ? Answer.json(202, "{\"status\":\"OK\"}") : Answer.json(status, "{}"));
        // A kind that says "later" would have the engine submit, and pay, a second one.
        assertThat(failure().kind()).isEqualTo(Kind.FAILED);
        awaitCancelled();
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                arguments(401, "{\"detail\":\"Cannot access application\"}", Kind.UNAUTHORIZED, null),
                arguments(402, "{\"detail\":\"m\"}", Kind.QUOTA_EXHAUSTED, null),
                arguments(
                        403, "{\"detail\":\"User is locked. Reason: Exhausted balance.\"}", Kind.QUOTA_EXHAUSTED, null),
                arguments(404, "{\"detail\":\"Application 'x' not found\"}", Kind.MODEL_GONE, null),
                arguments(429, "{\"detail\":\"Too many requests\"}", Kind.RATE_LIMITED, null),
                arguments(
                        422,
                        "{\"detail\":[{\"loc\":[\"body\",\"prompt\"],\"msg\":\"field"
                                + " required\",\"type\":\"missing\"}]}",
                        Kind.REJECTED,
                        "prompt"),
                arguments(
                        422,
                        "{\"detail\":[{\"loc\":[\"body\",\"image_size\",\"width\"],\"msg\":\"too"
                                + " large\",\"type\":\"x\"}]}",
                        Kind.REJECTED,
                        "size"),
                arguments(
                        422,
                        "{\"detail\":[{\"loc\":[\"body\",\"num_images\"],\"msg\":\"too many\",\"type\":\"x\"}]}",
                        Kind.REJECTED,
                        "n"),
                arguments(
                        422,
                        "{\"detail\":[{\"loc\":[\"body\"],\"msg\":\"m\",\"type\":\"content_policy_violation\"}]}",
                        Kind.REJECTED,
                        null),
                arguments(
                        504,
                        "{\"detail\":\"Request timed out\",\"error_type\":\"request_timeout\"}",
                        Kind.TIMED_OUT,
                        null),
                arguments(
                        503, "{\"detail\":\"m\",\"error_type\":\"runner_scheduling_failure\"}", Kind.OVERLOADED, null),
                arguments(500, "{\"detail\":\"Internal Server Error\"}", Kind.FAILED, null),
                arguments(200, "<html><body>Hello</body></html>", Kind.MALFORMED, null),
                arguments(200, "{\"status\":\"IN_QUEUE\"}", Kind.MALFORMED, null));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refused_submission(int status, String body, Kind kind, @Nullable String param) {
        wire.upstream.answer(Answer.json(status, Map.of("Retry-After", "7"), body));
        UpstreamException failure = failure();
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.param()).isEqualTo(param);
        assertThat(failure.getMessage()).doesNotContain("SECRET");
        assertThat(wire.upstream.requests()).hasSize(1);
        if (kind == Kind.RATE_LIMITED) {
            assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(7));
        }
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void failed_job_is_completed_and_its_result_is_the_failure(
            int status, String body, Kind kind, @Nullable String param) {
        wire.makes(
                "{\"status\":\"COMPLETED\",\"error\":\"it broke\",\"error_type\":\"runner_server_error\"}",
                Answer.json(status, body),
                new byte[0]);
        UpstreamException failure = failure();
        // Whatever stands there with a status of success is not what was asked for.
        boolean json = status == 200 && body.startsWith("{");
        assertThat(failure.kind()).isEqualTo(json ? Kind.FAILED : kind);
        assertThat(failure.param()).isEqualTo(param);
        assertThat(wire.submissions()).hasSize(1);
        assertThat(wire.upstream.requests()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"FAILED", "CANCELED", "whatever"})
    void state_that_is_unknown_is_the_end(String state) {
        wire.makes("{\"status\":\"" + state + "\"}", Answer.json(200, "{}"), new byte[0]);
        assertThat(failure().kind()).isEqualTo(Kind.FAILED);
        assertThat(wire.upstream.requests()).hasSize(2);
    }

    @Test
    void lost_job_is_no_lost_model() {
        wire.upstream.answer(Answer.json(200, wire.taken()), Answer.json(404, "{\"detail\":\"Request not found\"}"));
        assertThat(failure().kind()).isEqualTo(Kind.FAILED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"status\":7}", "{}", "[]", "<html>x</html>"})
    void nonsense_about_a_job_ends_it(String state) {
        wire.makes(state, Answer.json(200, "{}"), new byte[0]);
        assertThat(failure().kind()).isEqualTo(Kind.MALFORMED);
        wire.upstream.awaitRequests(3);
        assertThat(wire.upstream.lastRequest()).hasToString("PUT /fal-ai/flux/requests/764c/cancel");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/status",
                "http://127.0.0.1:1/status",
                "http://u:p@127.0.0.1/status",
                "%",
                ""
            })
    void credentials_go_to_no_other_host(String elsewhere) {
        String taken = wire.taken().replaceAll("\"status_url\":\"[^\"]*\"", "\"status_url\":\"" + elsewhere + "\"");
        wire.upstream.answer(Answer.json(200, taken));
        UpstreamException failure = failure();
        assertThat(failure.kind()).isEqualTo(Kind.MALFORMED);
        assertThat(failure.getMessage()).doesNotContain("evil");
        assertThat(wire.upstream.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"flux", "fal-ai/../secret", "fal-ai/flux?fal_webhook=x", "fal-ai//flux", "/fal-ai/flux", ""})
    void name_that_is_none_reaches_nobody(String model) {
        UpstreamException failure =
                Samples.failure(() -> wire.provider.draw(Samples.call(model), Samples.image("{\"prompt\":\"x\"}")));
        assertThat(failure.kind()).isEqualTo(Kind.MODEL_GONE);
        assertThat(wire.upstream.requests()).isEmpty();
    }

    @Test
    void job_is_cancelled_when_nobody_waits_for_it() throws Exception {
        wire.makes("{\"status\":\"IN_PROGRESS\"}", Answer.json(400, "{}"), new byte[0]);
        UpstreamCall call = Samples.call(MODEL);
        FutureTask<UpstreamException> running = new FutureTask<>(() -> Samples.failure(() -> draw(call)));
        Thread.ofVirtual().start(running);
        wire.upstream.awaitRequests(3);
        call.stop(UpstreamCall.Stop.CALLER_GONE);
        assertThat(running.get(20, TimeUnit.SECONDS).kind()).isEqualTo(Kind.UNREACHABLE);
        awaitCancelled();
    }

    @Test
    void every_one_of_several_jobs_is_cancelled_when_nobody_waits_for_them() throws Exception {
        AtomicInteger jobs = new AtomicInteger();
        wire.upstream.answerAll(request -> Answer.json(
                200,
                request.method().equals("POST")
                        ? wire.taken().replace("764c", "job" + jobs.incrementAndGet())
                        : "{\"status\":\"IN_PROGRESS\"}"));
        UpstreamCall call = Samples.call("fal-ai/recraft/v3/text-to-image");
        FutureTask<UpstreamException> running = new FutureTask<>(
                () -> Samples.failure(() -> wire.provider.draw(call, Samples.image("{\"prompt\":\"a fox\",\"n\":3}"))));
        Thread.ofVirtual().start(running);
        awaitJobs("GET", "/status");
        call.stop(UpstreamCall.Stop.CALLER_GONE);
        assertThat(running.get(20, TimeUnit.SECONDS).kind()).isEqualTo(Kind.UNREACHABLE);
        awaitJobs("PUT", "/cancel");
    }

    /** Waits until each of three jobs has come up so. */
    private void awaitJobs(String method, String end) {
        Set<String> expected = new HashSet<>();
        for (int i = 1; i <= 3; i++) {
            expected.add(method + " /fal-ai/flux/requests/job" + i + end);
        }
        List<Request> seen = wire.upstream.requests();
        while (!seen.stream().map(Request::toString).collect(Collectors.toSet()).containsAll(expected)) {
            wire.upstream.awaitRequests(seen.size() + 1);
            seen = wire.upstream.requests();
        }
    }

    @Test
    void job_that_takes_too_long_is_cancelled() throws Exception {
        wire.makes("{\"status\":\"IN_QUEUE\"}", Answer.json(400, "{}"), new byte[0]);
        assertThat(Samples.failure(() -> draw(Samples.call(MODEL, Duration.ofMillis(800))))
                        .kind())
                .isEqualTo(Kind.TIMED_OUT);
        // Less than that it does not take.
        assertThat(wire.submissions().getFirst().header("X-Fal-Request-Timeout"))
                .isEqualTo("2");
        awaitCancelled();
    }

    @Test
    void silence_and_cuts() throws Exception {
        wire.upstream.answer(Answer.cut(10, Answer.json(200, wire.taken())));
        assertThat(failure().kind()).isEqualTo(Kind.UNREACHABLE);
        wire.upstream.answer(Answer.stall());
        assertThat(Samples.failure(() -> draw(Samples.call(MODEL, Duration.ofMillis(500))))
                        .kind())
                .isEqualTo(Kind.TIMED_OUT);
        wire.upstream.awaitHangUps(1);
        wire.makes(RESULT, new byte[0]);
        wire.upstream.answer(
                Answer.json(200, wire.taken()),
                Answer.json(200, FalWire.DONE),
                Answer.json(200, "{\"images\":[{\"url\":\"" + wire.upstream.uri() + "/files/a\"}]}"),
                Answer.cut(3, Samples.file(Samples.PNG.bytes())));
        assertThat(failure().kind()).isEqualTo(Kind.UNREACHABLE);
        wire.makes(FalWire.DONE, Answer.stall(), new byte[0]);
        assertThat(Samples.failure(() -> draw(Samples.call(MODEL, Duration.ofMillis(500))))
                        .kind())
                .isEqualTo(Kind.TIMED_OUT);
        wire.upstream.awaitHangUps(2);
    }

    private void awaitCancelled() {
        List<Request> seen = wire.upstream.requests();
        while (seen.stream().noneMatch(request -> request.method().equals("PUT"))) {
            wire.upstream.awaitRequests(seen.size() + 1);
            seen = wire.upstream.requests();
        }
        assertThat(wire.upstream.requests())
                .filteredOn(request -> request.method().equals("PUT"))
                .singleElement()
                .satisfies(request -> assertThat(request.path()).isEqualTo("/fal-ai/flux/requests/764c/cancel"))
                .satisfies(
                        request -> assertThat(request.header("Authorization")).isEqualTo("Key " + FalWire.KEY));
    }
}
