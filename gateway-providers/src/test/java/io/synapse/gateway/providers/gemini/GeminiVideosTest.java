package io.synapse.gateway.providers.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.media.Media;
import io.synapse.gateway.media.Video;
import io.synapse.gateway.media.VideoRequest;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.PlainJson;
import io.synapse.gateway.testkit.fake.Request;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class GeminiVideosTest {
    private static final String MODEL = "veo-3.1-generate-preview";
    private static final String NAME = "models/veo-3.1-generate-preview/operations/abc";
    private static final Answer TAKEN = Answer.json(200, "{\"name\":\"" + NAME + "\"}");
    private static final Answer RUNNING = Answer.json(200, "{\"name\":\"" + NAME + "\"}");
    private static final byte[] FILM = GeminiWire.bytes("\0\0\0\u0010ftypisom\0\0\0\0film");

    private final GeminiWire wire = new GeminiWire();

    @AfterEach
    void close() {
        wire.close();
    }

    private static Answer done(String uri) {
        return Answer.json(
                200,
                "{\"name\":\"" + NAME + "\",\"done\":true,\"response\":{\"@type\":\"x\",\"generateVideoResponse\":"
                        + "{\"generatedSamples\":[{\"video\":{\"uri\":\"" + uri + "\"}}]}}}");
    }

    private static final String FILE = "https://generativelanguage.googleapis.com/v1beta/files/f1lm:download?alt=media";

    private Video film(String request, Media first) throws UpstreamException {
        return wire.provider.film(GeminiWire.call(MODEL), VideoRequest.of(PlainJson.object(request), first));
    }

    private UpstreamException failed() {
        return GeminiWire.failure(() -> film("{\"prompt\":\"a fox\"}", null));
    }

    @Test
    void film_from_request_to_bytes() throws Exception {
        wire.upstream.answer(TAKEN, RUNNING, RUNNING, done(FILE), GeminiWire.file("video/mp4", FILM));
        Video video = film(
                "{\"model\":\"m\",\"prompt\":\"a fox\",\"seconds\":6,\"size\":\"720x1280\",\"seed\":7,\"user\":\"u\","
                        + "\"negative_prompt\":\"dogs\",\"providerOptions\":{\"gemini\":{\"parameters\":"
                        + "{\"personGeneration\":\"allow_adult\"}}}}",
                GeminiWire.PNG);
        List<Request> requests = wire.upstream.requests();
        assertThat(requests)
                .extracting(Request::toString)
                .containsExactly(
                        "POST /v1beta/models/" + MODEL + ":predictLongRunning",
                        "GET /v1beta/" + NAME,
                        "GET /v1beta/" + NAME,
                        "GET /v1beta/" + NAME,
                        "GET /v1beta/files/f1lm:download?alt=media");
        assertThat(requests)
                .allSatisfy(
                        request -> assertThat(request.header("x-goog-api-key")).isEqualTo(GeminiWire.KEY));
        assertThat(requests.getFirst().json())
                .isEqualTo(PlainJson.object("{\"instances\":[{\"prompt\":\"a fox\",\"image\":{\"bytesBase64Encoded\":\""
                        + Base64.getEncoder().encodeToString(GeminiWire.PNG.bytes())
                        + "\",\"mimeType\":\"image/png\"}}],\"parameters\":{\"sampleCount\":1,\"aspectRatio\":\"9:16\","
                        + "\"resolution\":\"720p\",\"durationSeconds\":6,\"negativePrompt\":\"dogs\",\"seed\":7,"
                        + "\"personGeneration\":\"allow_adult\"}}"));
        assertThat(video.media().bytes()).isEqualTo(FILM);
        assertThat(video.media().type()).isEqualTo("video/mp4");
        assertThat(video.durationMillis()).isEqualTo(6_000);
        assertThat(video.usage()).isNull();
    }

    @Test
    void plain_request_is_plain() throws Exception {
        wire.upstream.answer(TAKEN, done(FILE), GeminiWire.file("video/mp4", FILM));
        assertThat(film("{\"prompt\":\"a fox\"}", null).durationMillis()).isEqualTo(8_000);
        assertThat(wire.upstream.requests().getFirst().json())
                .isEqualTo(PlainJson.object(
                        "{\"instances\":[{\"prompt\":\"a fox\"}],\"parameters\":{\"sampleCount\":1}}"));
    }

    @Test
    void redirect_on_the_same_host_is_followed_with_the_key() throws Exception {
        wire.upstream.answer(
                TAKEN,
                done(FILE),
                Answer.json(302, Map.of("Location", wire.upstream.uri() + "/download/v1beta/f1lm"), ""),
                GeminiWire.file("video/mp4", FILM));
        assertThat(film("{\"prompt\":\"a fox\"}", null).media().bytes()).isEqualTo(FILM);
        assertThat(wire.upstream.lastRequest().toString()).isEqualTo("GET /download/v1beta/f1lm");
        assertThat(wire.upstream.lastRequest().header("x-goog-api-key")).isEqualTo(GeminiWire.KEY);
    }

    @Test
    void nobody_else_is_told_the_key() throws Exception {
        String elsewhere = wire.upstream.uri().toString().replace("127.0.0.1", "localhost");
        for (Answer points : List.of(
                done("https://127.0.0.1:9/secret.mp4"), done(elsewhere + "/secret.mp4"), done("file:///etc/passwd"))) {
            wire.upstream.reset();
            wire.upstream.answerAll(request -> points);
            wire.upstream.answer(TAKEN);
            UpstreamException failure = GeminiWire.failure(() -> wire.provider.film(
                    GeminiWire.call(MODEL, Duration.ofSeconds(20)), VideoRequest.of(Map.of("prompt", "a fox"), null)));
            assertThat(failure.kind()).isIn(Kind.UNREACHABLE, Kind.MALFORMED);
            assertThat(failure.getMessage()).doesNotContain("secret", "passwd");
            assertThat(wire.upstream.requests())
                    .noneMatch(request -> request.path().contains("secret"));
        }
        wire.upstream.reset();
        wire.upstream.answer(TAKEN, done(FILE), Answer.json(302, Map.of("Location", elsewhere + "/secret.mp4"), ""));
        UpstreamException failure = failed();
        assertThat(failure.kind()).isEqualTo(Kind.MALFORMED);
        assertThat(failure.getMessage()).doesNotContain("secret");
        assertThat(wire.upstream.requests()).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({"1280x720,16:9,720p", "1920x1080,16:9,1080p", "1080x1920,9:16,1080p"})
    void size_is_a_shape_and_a_resolution(String size, String shape, String resolution) throws Exception {
        wire.upstream.answer(TAKEN, done(FILE), GeminiWire.file("video/mp4", FILM));
        film("{\"prompt\":\"a fox\",\"size\":\"" + size + "\"}", null);
        assertThat(wire.upstream.requests().getFirst().json().get("parameters"))
                .isEqualTo(Map.of("sampleCount", 1, "aspectRatio", shape, "resolution", resolution));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"size\":\"1000x1000\" | size",
                "\"size\":\"3840x2160\" | size",
                "\"seconds\":5 | seconds",
                "\"seed\":4294967296 | seed"
            })
    void what_it_cannot_do_is_refused_before_anything_is_sent(String field, String param) {
        UpstreamException failure = GeminiWire.failure(() -> film("{\"prompt\":\"x\"," + field + "}", null));
        assertThat(failure.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(failure.param()).isEqualTo(param);
        assertThat(failure.getMessage()).endsWith(".");
        assertThat(wire.upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sampleCount", "sample_count", "durationSeconds", "resolution", "generateAudio"})
    void what_the_gateway_decides_is_no_option(String field) {
        UpstreamException failure = GeminiWire.failure(() -> film(
                "{\"prompt\":\"x\",\"providerOptions\":{\"gemini\":{\"parameters\":{\"" + field + "\":4}}}}", null));
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.param()).isEqualTo("providerOptions.gemini.parameters." + field);
        assertThat(wire.upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "3,REJECTED",
        "11,REJECTED",
        "5,MODEL_GONE",
        "7,UNAUTHORIZED",
        "16,UNAUTHORIZED",
        "8,RATE_LIMITED",
        "13,FAILED",
        "14,OVERLOADED",
        "2,FAILED",
        "9,UNAUTHORIZED",
    })
    void failure_of_the_job_by_its_own_code(int code, Kind kind) {
        wire.upstream.answer(
                TAKEN, Answer.json(200, "{\"done\":true,\"error\":{\"code\":" + code + ",\"message\":\"It broke.\"}}"));
        UpstreamException failure = failed();
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(wire.upstream.requests()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"raiMediaFilteredCount\":1,\"raiMediaFilteredReasons\":[\"58061214\"]}",
                "{\"generatedSamples\":[],\"raiMediaFilteredReasons\":[\"people\"]}"
            })
    void filtered_film_is_a_refusal(String response) {
        wire.upstream.answer(
                TAKEN, Answer.json(200, "{\"done\":true,\"response\":{\"generateVideoResponse\":" + response + "}}"));
        UpstreamException failure = failed();
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.param()).isEqualTo("prompt");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"done\":true}",
                "{\"done\":true,\"response\":{}}",
                "{\"done\":true,\"response\":{\"generateVideoResponse\":{}}}",
                "{\"done\":true,\"response\":{\"generateVideoResponse\":{\"generatedSamples\":[{}]}}}",
                "[]",
                "<html></html>"
            })
    void job_that_tells_nothing_is_malformed(String state) {
        wire.upstream.answer(TAKEN, Answer.json(200, state));
        assertThat(failed().kind()).isEqualTo(Kind.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"name\":7}",
                "{\"name\":\"../../other\"}",
                "{\"name\":\"models/../other\"}",
                "{\"name\":\"a?b=c\"}",
                "{\"name\":\"//x\"}"
            })
    void job_without_a_name_is_malformed(String taken) {
        wire.upstream.answer(Answer.json(200, taken));
        assertThat(failed().kind()).isEqualTo(Kind.MALFORMED);
        assertThat(wire.upstream.requests()).hasSize(1);
    }

    @Test
    void question_that_fails_for_the_moment_is_asked_again() throws Exception {
        wire.upstream.answer(
                TAKEN,
                Answer.json(503, GeminiFormat.error(503, "UNAVAILABLE", "m", null)),
                Answer.hangUp(),
                done(FILE),
                Answer.cut(5, GeminiWire.file("video/mp4", FILM)),
                done(FILE),
                GeminiWire.file("application/octet-stream", FILM));
        assertThat(film("{\"prompt\":\"a fox\"}", null).media().bytes()).isEqualTo(FILM);
    }

    @ParameterizedTest
    @CsvSource({"404, NOT_FOUND", "400, INVALID_ARGUMENT"})
    void operation_that_is_lost_says_nothing_of_the_model(int status, String name) {
        wire.upstream.answer(TAKEN, Answer.json(status, GeminiFormat.error(status, name, "m", null)));
        UpstreamException failure = failed();
        assertThat(failure.kind()).isEqualTo(Kind.FAILED);
        assertThat(failure.param()).isNull();
    }

    @Test
    void file_that_is_no_film_is_malformed() {
        wire.upstream.answer(TAKEN, done(FILE), GeminiWire.file("video/mp4", GeminiWire.bytes("<html></html>")));
        assertThat(failed().kind()).isEqualTo(Kind.MALFORMED);
    }

    @ParameterizedTest
    @CsvSource({"404, NOT_FOUND", "403, PERMISSION_DENIED", "400, INVALID_ARGUMENT"})
    void file_that_cannot_be_had_says_nothing_of_keys_or_models(int status, String name) {
        wire.upstream.answer(TAKEN);
        wire.upstream.answerAll(request -> request.path().contains("/files/")
                ? Answer.json(status, GeminiFormat.error(status, name, "files/f1lm", null))
                : done(FILE));
        UpstreamException failure = failed();
        assertThat(failure.kind()).isEqualTo(Kind.FAILED);
        assertThat(failure.getMessage()).doesNotContain("f1lm");
    }

    @Test
    void largest_seed_is_taken() throws Exception {
        wire.upstream.answer(TAKEN, done(FILE), GeminiWire.file("video/mp4", FILM));
        film("{\"prompt\":\"a fox\",\"seed\":4294967295}", null);
        assertThat(wire.upstream.requests().getFirst().json().get("parameters"))
                .isEqualTo(Map.of("sampleCount", 1, "seed", 4_294_967_295L));
    }

    @ParameterizedTest
    @CsvSource({
        "parameters.duration_seconds, seconds",
        "parameters.aspect_ratio, size",
        "parameters.resolution, size",
        "parameters.negative_prompt, negative_prompt",
        "parameters.seed, seed",
        "instances[0].image, image",
        "instances[0].prompt, prompt",
        "parameters.of_tomorrow, "
    })
    void refusal_names_the_callers_field(String theirs, String ours) {
        wire.upstream.answer(Answer.json(
                400,
                "{\"error\":{\"code\":400,\"message\":\"m\",\"status\":\"INVALID_ARGUMENT\",\"details\":["
                        + "{\"fieldViolations\":[{\"field\":\"" + theirs + "\"}]}]}}"));
        UpstreamException failure = failed();
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.param()).isEqualTo(ours);
    }

    @Test
    void waiting_ends_with_the_time_and_with_the_caller() throws Exception {
        wire.upstream.answerAll(request -> RUNNING);
        VideoRequest request = VideoRequest.of(Map.of("prompt", "a fox"), null);
        assertThat(GeminiWire.failure(() -> wire.provider.film(GeminiWire.call(MODEL, Duration.ofMillis(400)), request))
                        .kind())
                .isEqualTo(Kind.TIMED_OUT);
        wire.upstream.reset();
        wire.upstream.answerAll(any -> RUNNING);
        UpstreamCall call = GeminiWire.call(MODEL);
        assertThat(wire.stopped(call, 3, () -> wire.provider.film(call, request))
                        .kind())
                .isEqualTo(Kind.UNREACHABLE);
    }
}
