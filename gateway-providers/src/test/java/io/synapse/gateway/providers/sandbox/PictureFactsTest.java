package io.synapse.gateway.providers.sandbox;

import static io.synapse.gateway.providers.sandbox.Asking.ask;
import static io.synapse.gateway.providers.sandbox.Asking.text;
import static io.synapse.gateway.providers.sandbox.MediaAsking.body;
import static io.synapse.gateway.providers.sandbox.MediaAsking.picture;
import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.chat.ContentPart;
import io.synapse.gateway.media.CaptionRequest;
import io.synapse.gateway.media.Media;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PictureFactsTest {
    @Test
    void a_caption_states_format_size_and_colours() throws Exception {
        Media flag = picture("png", 300, 200, (x, y) -> y < 110 ? 0xffffffff : 0xffdd1122);
        String caption = text(ask(CaptionRequest.of(body(), flag).asChat()), 0);
        assertThat(caption)
                .contains("sandbox")
                .contains("It came with 1 picture. It is a PNG of 300x200 pixels, mainly white and red.");
    }

    @ParameterizedTest
    @CsvSource({
        "000000, black",
        "ffffff, white",
        "808080, grey",
        "e01010, red",
        "ff9000, orange",
        "f0f010, yellow",
        "109020, green",
        "10d0d0, cyan",
        "1030c0, blue",
        "8020c0, purple",
        "ff80a0, pink",
        "604020, brown"
    })
    void colours_have_their_plain_names(String color, String name) {
        assertThat(facts(uri(solid("png", 40, 30, Integer.parseInt(color, 16)))))
                .isEqualTo("a PNG of 40x30 pixels, mainly " + name);
    }

    @Test
    void every_format_is_told() {
        assertThat(facts(uri(solid("jpg", 500, 20, 0x0000ff)))).isEqualTo("a JPEG of 500x20 pixels, mainly blue");
        assertThat(facts(uri(solid("gif", 9, 300, 0xff0000)))).isEqualTo("a GIF of 9x300 pixels, mainly red");
        assertThat(facts(uri(solid("bmp", 1, 1, 0xff0000)))).isEqualTo("a BMP of 1x1 pixels, mainly red");
        assertThat(facts(uri(picture("png", 20, 20, (x, y) -> 0))))
                .isEqualTo("a PNG of 20x20 pixels, fully transparent");
        String webp = "whose colours the sandbox cannot read";
        assertThat(facts(uri(webp("VP8X", 24, 99, 0, 0, 49, 0, 0)))).isEqualTo("a WebP of 100x50 pixels, " + webp);
        assertThat(facts(uri(webp("VP8 ", 26, 0x40, 0x41, 16, 0)))).isEqualTo("a WebP of 320x16 pixels, " + webp);
        // 14 bits of the width and 14 of the height, each less one.
        int sides = 639 | (479 << 14);
        assertThat(facts(uri(webp("VP8L", 21, sides, sides >> 8, sides >> 16, sides >> 24))))
                .isEqualTo("a WebP of 640x480 pixels, " + webp);
    }

    @Test
    void three_colours_are_told_and_small_ones_left_out() {
        IntBinaryOperator stripes =
                (x, y) -> x < 50 ? 0xff0000ff : x < 80 ? 0xffffffff : x < 97 ? 0xffff0000 : 0xff00ff00;
        assertThat(facts(uri(picture("png", 100, 10, stripes))))
                .isEqualTo("a PNG of 100x10 pixels, mainly blue, white and red");
    }

    @Test
    void what_is_not_seen_is_said() {
        assertThat(facts("https://example.com/a.png")).contains("does not fetch");
        assertThat(facts("data:image/png;base64,aaaa")).contains("cannot read");
        assertThat(facts("data:image/png")).contains("cannot read");
        byte[] png = solid("png", 40, 30, 0xff0000).bytes();
        assertThat(facts(uri(new Media(Arrays.copyOf(png, 40), "image/png"))))
                .isEqualTo("a PNG of 40x30 pixels, whose colours the sandbox cannot read");
        ContentPart.Image image = new ContentPart.Image(uri(solid("png", 4, 4, 0)), null);
        List<String> many = PictureFacts.of(Collections.nCopies(20, image));
        assertThat(many).hasSize(20);
        assertThat(many.getLast()).contains("more than the sandbox looks at");
    }

    private static Media solid(String format, int width, int height, int color) {
        return picture(format, width, height, (x, y) -> 0xff000000 | color);
    }

    private static Media webp(String kind, int at, int... values) {
        byte[] bytes = Arrays.copyOf(("RIFF....WEBP" + kind).getBytes(StandardCharsets.US_ASCII), 40);
        for (int i = 0; i < values.length; i++) {
            bytes[at + i] = (byte) values[i];
        }
        return new Media(bytes, "image/webp");
    }

    private static String uri(Media media) {
        return "data:" + media.type() + ";base64," + Base64.getEncoder().encodeToString(media.bytes());
    }

    private static String facts(String url) {
        return PictureFacts.of(List.of(new ContentPart.Image(url, null))).getFirst();
    }
}
