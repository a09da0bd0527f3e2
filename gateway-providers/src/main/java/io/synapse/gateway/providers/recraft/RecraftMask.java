package io.synapse.gateway.providers.recraft;

import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.http.UpstreamErrors;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * A caller's mask as Recraft wants it. OpenAI's format, and so the caller's, marks by full transparency what is to be drawn
 * anew; Recraft's is grey, white where it is to be drawn anew and black elsewhere, and nothing between.
 */
final class RecraftMask {
    /** The upstream's own bound. It is known before anything is decoded: a small file can unfold to any size. */
    private static final long MOST_PIXELS = 16_000_000;
    /** How many masks are decoded at a time: each can take 80 MB. */
    private static final Semaphore ROOM = new Semaphore(2);

    private RecraftMask() {}

    static Media of(UpstreamCall call, Media mask) throws UpstreamException {
        try {
            if (!ROOM.tryAcquire(call.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new UpstreamException(Kind.TIMED_OUT, "had no time to read the mask", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UpstreamException(Kind.UNREACHABLE, "the call was interrupted", e);
        }
        try {
            return new Media(png(whiteWhereTransparent(decode(mask))), "image/png");
        } finally {
            ROOM.release();
        }
    }

    private static BufferedImage decode(Media mask) throws UpstreamException {
        try (MemoryCacheImageInputStream input =
                new MemoryCacheImageInputStream(new ByteArrayInputStream(mask.bytes()))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(input);
            if (!readers.hasNext()) {
                throw UpstreamErrors.unsupported("mask", "'mask' must be a PNG with this model.");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(input, true, true);
                if ((long) reader.getWidth(0) * reader.getHeight(0) > MOST_PIXELS) {
                    throw UpstreamErrors.unsupported("mask", "'mask' must have at most 16 megapixels with this model.");
                }
                return reader.read(0);
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException e) {
            // The JDK's readers meet broken files with exceptions of all kinds.
            throw UpstreamErrors.rejected("mask", "'mask' cannot be decoded; send a sound PNG.");
        }
    }

    private static BufferedImage whiteWhereTransparent(BufferedImage mask) throws UpstreamException {
        int width = mask.getWidth();
        BufferedImage grey = new BufferedImage(width, mask.getHeight(), BufferedImage.TYPE_BYTE_GRAY);
        byte[] shades = ((DataBufferByte) grey.getRaster().getDataBuffer()).getData();
        int[] row = new int[width];
        boolean any = false;
        for (int y = 0; y < mask.getHeight(); y++) {
            mask.getRGB(0, y, width, 1, row, 0, width);
            for (int x = 0; x < width; x++) {
                if (row[x] >>> 24 == 0) {
                    shades[y * width + x] = -1;
                    any = true;
                }
            }
        }
        if (!any) {
            throw UpstreamErrors.rejected(
                    "mask", "'mask' has no fully transparent pixels; make transparent what is to be drawn anew.");
        }
        return grey;
    }

    private static byte[] png(BufferedImage picture) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        // Not straight to the bytes: ImageIO would go by way of the disk.
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            if (!ImageIO.write(picture, "png", out)) {
                throw new IllegalStateException("the JDK writes no PNG");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
