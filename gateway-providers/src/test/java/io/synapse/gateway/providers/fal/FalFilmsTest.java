package io.synapse.gateway.providers.fal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.synapse.gateway.media.Video;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.internal.media.Samples;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.PlainJson;
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
class FalFilmsTest {
    private static final String FILM =
            "{\"video\":{\"url\":\"FILES/a.mp4\",\"content_type\":\"video/mp4\",\"file_size\":7},\"seed\":7}";

    private final FalWire wire = new FalWire();

    @AfterEach
    void close() {
        wire.close();
    }

    private Video film(String model, String request) throws UpstreamException {
        return wire.provider.film(Samples.call(model), Samples.video(request));
    }

    static Stream<Arguments> requests() {
        return Stream.of(
                arguments(
                        "fal-ai/ltx-video",
                        "{\"prompt\":\"waves\",\"seed\":7,\"negative_prompt\":\"rain\",\"user\":\"u\"}",
                        "{\"prompt\":\"waves\",\"seed\":7,\"negative_prompt\":\"rain\"}"),
                arguments(
                        "fal-ai/ltx-video-13b-distilled",
                        "{\"prompt\":\"waves\",\"seconds\":5,\"size\":\"1280x720\",\"providerOptions\":{\"fal\":{\"expand_prompt\":true}}}",
                        "{\"prompt\":\"waves\",\"num_frames\":121,\"frame_rate\":24,\"resolution\":\"720p\","
                                + "\"aspect_ratio\":\"16:9\",\"expand_prompt\":true}"),
                arguments(
                        "fal-ai/ltxv-13b-098-distilled",
                        "{\"prompt\":\"waves\",\"size\":\"480x480\"}",
                        "{\"prompt\":\"waves\",\"resolution\":\"480p\",\"aspect_ratio\":\"1:1\"}"),
                arguments(
                        "fal-ai/ltx-2.3/text-to-video/fast",
                        "{\"prompt\":\"waves\",\"seconds\":8,\"size\":\"1080x1920\"}",
                        "{\"prompt\":\"waves\",\"duration\":8,\"resolution\":\"1080p\",\"aspect_ratio\":\"9:16\"}"),
                arguments(
                        "fal-ai/veo3.1",
                        "{\"prompt\":\"waves\",\"seconds\":8,\"size\":\"1920x1080\",\"seed\":1}",
                        "{\"prompt\":\"waves\",\"duration\":\"8s\",\"resolution\":\"1080p\",\"aspect_ratio\":\"16:9\","
                                + "\"seed\":1}"),
                arguments("somebody/else", "{\"prompt\":\"waves\"}", "{\"prompt\":\"waves\"}"));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void what_a_model_is_told(String model, String request, String input) throws Exception {
        wire.makes(FILM, Samples.film(5_042));
        Video video = film(model, request);
        assertThat(wire.submissions().getFirst().path()).isEqualTo("/" + model);
        assertThat(wire.input()).isEqualTo(PlainJson.object(input));
        assertThat(video.media().type()).isEqualTo("video/mp4");
        assertThat(video.media().bytes()).isEqualTo(Samples.film(5_042));
        assertThat(video.durationMillis()).isEqualTo(5_042);
        assertThat(video.usage()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "fal-ai/ltx-2.3/text-to-video/fast, 6, 6",
        "fal-ai/ltx-2.3/text-to-video/fast, 10, 10",
        "fal-ai/ltx-2.3/text-to-video/fast, 12, 12",
        "fal-ai/ltx-2.3/text-to-video/fast, 14, 14",
        "fal-ai/ltx-2.3/text-to-video/fast, 16, 16",
        "fal-ai/ltx-2.3/text-to-video/fast, 18, 18",
        "fal-ai/ltx-2.3/text-to-video/fast, 20, 20",
        "fal-ai/veo3.1/fast, 4, 4s",
        "fal-ai/veo3.1/fast, 6, 6s"
    })
    void length_in_the_words_of_the_model(String model, int seconds, String told) throws Exception {
        wire.makes(FILM, Samples.film(1_000));
        film(model, "{\"prompt\":\"waves\",\"seconds\":" + seconds + "}");
        assertThat(wire.input())
                .isEqualTo(Map.of("prompt", "waves", "duration", told.endsWith("s") ? (Object) told : seconds));
    }

    @ParameterizedTest
    @CsvSource({
        "fal-ai/ltx-video, /fal-ai/ltx-video/image-to-video",
        "fal-ai/ltx-2.3/text-to-video/fast, /fal-ai/ltx-2.3/image-to-video/fast",
        "fal-ai/ltx-video-13b-distilled, /fal-ai/ltx-video-13b-distilled/image-to-video",
        "fal-ai/ltxv-13b-098-distilled, /fal-ai/ltxv-13b-098-distilled/image-to-video",
        "fal-ai/veo3.1, /fal-ai/veo3.1/image-to-video",
        "fal-ai/veo3.1/fast, /fal-ai/veo3.1/fast/image-to-video"
    })
    void film_that_begins_with_a_picture_is_another_models(String model, String path) throws Exception {
        wire.makes(FILM, Samples.film(1_000));
        wire.provider.film(Samples.call(model), Samples.videoFrom("{\"prompt\":\"waves\"}"));
        assertThat(wire.submissions().getFirst().path()).isEqualTo(path);
        assertThat(wire.input())
                .isEqualTo(PlainJson.object("{\"prompt\":\"waves\",\"image_url\":\"" + Samples.PNG_URI + "\"}"));
    }

    @Test
    void length_is_the_films_own_or_else_what_is_said_of_it() throws Exception {
        byte[] webm = {0x1A, 0x45, (byte) 0xDF, (byte) 0xA3, 0};
        wire.makes("{\"video\":{\"url\":\"FILES/a\",\"duration\":6.04}}", webm);
        Video video = film("fal-ai/ltx-2.3/text-to-video/fast", "{\"prompt\":\"waves\"}");
        assertThat(video.durationMillis()).isEqualTo(6_040);
        assertThat(video.media().type()).isEqualTo("video/webm");
        // More than a day: nobody can believe that header.
        wire.makes("{\"video\":{\"url\":\"FILES/a\",\"duration\":6.04}}", Samples.film(90_000_000));
        assertThat(film("fal-ai/ltx-2.3/text-to-video/fast", "{\"prompt\":\"waves\"}")
                        .durationMillis())
                .isEqualTo(6_040);
        for (String said : new String[] {"null", "0", "-1", "\"6\"", "1e300"}) {
            wire.makes("{\"video\":{\"url\":\"FILES/a\",\"duration\":" + said + "}}", webm);
            assertThat(Samples.failure(() -> film("somebody/else", "{\"prompt\":\"waves\"}"))
                            .kind())
                    .isEqualTo(Kind.MALFORMED);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"video\":null}",
                "{\"video\":\"x\"}",
                "{\"video\":{}}",
                "{\"video\":{\"url\":\"FILES\",\"duration\":5}}"
            })
    void what_is_no_film_is_malformed(String result) {
        wire.makes(result, Samples.PNG.bytes());
        assertThat(Samples.failure(() -> film("fal-ai/ltx-video", "{\"prompt\":\"waves\"}"))
                        .kind())
                .isEqualTo(Kind.MALFORMED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fal-ai/ltx-video                  | seconds         | \"seconds\":5",
                "fal-ai/ltx-video                  | size            | \"size\":\"1280x720\"",
                "fal-ai/ltx-video-13b-distilled    | size            | \"size\":\"1920x1080\"",
                "fal-ai/ltx-video-13b-distilled    | size            | \"size\":\"720x480\"",
                "fal-ai/ltx-2.3/text-to-video/fast | seconds         | \"seconds\":5",
                "fal-ai/ltx-2.3/text-to-video/fast | size            | \"size\":\"3840x2160\"",
                "fal-ai/veo3.1                     | seconds         | \"seconds\":10",
                "fal-ai/veo3.1                     | size            | \"size\":\"1080x1080\"",
                "fal-ai/ltx-2.3/text-to-video/fast | seed            | \"seed\":1",
                "fal-ai/ltx-2.3/text-to-video/fast | negative_prompt | \"negative_prompt\":\"rain\"",
                "somebody/else                     | seconds         | \"seconds\":5"
            })
    void what_a_model_cannot_do_is_told_before_it_is_asked(String model, String param, String field) {
        UpstreamException failure = Samples.failure(() -> film(model, "{\"prompt\":\"x\"," + field + "}"));
        assertThat(failure.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(failure.param()).isEqualTo(param);
        assertThat(failure.getMessage()).endsWith(".");
        assertThat(wire.upstream.requests()).isEmpty();
    }

    @Test
    void first_frame_that_has_no_use_is_refused() {
        UpstreamException failure = Samples.failure(
                () -> wire.provider.film(Samples.call("somebody/else"), Samples.videoFrom("{\"prompt\":\"x\"}")));
        assertThat(failure.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(failure.param()).isEqualTo("image");
        assertThat(wire.upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "fal-ai/ltx-video-13b-distilled, enable_detail_pass",
        "fal-ai/ltx-video-13b-distilled, num_frames",
        "fal-ai/ltx-video-13b-distilled, frame_rate",
        "fal-ai/ltx-video-13b-distilled, loras",
        "somebody/else, fps",
        "somebody/else, num_videos",
        "somebody/else, video_size",
        "somebody/else, end_image_url",
        "fal-ai/veo3.1, generate_audio",
        "fal-ai/ltx-2.3/text-to-video/fast, resolution"
    })
    void what_the_gateway_decides_is_no_option(String model, String option) {
        UpstreamException failure = Samples.failure(
                () -> film(model, "{\"prompt\":\"x\",\"providerOptions\":{\"fal\":{\"" + option + "\":true}}}"));
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.param()).isEqualTo("providerOptions.fal." + option);
        assertThat(wire.upstream.requests()).isEmpty();
    }

    @Test
    void objection_is_told_in_the_callers_words() {
        wire.makes(
                "{\"status\":\"COMPLETED\",\"error\":\"x\"}",
                Answer.json(
                        422,
                        "{\"detail\":[{\"loc\":[\"body\",\"num_frames\"],\"msg\":\"ensure this value is"
                                + " less\",\"type\":\"v\"}]}"),
                new byte[0]);
        UpstreamException failure =
                Samples.failure(() -> film("fal-ai/ltx-video-13b-distilled", "{\"prompt\":\"waves\",\"seconds\":60}"));
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.param()).isEqualTo("seconds");
        assertThat(failure.getMessage()).isEqualTo("ensure this value is less");
    }
}
