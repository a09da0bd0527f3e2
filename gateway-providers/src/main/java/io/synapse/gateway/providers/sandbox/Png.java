package io.synapse.gateway.providers.sandbox;

import io.synapse.gateway.provider.UpstreamException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes PNG files, row by row: a picture is never in memory as a whole but compressed. Several times as fast as the
 * JDK's writer, which needs the whole raster too.
 */
final class Png {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int COLOR = 2;
    private static final int COLOR_AND_ALPHA = 6;
    /** Each byte is stored as its difference to the one above: small numbers, where a picture changes little. */
    private static final byte FILTER_UP = 2;

    private Png() {}

    /** Paints a picture. */
    @FunctionalInterface
    interface Rows {
        /** Paints one row, from the top down: each pixel as {@code 0xAARRGGBB}. */
        void row(int y, int[] into) throws UpstreamException;
    }

    static byte[] write(int width, int height, boolean alpha, Rows rows) throws UpstreamException {
        ByteArrayOutputStream png = new ByteArrayOutputStream(1 << 16);
        png.writeBytes(SIGNATURE);
        ByteBuffer header = ByteBuffer.allocate(13);
        header.putInt(width).putInt(height).put((byte) 8).put((byte) (alpha ? COLOR_AND_ALPHA : COLOR));
        chunk(png, "IHDR", header.array());
        chunk(png, "tEXt", "Software\0Synapse sandbox".getBytes(StandardCharsets.US_ASCII));
        chunk(png, "IDAT", pixels(width, height, alpha ? 4 : 3, rows));
        chunk(png, "IEND", new byte[0]);
        return png.toByteArray();
    }

    private static byte[] pixels(int width, int height, int depth, Rows rows) throws UpstreamException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(1 << 16);
        int[] pixels = new int[width];
        byte[] above = new byte[width * depth];
        byte[] filtered = new byte[1 + width * depth];
        byte[] buffer = new byte[1 << 13];
        filtered[0] = FILTER_UP;
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            for (int y = 0; y < height; y++) {
                rows.row(y, pixels);
                int at = 0;
                for (int x = 0; x < width; x++) {
                    for (int i = 0; i < depth; i++, at++) {
                        byte value = (byte) (i == 3 ? pixels[x] >>> 24 : pixels[x] >>> (16 - 8 * i));
                        filtered[at + 1] = (byte) (value - above[at]);
                        above[at] = value;
                    }
                }
                deflater.setInput(filtered);
                drain(deflater, buffer, compressed);
            }
            deflater.finish();
            drain(deflater, buffer, compressed);
        } finally {
            deflater.end();
        }
        return compressed.toByteArray();
    }

    private static void drain(Deflater deflater, byte[] buffer, ByteArrayOutputStream into) {
        int length = deflater.deflate(buffer);
        while (length > 0) {
            into.write(buffer, 0, length);
            length = deflater.deflate(buffer);
        }
    }

    private static void chunk(ByteArrayOutputStream png, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 checksum = new CRC32();
        checksum.update(name);
        checksum.update(data);
        png.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        png.writeBytes(name);
        png.writeBytes(data);
        png.writeBytes(ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
    }
}
