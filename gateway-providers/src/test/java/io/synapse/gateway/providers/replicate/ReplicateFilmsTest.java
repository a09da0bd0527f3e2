package io.synapse.gateway.providers.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.media.Video;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.internal.media.Samples;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.PlainJson;
import io.synapse.gateway.testkit.fake.Request;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ReplicateFilmsTest {
    private static final String LTX = "lightricks/ltx-video";

    private final ReplicateWire wire = new ReplicateWire();

    @AfterEach
    void close() {
        wire.close();
    }

    private Video film(String model, String request) throws UpstreamException {
        return wire.provider.film(Samples.call(model), Samples.video(request));
    }

    @Test
    void film_is_created_without_waiting_and_asked_about() throws Exception {
        wire.makes(
                Answer.json(201, wire.prediction("starting", "null", null)),
                Answer.json(200, wire.prediction("succeeded", "[\"FILES/a.mp4\"]", null)),
                Samples.film(4_042));
        Video video = wire.provider.film(
                Samples.call(LTX, Duration.ofMinutes(5)),
                Samples.video(
                        "{\"prompt\":\"waves\",\"seconds\":4,\"seed\":7,\"negative_prompt\":\"rain\",\"user\":\"u\","
                                + "\"providerOptions\":{\"replicate\":{\"cfg\":4}}}"));
        Request created = wire.creations().getFirst();
        assertThat(created).hasToString("POST /v1/predictions");
        assertThat(created.header("Prefer")).isNull();
        assertThat(created.header("Cancel-After")).isEqualTo("300s");
        assertThat(created.json())
                .isEqualTo(
                        PlainJson.object(
                                "{\"version\":\"8c47da666861d081eeb4d1261853087de23923a268a69b63febdf5dc1dee08e4\",\"input\":"
                                    + "{\"prompt\":\"waves\",\"length\":97,\"seed\":7,\"negative_prompt\":\"rain\",\"cfg\":4}}"));
        assertThat(video.media().type()).isEqualTo("video/mp4");
        assertThat(video.media().bytes()).isEqualTo(Samples.film(4_042));
        assertThat(video.durationMillis()).isEqualTo(4_042);
        assertThat(video.usage()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"4, 97", "5, 129", "7, 161", "8, 193", "9, 225", "11, 257"})
    void length_is_a_number_of_frames(int seconds, int frames) throws Exception {
        wire.makes("[\"FILES/a.mp4\"]", Samples.film(1_000));
        film(LTX, "{\"prompt\":\"waves\",\"seconds\":" + seconds + "}");
        assertThat(wire.body().get("input")).isEqualTo(Map.of("prompt", "waves", "length", frames));
    }

    @Test
    void film_may_begin_with_a_picture() throws Exception {
        wire.makes("[\"FILES/a.mp4\"]", Samples.film(1_000));
        wire.provider.film(Samples.call(LTX), Samples.videoFrom("{\"prompt\":\"waves\"}"));
        assertThat(wire.body().get("input"))
                .isEqualTo(PlainJson.object("{\"prompt\":\"waves\",\"image\":\"" + Samples.PNG_URI + "\"}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "webm"})
    void what_is_no_film_or_has_no_length_is_malformed(String what) {
        byte[] webm = {0x1A, 0x45, (byte) 0xDF, (byte) 0xA3, 0};
        wire.makes("\"FILES/a\"", what.equals("png") ? Samples.PNG.bytes() : webm);
        assertThat(Samples.failure(() -> film(LTX, "{\"prompt\":\"waves\"}")).kind())
                .isEqualTo(Kind.MALFORMED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lightricks/ltx-video | seconds         | \"seconds\":10",
                "lightricks/ltx-video | size            | \"size\":\"1280x720\"",
                "somebody/else        | seconds         | \"seconds\":5",
                "somebody/else        | seed            | \"seed\":5",
                "somebody/else        | negative_prompt | \"negative_prompt\":\"rain\""
            })
    void what_a_model_cannot_do_is_told_before_it_is_asked(String model, String param, String field) {
        refused(Kind.UNSUPPORTED, param, Samples.failure(() -> film(model, "{\"prompt\":\"x\"," + field + "}")));
    }

    @Test
    void what_is_wrong_everywhere_is_rejected() {
        refused(
                Kind.REJECTED,
                "negative_prompt",
                Samples.failure(() -> film(LTX, "{\"prompt\":\"x\",\"negative_prompt\":7}")));
        refused(
                Kind.UNSUPPORTED,
                "image",
                Samples.failure(() ->
                        wire.provider.film(Samples.call("somebody/else"), Samples.videoFrom("{\"prompt\":\"x\"}"))));
        refused(
                Kind.REJECTED,
                "providerOptions.replicate.steps",
                Samples.failure(
                        () -> film(LTX, "{\"prompt\":\"x\",\"providerOptions\":{\"replicate\":{\"steps\":50}}}")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prompt",
                "length",
                "num_frames",
                "duration",
                "fps",
                "frames_per_second",
                "aspect_ratio",
                "resolution",
                "target_size",
                "model",
                "image",
                "generate_audio",
                "disable_safety_checker",
                "safety_tolerance"
            })
    void what_the_gateway_decides_is_no_option(String option) {
        refused(
                Kind.REJECTED,
                "providerOptions.replicate." + option,
                Samples.failure(() ->
                        film(LTX, "{\"prompt\":\"x\",\"providerOptions\":{\"replicate\":{\"" + option + "\":1}}}")));
    }

    @Test
    void objection_is_told_in_the_callers_words() {
        wire.upstream.answer(Answer.json(
                422, "{\"detail\":\"d\",\"invalid_fields\":[{\"type\":\"enum\",\"field\":\"input.length\"}]}"));
        UpstreamException failure = Samples.failure(() -> film(LTX, "{\"prompt\":\"waves\",\"seconds\":5}"));
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.param()).isEqualTo("seconds");
    }

    private void refused(Kind kind, String param, UpstreamException failure) {
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.param()).isEqualTo(param);
        assertThat(failure.getMessage()).endsWith(".");
        assertThat(wire.upstream.requests()).isEmpty();
    }
}
