package io.synapse.gateway.providers.sandbox;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A drawing made up from a number: discs and rings on a gradient of four colours, and the sandbox's label. The same
 * number gives the same drawing at every size. Immutable.
 */
final class Drawing {
    private static final int OPAQUE = 0xff000000;

    private final int width;
    private final int height;
    private final int[] corners;
    private final List<Disc> discs;
    private final Label label;

    /**
     * A disc.
     *
     * @param x its centre, in pixels
     * @param y its centre
     * @param radius in pixels
     * @param color {@code 0xRRGGBB}
     * @param strength how much of it covers what is beneath, of 256
     */
    private record Disc(double x, double y, double radius, int color, int strength) {}

    Drawing(long number, int width, int height) {
        this.width = width;
        this.height = height;
        this.label = new Label(width, height);
        Random random = new Random(Fingerprint.mix(number));
        float hue = random.nextFloat();
        this.corners = new int[4];
        for (int i = 0; i < corners.length; i++) {
            corners[i] = Color.HSBtoRGB(
                    hue + 0.12f * i, 0.35f + 0.4f * random.nextFloat(), 0.45f + 0.5f * random.nextFloat());
        }
        this.discs = new ArrayList<>();
        int count = 5 + random.nextInt(5);
        double side = Math.min(width, height);
        for (int i = 0; i < count; i++) {
            double x = random.nextDouble() * width;
            double y = random.nextDouble() * height;
            double radius = side * (0.05 + 0.25 * random.nextDouble());
            int color = Color.HSBtoRGB(hue + 0.5f + 0.3f * random.nextFloat(), 0.7f, 0.95f);
            discs.add(new Disc(x, y, radius, color, 90 + random.nextInt(120)));
            if (random.nextBoolean()) {
                discs.add(new Disc(x, y, radius * 0.6, corners[i % corners.length], 200));
            }
        }
    }

    /** Paints one row. */
    void row(int y, int[] into) {
        gradient(y, into);
        for (Disc disc : discs) {
            paint(disc, y, into);
        }
        label.row(y, into);
    }

    private void gradient(int y, int[] into) {
        int down = y * 256 / height;
        int left = mix(corners[0], corners[2], down);
        int right = mix(corners[1], corners[3], down);
        for (int x = 0; x < width; x++) {
            into[x] = mix(left, right, x * 256 / width);
        }
    }

    private static void paint(Disc disc, int y, int[] into) {
        double off = y + 0.5 - disc.y();
        double square = disc.radius() * disc.radius() - off * off;
        if (square <= 0) {
            return;
        }
        double half = Math.sqrt(square);
        double from = Math.max(0, disc.x() - half);
        double to = Math.min(into.length, disc.x() + half);
        for (int x = (int) from; x < to; x++) {
            // The pixels at both ends are covered in part only: without this the edges look like stairs.
            double covered = Math.min(x + 1, to) - Math.max(x, from);
            into[x] = mix(into[x], disc.color(), (int) (disc.strength() * covered));
        }
    }

    /** A colour between two: 0 gives the first, 256 the other. */
    static int mix(int first, int other, int share) {
        int rest = 256 - share;
        int redAndBlue = ((first & 0xff00ff) * rest + (other & 0xff00ff) * share) >>> 8 & 0xff00ff;
        int green = ((first & 0xff00) * rest + (other & 0xff00) * share) >>> 8 & 0xff00;
        return OPAQUE | redAndBlue | green;
    }
}
