package io.synapse.gateway.http.media;

import static io.synapse.gateway.http.media.SamplePictures.anmf;
import static io.synapse.gateway.http.media.SamplePictures.drawn;
import static io.synapse.gateway.http.media.SamplePictures.gif;
import static io.synapse.gateway.http.media.SamplePictures.gifFrame;
import static io.synapse.gateway.http.media.SamplePictures.join;
import static io.synapse.gateway.http.media.SamplePictures.latin;
import static io.synapse.gateway.http.media.SamplePictures.png;
import static io.synapse.gateway.http.media.SamplePictures.pngChunk;
import static io.synapse.gateway.http.media.SamplePictures.vp8;
import static io.synapse.gateway.http.media.SamplePictures.vp8l;
import static io.synapse.gateway.http.media.SamplePictures.vp8x;
import static io.synapse.gateway.http.media.SamplePictures.webp;
import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.header.PictureHeader;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PictureHeaderTest {
    private static PictureHeader of(byte[] file) {
        return PictureHeader.of(file).orElseThrow();
    }

    @Test
    void true_pictures_tell_their_size() {
        assertThat(of(drawn("png", 17, 5))).isEqualTo(new PictureHeader("image/png", 17, 5, 1));
        assertThat(of(drawn("jpeg", 300, 200))).isEqualTo(new PictureHeader("image/jpeg", 300, 200, 1));
        assertThat(of(drawn("gif", 33, 44))).isEqualTo(new PictureHeader("image/gif", 33, 44, 1));
    }

    @Test
    void all_kinds_of_webp_tell_their_size() {
        assertThat(of(webp(vp8(640, 480)))).isEqualTo(new PictureHeader("image/webp", 640, 480, 1));
        assertThat(of(webp(vp8l(16_384, 1)))).isEqualTo(new PictureHeader("image/webp", 16_384, 1, 1));
        assertThat(of(webp(vp8x(800, 600), vp8(800, 600)))).isEqualTo(new PictureHeader("image/webp", 800, 600, 1));
        assertThat(of(webp(vp8x(800, 600), anmf(0, 0, 8, 8), anmf(2, 2, 8, 8))))
                .isEqualTo(new PictureHeader("image/webp", 800, 600, 2));
    }

    @Test
    void the_largest_of_contradicting_sizes_counts() {
        byte[] gif = join(Arrays.copyOf(gif(1, 1, 0), 13), gifFrame(60_000, 10, 5_000, 20_000), new byte[] {0x3B});
        assertThat(of(gif)).isEqualTo(new PictureHeader("image/gif", 65_000, 20_010, 1));
        assertThat(of(webp(vp8x(1, 1), vp8l(9_000, 9_000))))
                .isEqualTo(new PictureHeader("image/webp", 9_000, 9_000, 1));
        assertThat(of(webp(vp8x(1, 1), anmf(100_000, 0, 8, 8))).width()).isEqualTo(100_008);
    }

    @Test
    void frames_are_counted() {
        assertThat(of(gif(10, 10, 10_000)).frames()).isEqualTo(10_000);
        byte[][] moving = new byte[2_000][];
        Arrays.fill(moving, pngChunk("fcTL", new byte[26]));
        assertThat(of(png(10, 10, moving)).frames()).isEqualTo(2_000);
    }

    @Test
    void sizes_beyond_all_measure_are_told_as_they_are() {
        assertThat(of(png(60_000, 60_000))).isEqualTo(new PictureHeader("image/png", 60_000, 60_000, 1));
        assertThat(of(png(-1, -1)).width()).isEqualTo(0xFFFF_FFFFL);
    }

    @ParameterizedTest
    @MethodSource("broken")
    void broken_heads_and_other_files_are_none(byte[] file) {
        assertThat(PictureHeader.of(file)).isEmpty();
    }

    static Stream<byte[]> broken() {
        byte[] lying = png(10, 10);
        lying[19] = 99;
        byte[] truncatedJpeg = Arrays.copyOf(drawn("jpeg", 300, 200), 40);
        return Stream.of(
                new byte[0],
                new byte[1],
                latin("hello, I am text"),
                latin("<svg xmlns='http://www.w3.org/2000/svg'/>"),
                latin("BM000000000000000000000000000000000000"),
                latin("\u0089PNG\r\n\u001a\n"),
                lying,
                png(0, 10),
                png(10, 0),
                Arrays.copyOf(png(10, 10), 32),
                truncatedJpeg,
                latin("\u00ff\u00d8\u00ff\u00d9"),
                // Its pixels come before its size; its size is empty; its size is cut off; a segment has no length.
                latin("\u00ff\u00d8\u00ff\u00da\0\4ab\u00ff\u00c0\0\u000b\10\0\1\0\1\1\1\21\0"),
                latin("\u00ff\u00d8\u00ff\u00c0\0\u000b\10\0\0\0\1\1\1\21\0"),
                latin("\u00ff\u00d8\u00ff\u00c0\0\u000b\10\0\1"),
                latin("\u00ff\u00d8\u00ff\u00e0\0\0\u00ff\u00c0\0\u000b\10\0\1\0\1\1\1\21\0"),
                gif(10, 10, 0),
                gif(0, 0, 0),
                latin("GIF89a"),
                // A script that calls itself a picture.
                latin("GIF89a/*<svg/onload=alert(1)>*/=1;alert(document.cookie)"),
                webp(),
                webp(vp8x(10, 10)),
                webp(vp8(0, 10)),
                Arrays.copyOf(webp(vp8(640, 480)), 24));
    }

    @Test
    void a_picture_with_something_behind_it_is_what_its_head_says() {
        byte[] polyglot = join(drawn("png", 3, 3), latin("<script>alert(1)</script>PK\3\4"));

        assertThat(of(polyglot)).isEqualTo(new PictureHeader("image/png", 3, 3, 1));
    }

    @Test
    void no_prefix_and_no_noise_makes_it_fail_or_go_round() {
        Random random = new Random(42);
        for (byte[] whole : new byte[][] {
            drawn("png", 9, 9), drawn("jpeg", 9, 9), gif(9, 9, 3), webp(vp8x(9, 9), anmf(0, 0, 9, 9), vp8(9, 9))
        }) {
            for (int length = 0; length < whole.length; length++) {
                PictureHeader.of(Arrays.copyOf(whole, length));
            }
            for (int i = 0; i < 5_000; i++) {
                byte[] noisy = whole.clone();
                for (int j = 0; j < 4; j++) {
                    noisy[random.nextInt(noisy.length)] = (byte) random.nextInt();
                }
                PictureHeader.of(noisy);
            }
        }
    }
}
