package io.synapse.gateway.providers.sandbox;

import static io.synapse.gateway.providers.sandbox.Asking.SANDBOX;
import static io.synapse.gateway.providers.sandbox.Asking.call;
import static io.synapse.gateway.providers.sandbox.MediaAsking.body;
import static io.synapse.gateway.providers.sandbox.MediaAsking.decoded;
import static io.synapse.gateway.providers.sandbox.MediaAsking.picture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxEditsTest {
    private static final int WIDTH = 90;
    private static final int HEIGHT = 50;
    private static final int RED = 0xffc02010;
    private static final int BLUE = 0xff1020c0;

    /** Red on the left, blue on the right. */
    private static Media halves(String format) {
        return picture(format, WIDTH, HEIGHT, (x, y) -> x < WIDTH / 2 ? RED : BLUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg", "gif", "bmp"})
    void a_picture_is_filtered_in_its_own_size(String format) throws Exception {
        BufferedImage source = decoded(halves(format));
        Images images = edit(halves(format), null, "prompt", "at night");
        assertThat(images.pictures().getFirst().media().type()).isEqualTo("image/png");
        BufferedImage edited = first(images);
        assertThat(edited.getWidth()).isEqualTo(WIDTH);
        assertThat(edited.getHeight()).isEqualTo(HEIGHT);
        assertThat(edited.getRGB(10, 10)).isNotEqualTo(source.getRGB(10, 10)).isNotEqualTo(edited.getRGB(80, 10));
        assertThat(images.usage()).isEqualTo(Usage.of(Unit.IMAGES, 1));
    }

    @Test
    void words_choose_the_filter() throws Exception {
        assertThat(pixel("Invert the colours", 10)).isEqualTo(RED ^ 0xffffff);
        int grey = pixel("in black and white", 10);
        assertThat(grey & 0xff)
                .isEqualTo(grey >> 8 & 0xff)
                .isEqualTo(grey >> 16 & 0xff)
                .isBetween(40, 80);
        assertThat(pixel("Blur it", 2)).isEqualTo(RED);
        assertThat(pixel("Blur it", WIDTH / 2)).isNotIn(RED, BLUE);
        int sepia = pixel("a sepia print", 80);
        assertThat(sepia >> 16 & 0xff).isGreaterThan(sepia & 0xff);
        assertThat(pixel("as a watercolour", 10)).isNotEqualTo(RED);
    }

    @Test
    void grey_pictures_change_too() throws Exception {
        Media grey = picture("png", 8, 8, (x, y) -> 0xff808080);
        assertThat(first(edit(grey, null, "prompt", "at night")).getRGB(1, 1)).isNotEqualTo(0xff808080);
    }

    @Test
    void several_takes_differ_and_the_same_request_does_not() throws Exception {
        Images three = edit(halves("png"), null, "prompt", "at night", "n", 3);
        assertThat(three.pictures().stream()
                        .map(p -> decoded(p.media()).getRGB(10, 10))
                        .distinct())
                .hasSize(3);
        assertThat(first(edit(halves("png"), null, "prompt", "at night")).getRGB(10, 10))
                .isEqualTo(first(three).getRGB(10, 10));
    }

    @Test
    void a_size_is_obeyed() throws Exception {
        BufferedImage large = first(edit(halves("png"), null, "prompt", "invert", "size", "300x256"));
        assertThat(large.getWidth()).isEqualTo(300);
        assertThat(large.getHeight()).isEqualTo(256);
        assertThat(large.getRGB(299, 255)).isEqualTo(BLUE ^ 0xffffff);
        Media big = picture("png", 1000, 600, (x, y) -> (x + y) % 2 == 0 ? 0xffffffff : 0xff000000);
        BufferedImage small = first(edit(big, null, "prompt", "invert", "size", "500x300"));
        assertThat(small.getWidth()).isEqualTo(500);
        assertThat(small.getRGB(100, 100) & 0xff).isEqualTo(127);
    }

    @Test
    void a_mask_keeps_what_is_not_transparent() throws Exception {
        Media mask = picture("png", WIDTH, HEIGHT, (x, y) -> y < HEIGHT / 2 ? 0 : 0xffffffff);
        BufferedImage edited = first(edit(halves("png"), mask, "prompt", "invert"));
        assertThat(edited.getRGB(10, 10)).isEqualTo(RED ^ 0xffffff);
        assertThat(edited.getRGB(10, 40)).isEqualTo(RED);
    }

    @Test
    void transparency_is_kept() throws Exception {
        Media source = picture("png", 20, 20, (x, y) -> x < 10 ? 0x40ff0000 : 0xffff0000);
        BufferedImage edited = first(edit(source, null, "prompt", "at night", "n", 2));
        assertThat(edited.getRGB(2, 2) >>> 24).isEqualTo(0x40);
        assertThat(edited.getRGB(15, 2) >>> 24).isEqualTo(0xff);
    }

    @Test
    void what_cannot_be_read_is_refused_by_name() {
        byte[] webp = Arrays.copyOf("RIFF....WEBPVP8X".getBytes(StandardCharsets.US_ASCII), 40);
        rejected(new Media(webp, "image/webp"), null, "image", "WebP");
        rejected(new Media(new byte[20], "image/png"), null, "image", "PNG, JPEG, GIF");
        byte[] half = Arrays.copyOf(halves("png").bytes(), 60);
        rejected(new Media(half, "image/png"), null, "image", "cannot be decoded");
        rejected(halves("png"), new Media(webp, "image/webp"), "mask", "WebP");
        rejected(halves("png"), picture("png", 9, 9, (x, y) -> 0), "mask", "90x50");
        assertThatThrownBy(() -> edit(new Media(webp, "image/webp"), null, "prompt", "x", "reference_image", "data:"))
                .isInstanceOfSatisfying(
                        UpstreamException.class, e -> assertThat(e.param()).isEqualTo("reference_image"));
    }

    @Test
    void a_size_that_is_only_claimed_is_not_decoded() {
        // The header of a PNG of 20,000 by 20,000 pixels, and nothing after.
        ByteBuffer bomb = ByteBuffer.wrap(halves("png").bytes().clone());
        bomb.putInt(16, 20_000).putInt(20, 20_000);
        CRC32 checksum = new CRC32();
        checksum.update(bomb.array(), 12, 17);
        bomb.putInt(29, (int) checksum.getValue());
        rejected(new Media(bomb.array(), "image/png"), null, "image", "20000x20000");
    }

    private static void rejected(Media source, @Nullable Media mask, String param, String words) {
        assertThatThrownBy(() -> edit(source, mask, "prompt", "x"))
                .isInstanceOfSatisfying(UpstreamException.class, e -> {
                    assertThat(e.kind()).isEqualTo(Kind.REJECTED);
                    assertThat(e.param()).isEqualTo(param);
                    assertThat(e).hasMessageContaining(words);
                });
    }

    private static int pixel(String prompt, int x) throws UpstreamException {
        return first(edit(halves("png"), null, "prompt", prompt)).getRGB(x, 10);
    }

    private static Images edit(Media source, @Nullable Media mask, Object... fields) throws UpstreamException {
        return SANDBOX.edit(call("m", -1), ImageRequest.of(body(fields), source, mask));
    }

    private static BufferedImage first(Images images) {
        return decoded(images.pictures().getFirst().media());
    }
}
