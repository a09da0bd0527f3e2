package io.synapse.gateway.http.media;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

/** Pictures for tests: true ones, and heads that say anything. */
final class SamplePictures {
    private SamplePictures() {}

    /** A true picture of a format that the JDK writes. */
    static byte[] drawn(String format, int width, int height) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), format, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] pngChunk(String name, byte[] body) {
        CRC32 sum = new CRC32();
        sum.update(latin(name));
        sum.update(body);
        return ByteBuffer.allocate(12 + body.length)
                .putInt(body.length)
                .put(latin(name))
                .put(body)
                .putInt((int) sum.getValue())
                .array();
    }

    /** A head of a picture with one bit a pixel, and no pixels. */
    static byte[] png(int width, int height, byte[]... chunks) {
        byte[] head = ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put(new byte[] {1, 0, 0, 0, 0})
                .array();
        return join(
                latin("\u0089PNG\r\n\u001a\n"),
                pngChunk("IHDR", head),
                join(chunks),
                pngChunk("IDAT", new byte[8]),
                pngChunk("IEND", new byte[0]));
    }

    /** A head, and frames of one pixel each. */
    static byte[] gif(int width, int height, int frames) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(latin("GIF89a"));
        out.writeBytes(
                little(7).putShort((short) width).putShort((short) height).array());
        for (int i = 0; i < frames; i++) {
            out.writeBytes(gifFrame(0, 0, 1, 1));
        }
        out.write(0x3B);
        return out.toByteArray();
    }

    static byte[] gifFrame(int left, int top, int width, int height) {
        return little(14)
                .put((byte) 0x2C)
                .putShort((short) left)
                .putShort((short) top)
                .putShort((short) width)
                .putShort((short) height)
                .put(new byte[] {0, 2, 1, 0, 0})
                .array();
    }

    static byte[] webp(byte[]... chunks) {
        byte[] body = join(chunks);
        return join(latin("RIFF"), little(4).putInt(4 + body.length).array(), latin("WEBP"), body);
    }

    static byte[] riffChunk(String name, byte[] body) {
        return join(latin(name), little(4).putInt(body.length).array(), body, new byte[body.length & 1]);
    }

    static byte[] vp8(int width, int height) {
        return riffChunk(
                "VP8 ",
                little(10)
                        .put(new byte[] {0, 0, 0, (byte) 0x9D, 1, 0x2A})
                        .putShort((short) width)
                        .putShort((short) height)
                        .array());
    }

    static byte[] vp8l(int width, int height) {
        return riffChunk(
                "VP8L",
                little(5)
                        .put((byte) 0x2F)
                        .putInt((height - 1) << 14 | (width - 1))
                        .array());
    }

    static byte[] vp8x(int width, int height) {
        return riffChunk("VP8X", join(new byte[4], little24(width - 1), little24(height - 1)));
    }

    static byte[] anmf(int x, int y, int width, int height) {
        return riffChunk(
                "ANMF", join(little24(x / 2), little24(y / 2), little24(width - 1), little24(height - 1), new byte[4]));
    }

    private static byte[] little24(int number) {
        return new byte[] {(byte) number, (byte) (number >> 8), (byte) (number >> 16)};
    }

    static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
