package io.synapse.gateway.providers.sandbox;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A picture of a caller's, as its file's header describes it. Nothing is decoded before its size is known. Immutable,
 * provided that nobody changes the bytes.
 *
 * @param format what kind of file it is
 * @param width in pixels
 * @param height in pixels
 * @param bytes the file
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PictureFile(Format format, int width, int height, byte[] bytes) {
    /** The most pixels that are decoded: a small file can claim any number. */
    static final long MOST_PIXELS = 40_000_000;

    /** Kinds of picture files. */
    enum Format {
        PNG,
        JPEG,
        GIF,
        BMP,
        /** Its size can be told; the JDK cannot decode it. */
        WEBP("WebP");

        private final String title;

        Format() {
            this.title = name();
        }

        Format(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    /**
     * Pixels of a picture, row by row, each {@code 0xAARRGGBB}.
     *
     * @param width of a row
     * @param height how many rows
     * @param argb all pixels
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Pixels(int width, int height, int[] argb) {}

    /**
     * Reads the header.
     *
     * @throws IOException if this is no picture of a known format, or a broken one; its message tells, fit for the caller
     */
    static PictureFile open(byte[] bytes) throws IOException {
        Format format = formatOf(bytes);
        if (format == null) {
            throw new IOException("is no PNG, JPEG, GIF, BMP or WebP file");
        }
        if (format == Format.WEBP) {
            return webp(bytes);
        }
        return read(format, bytes, reader -> new PictureFile(format, reader.getWidth(0), reader.getHeight(0), bytes));
    }

    private static @Nullable Format formatOf(byte[] bytes) {
        if (begins(bytes, 0, 0x89, 'P', 'N', 'G', '\r', '\n')) {
            return Format.PNG;
        }
        if (begins(bytes, 0, 0xff, 0xd8, 0xff)) {
            return Format.JPEG;
        }
        if (begins(bytes, 0, 'G', 'I', 'F', '8')) {
            return Format.GIF;
        }
        if (begins(bytes, 0, 'R', 'I', 'F', 'F') && begins(bytes, 8, 'W', 'E', 'B', 'P')) {
            return Format.WEBP;
        }
        return begins(bytes, 0, 'B', 'M') ? Format.BMP : null;
    }

    private static boolean begins(byte[] bytes, int at, int... expected) {
        if (bytes.length - at < expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if ((bytes[at + i] & 0xff) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    private static PictureFile webp(byte[] bytes) throws IOException {
        if (bytes.length >= 30 && begins(bytes, 12, 'V', 'P', '8', 'X')) {
            return new PictureFile(Format.WEBP, 1 + little(bytes, 24, 3), 1 + little(bytes, 27, 3), bytes);
        }
        if (bytes.length >= 30 && begins(bytes, 12, 'V', 'P', '8', ' ')) {
            return new PictureFile(Format.WEBP, little(bytes, 26, 2) & 0x3fff, little(bytes, 28, 2) & 0x3fff, bytes);
        }
        if (bytes.length >= 25 && begins(bytes, 12, 'V', 'P', '8', 'L')) {
            int sides = little(bytes, 21, 4);
            return new PictureFile(Format.WEBP, 1 + (sides & 0x3fff), 1 + (sides >> 14 & 0x3fff), bytes);
        }
        throw new IOException("is a broken WebP file");
    }

    private static int little(byte[] bytes, int at, int count) {
        int value = 0;
        for (int i = 0; i < count; i++) {
            value |= (bytes[at + i] & 0xff) << (8 * i);
        }
        return value;
    }

    /**
     * Checks what the header tells.
     *
     * @throws IOException if it cannot be decoded; its message tells, fit for the caller
     */
    void checkDecodable() throws IOException {
        if (format == Format.WEBP) {
            throw new IOException("is a WebP file, which the sandbox cannot decode: send PNG, JPEG, GIF or BMP");
        }
        if ((long) width * height > MOST_PIXELS) {
            throw new IOException(
                    "has " + width + "x" + height + " pixels; the sandbox decodes " + MOST_PIXELS + " at most");
        }
    }

    /**
     * Decodes the picture, or every so many pixels of it.
     *
     * @param step 1 for all pixels, 2 for each second one of each second row, and so on
     * @throws IOException if it cannot be decoded; its message tells, fit for the caller
     */
    Pixels decode(int step) throws IOException {
        checkDecodable();
        return read(format, bytes, reader -> {
            ImageReadParam param = reader.getDefaultReadParam();
            param.setSourceSubsampling(step, step, 0, 0);
            BufferedImage image = reader.read(0, param);
            int across = image.getWidth();
            int down = image.getHeight();
            return new Pixels(across, down, image.getRGB(0, 0, across, down, null, 0, across));
        });
    }

    /** What to do with a reader. */
    @FunctionalInterface
    private interface Reading<T> {
        T with(ImageReader reader) throws IOException;
    }

    private static <T> T read(Format format, byte[] bytes, Reading<T> reading) throws IOException {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format.name());
        ImageReader reader = readers.next();
        // Not ImageIO.createImageInputStream: that would copy the file to the disk.
        try (MemoryCacheImageInputStream input = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            // Metadata is skipped: it could be large, and its faults do not matter.
            reader.setInput(input, true, true);
            return reading.with(reader);
        } catch (IOException | RuntimeException e) {
            // The JDK's readers meet broken files with exceptions of all kinds.
            throw new IOException("is a " + format.title() + " file that cannot be decoded", e);
        } finally {
            reader.dispose();
        }
    }
}
