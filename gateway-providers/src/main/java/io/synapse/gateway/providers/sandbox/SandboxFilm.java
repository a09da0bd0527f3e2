package io.synapse.gateway.providers.sandbox;

import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.ImageRequest.Size;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.media.Video;
import io.synapse.gateway.media.VideoRequest;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import java.awt.Color;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Films from words: a disc wanders over a drawing, or over the picture that the film is to begin with. */
final class SandboxFilm {
    private static final int USUAL_SECONDS = 2;
    private static final Size USUAL_SIZE = new Size(320, 180);
    private static final Size LARGEST = new Size(640, 360);
    private static final int SMALLEST_SIDE = 16;
    private static final int FRAME_MILLIS = 125;
    /** How long the disc takes from left to right and back. */
    private static final double TURN_ACROSS = 4_000;
    /** How long it takes from top to bottom and back: no divisor of the other, so that its way is no simple line. */
    private static final double TURN_DOWN = 2_900;

    private SandboxFilm() {}

    static Video film(UpstreamCall call, VideoRequest request) throws UpstreamException {
        Faults.beginWhole(call);
        Integer asked = request.seconds();
        int seconds = asked == null ? USUAL_SECONDS : asked;
        Size size = fit(request.size());
        long number = Fingerprint.of(request.prompt(), request.seed());
        Media first = request.firstFrame();
        int[] ground = first == null ? drawing(number, size) : picture(call, first, size);
        byte[] film = film(call, number, size, ground, seconds * 1000 / FRAME_MILLIS, first != null);
        long millis = seconds * 1000L;
        return new Video(new Media(film, "video/mp4"), millis, Usage.of(Unit.MILLISECONDS, millis));
    }

    /** The asked size, or the largest of its shape that the sandbox films; sides are even, as H.264 wants them. */
    static Size fit(@Nullable String asked) {
        if (asked == null) {
            return USUAL_SIZE;
        }
        int cross = asked.indexOf('x');
        int width = Integer.parseInt(asked.substring(0, cross));
        int height = Integer.parseInt(asked.substring(cross + 1));
        double share = Math.min(
                1,
                Math.min(
                        (double) LARGEST.width() / Math.max(1, width),
                        (double) LARGEST.height() / Math.max(1, height)));
        return new Size(even(width * share), even(height * share));
    }

    private static int even(double side) {
        return Math.max(SMALLEST_SIDE, (int) Math.round(side / 2) * 2);
    }

    private static int[] drawing(long number, Size size) {
        Drawing drawing = new Drawing(number, size.width(), size.height());
        return rows(size, drawing::row);
    }

    private static int[] picture(UpstreamCall call, Media media, Size size) throws UpstreamException {
        PictureFile file = SandboxEdits.open(media, "image");
        return SandboxEdits.whileThereIsRoom(call, file, () -> {
            Scaled scaled = new Scaled(SandboxEdits.decode(file, "image"), size.width(), size.height());
            return rows(size, scaled::row);
        });
    }

    /** Paints one row. */
    @FunctionalInterface
    private interface Painter {
        void row(int y, int[] into);
    }

    private static int[] rows(Size size, Painter painter) {
        int[] all = new int[size.width() * size.height()];
        int[] row = new int[size.width()];
        for (int y = 0; y < size.height(); y++) {
            painter.row(y, row);
            System.arraycopy(row, 0, all, y * row.length, row.length);
        }
        return all;
    }

    private static byte[] film(UpstreamCall call, long number, Size size, int[] ground, int count, boolean bareFirst)
            throws UpstreamException {
        int width = size.width();
        Avc avc = new Avc(width, size.height());
        int ink = Color.HSBtoRGB((int) Long.remainderUnsigned(number, 360) / 360f, 0.8f, 1);
        List<byte[]> frames = new ArrayList<>(count);
        Disc last = disc(number, size, 0);
        // A picture to begin with is shown as it is, before the disc comes.
        frames.add(avc.keyFrame((x, y) -> !bareFirst && last.covers(x, y) ? ink : ground[y * width + x]));
        BitSet before = blocks(avc, last);
        for (int i = 1; i < count; i++) {
            Faults.goOn(call);
            Disc disc = disc(number, size, i);
            BitSet now = blocks(avc, disc);
            before.or(now);
            frames.add(avc.frame(i, (x, y) -> disc.covers(x, y) ? ink : ground[y * width + x], before));
            before = now;
        }
        return Mp4.write(width, size.height(), FRAME_MILLIS, avc.sequence(), Avc.picture(), frames);
    }

    /** Where the disc is in one frame. */
    private record Disc(double x, double y, double radius) {
        boolean covers(int column, int row) {
            double across = column + 0.5 - x;
            double down = row + 0.5 - y;
            return across * across + down * down <= radius * radius;
        }
    }

    private static Disc disc(long number, Size size, int frame) {
        double radius = Math.min(size.width(), size.height()) / 10.0;
        double start = (int) Long.remainderUnsigned(number, 1000) / 1000.0;
        double millis = (double) frame * FRAME_MILLIS;
        double across = 0.5 + 0.5 * Math.sin(2 * Math.PI * (start + millis / TURN_ACROSS));
        double down = 0.5 + 0.5 * Math.cos(2 * Math.PI * (start + millis / TURN_DOWN));
        return new Disc(
                radius + across * (size.width() - 2 * radius), radius + down * (size.height() - 2 * radius), radius);
    }

    /** The blocks that a disc may touch. */
    private static BitSet blocks(Avc avc, Disc disc) {
        BitSet blocks = new BitSet();
        int left = Math.max(0, (int) ((disc.x() - disc.radius()) / Avc.BLOCK));
        int right = Math.min(avc.blocksAcross() - 1, (int) ((disc.x() + disc.radius()) / Avc.BLOCK));
        int top = Math.max(0, (int) ((disc.y() - disc.radius()) / Avc.BLOCK));
        int bottom = Math.min(avc.blocksDown() - 1, (int) ((disc.y() + disc.radius()) / Avc.BLOCK));
        for (int y = top; y <= bottom; y++) {
            blocks.set(y * avc.blocksAcross() + left, y * avc.blocksAcross() + right + 1);
        }
        return blocks;
    }
}
