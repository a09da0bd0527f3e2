package io.synapse.gateway.providers.recraft;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.internal.media.ImageWire;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.IntBinaryOperator;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class RecraftMaskTest {
    /** A PNG whose pixels are told by their place. */
    static Media png(int width, int height, IntBinaryOperator argb) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, argb.applyAsInt(x, y));
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return new Media(bytes.toByteArray(), "image/png");
    }

    private static Media converted(Media mask) throws UpstreamException {
        return RecraftMask.of(ImageWire.call("recraftv3"), mask);
    }

    private static UpstreamException failure(Media mask) {
        return ImageWire.failure(() -> converted(mask));
    }

    @Test
    void transparent_becomes_white_and_all_else_black() throws Exception {
        int[] pixels = {0x00000000, 0x00FFFFFF, 0x01FFFFFF, 0x80FFFFFF, 0xFFFFFFFF, 0xFF000000};
        Media mask = converted(png(3, 2, (x, y) -> pixels[y * 3 + x]));
        assertThat(mask.type()).isEqualTo("image/png");
        BufferedImage grey = ImageIO.read(new ByteArrayInputStream(mask.bytes()));
        assertThat(grey.getColorModel().getNumComponents()).isEqualTo(1);
        assertThat(grey.getRaster().getSamples(0, 0, 3, 2, 0, (int[]) null)).containsExactly(255, 255, 0, 0, 0, 0);
    }

    @Test
    void mask_that_marks_nothing_is_none() throws Exception {
        UpstreamException failure = failure(png(2, 2, (x, y) -> 0xFF000000));
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.param()).isEqualTo("mask");
    }

    @Test
    void broken_mask_is_the_callers_fault() throws Exception {
        byte[] sound = png(64, 64, (x, y) -> x * y).bytes();
        Media broken = new Media(Arrays.copyOf(sound, sound.length / 2), "image/png");
        assertThat(failure(broken).kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure(broken).param()).isEqualTo("mask");
    }

    @Test
    void format_that_the_jdk_cannot_read_is_for_others() {
        Media webp = new Media(ImageWire.bytes("RIFF____WEBPVP8 "), "image/webp");
        assertThat(failure(webp).kind()).isEqualTo(Kind.UNSUPPORTED);
    }

    @Test
    void mask_that_unfolds_to_too_much_is_never_decoded() throws Exception {
        byte[] bytes = png(1, 1, (x, y) -> 0).bytes();
        // The sides in the header, and its sum.
        ByteBuffer header = ByteBuffer.wrap(bytes);
        header.putInt(16, 4_001).putInt(20, 4_000);
        CRC32 sum = new CRC32();
        sum.update(bytes, 12, 17);
        header.putInt(29, (int) sum.getValue());
        UpstreamException failure = failure(new Media(bytes, "image/png"));
        assertThat(failure.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(failure.param()).isEqualTo("mask");
        assertThat(failure).hasMessageContaining("16 megapixels");
    }
}
