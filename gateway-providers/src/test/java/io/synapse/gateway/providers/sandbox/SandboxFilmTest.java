package io.synapse.gateway.providers.sandbox;

import static io.synapse.gateway.providers.sandbox.Asking.SANDBOX;
import static io.synapse.gateway.providers.sandbox.Asking.call;
import static io.synapse.gateway.providers.sandbox.MediaAsking.body;
import static io.synapse.gateway.providers.sandbox.MediaAsking.film;
import static io.synapse.gateway.providers.sandbox.MediaAsking.picture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.media.Video;
import io.synapse.gateway.media.VideoRequest;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SandboxFilmTest {
    @Test
    void a_film_is_two_seconds_of_something_that_moves() throws Exception {
        Video video = SANDBOX.film(call("m", -1), film("prompt", "a boat"));
        assertThat(video.media().type()).isEqualTo("video/mp4");
        assertThat(video.durationMillis()).isEqualTo(2_000);
        assertThat(video.usage()).isEqualTo(Usage.of(Unit.MILLISECONDS, 2_000));
        FilmReader reader = new FilmReader(video.media().bytes());
        assertThat(reader.millis).isEqualTo(2_000);
        assertThat(reader.width).isEqualTo(320);
        assertThat(reader.height).isEqualTo(180);
        assertThat(reader.frames).hasSize(16);
        for (int i = 1; i < 16; i++) {
            int[] before = reader.frames.get(i - 1);
            int[] frame = reader.frames.get(i);
            int moved = 0;
            for (int pixel = 0; pixel < frame.length; pixel++) {
                moved += frame[pixel] == before[pixel] ? 0 : 1;
            }
            assertThat(moved).isBetween(10, frame.length / 10);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 320x180, 320, 180",
        "3, 1280x720, 640, 360",
        "5, 720x1280, 202, 360",
        "1, 333x199, 334, 200",
        "1, 10x10, 16, 16",
        "1, 9999x10, 640, 16",
        "1, 00x00, 16, 16",
        "60, 512x288, 512, 288",
    })
    void it_lasts_as_long_as_asked_for_in_the_asked_shape(int seconds, String size, int width, int height)
            throws Exception {
        Video video = SANDBOX.film(call("m", -1), film("prompt", "a boat", "seconds", seconds, "size", size));
        FilmReader reader = new FilmReader(video.media().bytes());
        assertThat(video.durationMillis()).isEqualTo(reader.millis).isEqualTo(seconds * 1000L);
        assertThat(reader.width).isEqualTo(width);
        assertThat(reader.height).isEqualTo(height);
        assertThat(reader.frames).hasSize(seconds * 8);
    }

    @Test
    void its_first_frame_is_the_drawing_or_the_picture() throws Exception {
        Media halves = picture("png", 600, 338, (x, y) -> x < 300 ? 0xff000000 : 0xffffffff);
        Video video = SANDBOX.film(call("m", -1), VideoRequest.of(body("prompt", "a boat"), halves));
        int[] first = new FilmReader(video.media().bytes()).frames.getFirst();
        for (int i = 0; i < first.length; i++) {
            // The darkest and the brightest that film has.
            assertThat(first[i]).isEqualTo(i % 320 < 160 ? 16 : 235);
        }
    }

    @Test
    void prompts_and_seeds_decide_the_film() throws Exception {
        byte[] one = bytes("prompt", "a boat", "seconds", 1);
        assertThat(bytes("prompt", "a boat", "seconds", 1)).isEqualTo(one);
        assertThat(bytes("prompt", "a car", "seconds", 1)).isNotEqualTo(one);
        assertThat(bytes("prompt", "a boat", "seconds", 1, "seed", 5)).isNotEqualTo(one);
    }

    @Test
    void a_first_frame_that_cannot_be_read_is_refused() {
        Media broken = new Media(new byte[10], "image/png");
        assertThatThrownBy(() -> SANDBOX.film(call("m", -1), VideoRequest.of(body("prompt", "x"), broken)))
                .isInstanceOfSatisfying(UpstreamException.class, e -> {
                    assertThat(e.kind()).isEqualTo(Kind.REJECTED);
                    assertThat(e.param()).isEqualTo("image");
                });
    }

    private static byte[] bytes(Object... fields) throws UpstreamException {
        return SANDBOX.film(call("m", -1), film(fields)).media().bytes();
    }
}
