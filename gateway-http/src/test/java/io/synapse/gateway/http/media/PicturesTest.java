package io.synapse.gateway.http.media;

import static io.synapse.gateway.http.media.SamplePictures.drawn;
import static io.synapse.gateway.http.media.SamplePictures.gif;
import static io.synapse.gateway.http.media.SamplePictures.join;
import static io.synapse.gateway.http.media.SamplePictures.latin;
import static io.synapse.gateway.http.media.SamplePictures.png;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.synapse.gateway.fault.InvalidRequestException;
import io.synapse.gateway.header.PictureRules;
import io.synapse.gateway.media.Media;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PicturesTest {
    private static final byte[] PNG = drawn("png", 8, 8);

    private final Pictures pictures = new Pictures(new PictureFetcher(false));

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private void assertRefused(String value, String words) {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> pictures.read("image", value))
                .withMessageStartingWith("'image' ")
                .withMessageContaining(words)
                .satisfies(e -> assertThat(e.param()).isEqualTo("image"));
    }

    @Test
    void a_data_uri_is_read() {
        Media media = pictures.read("image", "data:image/png;base64," + base64(PNG));
        assertThat(media.type()).isEqualTo("image/png");
        assertThat(media.bytes()).isEqualTo(PNG);

        assertThat(pictures.read("image", "DATA:IMAGE/PNG;name=a.png;BASE64," + base64(PNG))
                        .type())
                .isEqualTo("image/png");
        assertThat(pictures.read("image", "data:image/jpg;base64," + base64(drawn("jpeg", 8, 8)))
                        .type())
                .isEqualTo("image/jpeg");
    }

    @Test
    void plain_base64_is_read_with_line_breaks_too() {
        assertThat(pictures.read("image", base64(PNG)).bytes()).isEqualTo(PNG);
        String lines = Base64.getMimeEncoder().encodeToString(drawn("jpeg", 99, 99));
        assertThat(pictures.read("image", lines).type()).isEqualTo("image/jpeg");
    }

    @Test
    void a_type_that_its_bytes_are_not_is_refused() {
        assertRefused("data:image/jpeg;base64," + base64(PNG), "they are image/png");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data:",
                "data:,",
                "data:image/png,abc",
                "data:image/png;base64",
                "data:text/plain;base64,aGk=",
                "data:;base64,aGk=",
                "data:image/png;charset=base64x,aGk="
            })
    void other_data_uris_are_refused(String value) {
        assertRefused(value, "data:image/png;base64");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.com/a.png",
                "file:///etc/passwd",
                "ftp://a/b",
                "gopher://a",
                "javascript:alert(1)",
                "//example.com/a.png:"
            })
    void other_urls_are_refused(String value) {
        assertRefused(value, "must be a data URI, plain base64 or an https URL");
    }

    @Test
    void what_is_no_base64_is_refused() {
        assertRefused("//example.com/a.png", "base64");
        assertRefused("not a picture", "base64");
        assertRefused("data:image/png;base64,%89PNG", "base64");
        assertRefused("data:image/png;base64,", "empty");
        assertRefused("", "empty");
    }

    @ParameterizedTest
    @MethodSource("strangers")
    void what_is_no_picture_is_refused(byte[] bytes) {
        assertRefused(base64(bytes), "PNG, JPEG, WebP or GIF");
        assertRefused("data:image/svg+xml;base64," + base64(bytes), "PNG, JPEG, WebP or GIF");
    }

    static Stream<byte[]> strangers() {
        return Stream.of(
                latin("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
                latin("<!DOCTYPE html>"),
                latin("%PDF-1.7"),
                new byte[100]);
    }

    @Test
    void a_picture_that_would_unfold_to_too_much_is_refused() {
        assertRefused(base64(png(60_000, 60_000)), "60000x60000 pixels; the most is 16384 a side and 40 megapixels");
        assertRefused(base64(png(16_385, 1)), "16385x1");
        assertRefused(base64(png(1, 16_385)), "1x16385");
        assertRefused(base64(png(6_325, 6_325)), "40 megapixels");
        assertRefused(base64(png(-1, -1)), "pixels");
        assertRefused(base64(gif(10, 10, 65)), "65 frames; the most is 64");

        assertThat(pictures.read("image", png(16_384, 2_441)).type()).isEqualTo("image/png");
        assertThat(pictures.read("image", gif(10, 10, 64)).type()).isEqualTo("image/gif");
    }

    @Test
    void fifteen_megabytes_are_read_and_one_byte_more_is_not() {
        byte[] most = join(PNG, new byte[PictureRules.MOST_BYTES - PNG.length]);
        assertThat(pictures.read("image", base64(most)).bytes()).hasSize(PictureRules.MOST_BYTES);

        byte[] more = join(most, new byte[1]);
        assertRefused(base64(more), "larger than 15 MB");
        assertRefused("data:image/png;base64," + base64(more), "larger than 15 MB");
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> pictures.read("mask", more))
                .withMessageStartingWith("'mask' is larger than 15 MB");
    }

    @Test
    void much_too_long_a_text_is_not_even_decoded() {
        assertRefused("data:image/png;base64," + "A".repeat(50 * 1024 * 1024), "larger than 15 MB");
    }

    @Test
    void urls_are_not_fetched_where_that_is_switched_off() {
        assertRefused("https://example.com/a.png", "send the picture itself as base64");
        assertRefused("HTTPS://example.com/a.png", "send the picture itself as base64");
    }
}
