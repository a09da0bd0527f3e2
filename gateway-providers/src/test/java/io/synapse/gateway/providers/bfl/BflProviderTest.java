package io.synapse.gateway.providers.bfl;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.media.Images;
import io.synapse.gateway.provider.Provider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.http.Polling;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.providers.internal.media.ImageProviderContract;
import io.synapse.gateway.providers.internal.media.ImageWire;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.PlainJson;
import io.synapse.gateway.testkit.fake.Request;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BflProviderTest extends ImageProviderContract<BflProvider> {
    private static final String MODEL = "flux-kontext-pro";
    private static final String FOX = "{\"prompt\":\"a fox\"}";
    private static final Polling QUICK = new Polling(Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(2));
    private static final Polling NEVER = new Polling(Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1));

    @Override
    protected String id() {
        return "bfl";
    }

    @Override
    protected String model() {
        return MODEL;
    }

    @Override
    protected Optional<? extends Provider> of(UpstreamHttp http, Function<String, @Nullable String> settings) {
        return BflProvider.of(http, settings);
    }

    @Override
    protected BflProvider provider() {
        return provider(QUICK);
    }

    private BflProvider provider(Polling polling) {
        return new BflProvider(wire.http, URI.create(wire.upstream.uri() + "/v1"), ImageWire.KEY, polling);
    }

    @Override
    protected Answer well(Request request) {
        if (request.method().equals("POST")) {
            return taken("/v1/get_result?id=job-1");
        }
        return request.path().startsWith("/v1/get_result")
                ? ready()
                : ImageWire.file("application/octet-stream", ImageWire.PNG.bytes());
    }

    private Answer taken(String place) {
        return Answer.json(
                200,
                "{\"id\":\"job-1\",\"polling_url\":\"" + wire.upstream.uri() + place
                        + "\",\"cost\":4.0,\"input_mp\":1.0,\"output_mp\":1.0}");
    }

    private Answer ready() {
        return Answer.json(
                200,
                "{\"id\":\"job-1\",\"status\":\"Ready\",\"result\":{\"sample\":\"" + wire.upstream.uri()
                        + "/delivery/sample.png?sig=private\",\"seed\":1}}");
    }

    private static Answer status(String status) {
        return Answer.json(200, "{\"id\":\"job-1\",\"status\":\"" + status + "\",\"result\":null}");
    }

    private Images draw(String json) throws UpstreamException {
        return provider().draw(ImageWire.call(MODEL), ImageWire.image(json));
    }

    private UpstreamException polled(Answer... answers) {
        wire.upstream.reset();
        wire.upstream.answer(taken("/v1/get_result?id=job-1"));
        wire.upstream.answer(answers);
        return ImageWire.failure(() -> draw(FOX));
    }

    @Test
    void picture_is_submitted_waited_for_and_fetched() throws Exception {
        wire.upstream.answer(taken("/v1/get_result?id=job-1"), status("Pending"), status("Pending"), ready());
        wire.upstream.answerAll(this::well);
        Images images = provider()
                .edit(
                        ImageWire.call(MODEL),
                        ImageWire.edit("{\"prompt\":\"snow\",\"size\":\"1536x1024\","
                                + "\"providerOptions\":{\"bfl\":{\"seed\":42}}}"));
        assertThat(images.pictures().getFirst().media().bytes()).isEqualTo(ImageWire.PNG.bytes());
        assertThat(images.pictures().getFirst().media().type()).isEqualTo("image/png");
        assertThat(images.usage()).isNull();
        List<Request> requests = wire.upstream.requests();
        assertThat(requests)
                .extracting(Request::toString)
                .containsExactly(
                        "POST /v1/flux-kontext-pro",
                        "GET /v1/get_result?id=job-1",
                        "GET /v1/get_result?id=job-1",
                        "GET /v1/get_result?id=job-1",
                        "GET /delivery/sample.png?sig=private");
        assertThat(requests.getFirst().json())
                .isEqualTo(PlainJson.object("{\"prompt\":\"snow\",\"input_image\":\"" + ImageWire.B64
                        + "\",\"aspect_ratio\":\"3:2\",\"seed\":42}"));
        assertThat(requests.subList(0, 4))
                .allSatisfy(request -> assertThat(request.header("x-key")).isEqualTo(ImageWire.KEY));
        assertThat(requests.getLast().headers()).doesNotContainKey("x-key");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/get_result, /v1/get_result?id=job-1",
        "/v1/get_result?region=eu, /v1/get_result?region=eu&id=job-1",
        "/elsewhere?a=b&id=other, /elsewhere?a=b&id=other"
    })
    void place_is_asked_as_it_is_but_for_the_id(String told, String asked) throws Exception {
        wire.upstream.answer(taken(told), ready());
        wire.upstream.answerAll(this::well);
        draw(FOX);
        assertThat(wire.upstream.requests().get(1).path()).isEqualTo(asked);
    }

    @Test
    void filter_refuses_for_good() {
        UpstreamException request = polled(status("Request Moderated"));
        assertThat(request.kind()).isEqualTo(Kind.REJECTED);
        assertThat(request.param()).isEqualTo("prompt");
        UpstreamException content = polled(status("Content Moderated"));
        assertThat(content.kind()).isEqualTo(Kind.REJECTED);
        assertThat(content.param()).isNull();
        assertThat(wire.upstream.requests()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Error", "Failed", "Task not found", "Of tomorrow", ""})
    void every_other_end_is_a_failure(String status) {
        assertThat(polled(status(status)).kind()).isEqualTo(Kind.FAILED);
        assertThat(wire.upstream.requests()).hasSize(2);
    }

    @Test
    void job_that_is_not_there_is_no_missing_model() {
        assertThat(polled(Answer.json(404, "{\"detail\":\"Task not found\"}")).kind())
                .isEqualTo(Kind.FAILED);
        assertThat(wire.upstream.requests()).hasSize(2);
    }

    @Test
    void question_that_fails_for_now_is_asked_again() throws Exception {
        wire.upstream.answer(
                taken("/v1/get_result?id=job-1"),
                Answer.json(503, "{}"),
                Answer.json(500, "{}"),
                Answer.hangUp(),
                ready());
        wire.upstream.answerAll(this::well);
        assertThat(draw(FOX).pictures()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":\"job-1\"}",
                "{\"status\":null}",
                "{\"status\":7}",
                "{\"status\":\"Ready\"}",
                "{\"status\":\"Ready\",\"result\":null}",
                "{\"status\":\"Ready\",\"result\":{}}",
                "{\"status\":\"Ready\",\"result\":{\"sample\":7}}",
                "{\"status\":\"Ready\",\"result\":{\"sample\":\"not a url\"}}",
                "{\"status\":\"Ready\",\"result\":{\"sample\":\"http://x.example/a.png\"}}",
                "<html>"
            })
    void what_is_no_end_is_malformed(String answer) {
        assertThat(polled(Answer.json(200, answer)).kind()).isEqualTo(Kind.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":\"job-1\"}",
                "{\"polling_url\":\"http://127.0.0.1/x\"}",
                "{\"id\":7,\"polling_url\":\"http://127.0.0.1/x\"}",
                "{\"id\":\"job-1\",\"polling_url\":\"https://api.eu2.bfl.ai/v1/get_result?id=job-1\"}",
                "{\"id\":\"job-1\",\"status\":\"queued\",\"webhook_url\":\"https://x.example\"}"
            })
    void job_without_a_place_of_its_own_is_malformed(String answer) {
        wire.upstream.answer(Answer.json(200, answer));
        UpstreamException failure = ImageWire.failure(() -> draw(FOX));
        assertThat(failure.kind()).isEqualTo(Kind.MALFORMED);
        assertThat(failure.getMessage()).doesNotContain("bfl.ai");
        assertThat(wire.upstream.requests()).hasSize(1);
    }

    @Test
    void picture_that_cannot_be_fetched_tells_no_address() {
        UpstreamException gone = polled(ready(), Answer.json(403, "{}"));
        assertThat(gone.kind()).isEqualTo(Kind.FAILED);
        assertThat(gone.getMessage()).doesNotContain("private", "delivery");
        assertThat(polled(ready(), Answer.whole(200, Map.of("Content-Type", "text/html"), "<html>"))
                        .kind())
                .isEqualTo(Kind.MALFORMED);
    }

    @Test
    void wait_ends_with_the_call() throws Exception {
        wire.upstream.answer(taken("/v1/get_result?id=job-1"));
        UpstreamCall brief = ImageWire.call(MODEL, Duration.ofMillis(300));
        assertThat(ImageWire.failure(() -> provider(NEVER).draw(brief, ImageWire.image(FOX)))
                        .kind())
                .isEqualTo(Kind.TIMED_OUT);
        assertThat(wire.upstream.requests()).hasSize(1);
        wire.upstream.reset();
        wire.upstream.answer(taken("/v1/get_result?id=job-1"));
        UpstreamCall waiting = ImageWire.call(MODEL);
        FutureTask<UpstreamException> running =
                new FutureTask<>(() -> ImageWire.failure(() -> provider(NEVER).draw(waiting, ImageWire.image(FOX))));
        Thread thread = Thread.ofPlatform().daemon().start(running);
        wire.upstream.awaitRequests(1);
        while (!running.isDone() && thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        waiting.stop(UpstreamCall.Stop.CALLER_GONE);
        assertThat(running.get(20, TimeUnit.SECONDS).kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(wire.upstream.requests()).hasSize(1);
        wire.upstream.reset();
        wire.upstream.answer(taken("/v1/get_result?id=job-1"), Answer.stall());
        UpstreamCall call = ImageWire.call(MODEL);
        assertThat(wire.stopped(call, 2, () -> provider().draw(call, ImageWire.image(FOX)))
                        .kind())
                .isEqualTo(Kind.UNREACHABLE);
        wire.upstream.awaitHangUps(1);
    }

    @ParameterizedTest
    @CsvSource({"input_image, image", "aspect_ratio, size", "width, size", "height, size", "prompt, prompt", "seed, "})
    void field_at_fault_has_the_callers_name(String theirs, String ours) {
        wire.upstream.answer(Answer.json(
                422,
                "{\"detail\":[{\"type\":\"value_error\",\"loc\":[\"body\",\"" + theirs
                        + "\"],\"msg\":\"Input should be better\"}]}"));
        UpstreamException failure = ImageWire.failure(
                () -> provider().edit(ImageWire.call(MODEL), ImageWire.edit("{\"prompt\":\"snow\"}")));
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.param()).isEqualTo(ours);
        assertThat(failure).hasMessage("Input should be better");
    }

    @Test
    void account_without_credits_is_exhausted() {
        wire.upstream.answer(Answer.json(402, "{\"detail\":\"Insufficient credits\"}"));
        assertThat(ImageWire.failure(() -> draw(FOX)).kind()).isEqualTo(Kind.QUOTA_EXHAUSTED);
    }

    @Test
    void model_that_is_no_path_is_none() {
        UpstreamCall call = ImageWire.call("../x y");
        assertThat(ImageWire.failure(() -> provider().draw(call, ImageWire.image(FOX)))
                        .kind())
                .isEqualTo(Kind.MODEL_GONE);
        assertThat(wire.upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prompt",
                "width",
                "height",
                "aspect_ratio",
                "input_image",
                "images",
                "input_image_2",
                "input_image_3",
                "input_image_4",
                "input_image_5",
                "input_image_6",
                "input_image_7",
                "input_image_8",
                "input_image_9",
                "input_image_10",
                "resolution",
                "image_prompt",
                "webhook_url",
                "webhook_secret"
            })
    void what_the_gateway_decides_is_no_option(String field) {
        assertOwned(field);
    }
}
