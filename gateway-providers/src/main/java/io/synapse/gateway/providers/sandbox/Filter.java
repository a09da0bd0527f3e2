package io.synapse.gateway.providers.sandbox;

import io.synapse.gateway.providers.sandbox.PictureFile.Pixels;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntUnaryOperator;

/** A change of a picture, in place. */
@FunctionalInterface
interface Filter {
    void apply(Pixels picture);

    /** The filters that a prompt names, or one that its fingerprint decides. Later takes of one edit get darker. */
    static List<Filter> of(String prompt, long number, int take) {
        String words = prompt.toLowerCase(Locale.ROOT);
        List<Filter> filters = new ArrayList<>();
        if (names(words, "watercolor", "watercolour", "aquarelle", "painting")) {
            filters.add(Filter::watercolor);
        }
        if (names(words, "blur", "soften", "out of focus")) {
            filters.add(Filter::blur);
        }
        if (names(words, "gray", "grey", "black and white", "black-and-white", "monochrome")) {
            filters.add(each(color -> tinted(color, 0xffffff)));
        }
        if (names(words, "sepia", "vintage")) {
            filters.add(each(color -> tinted(color, 0xf0d0a0)));
        }
        if (names(words, "invert", "negative")) {
            filters.add(each(color -> color ^ 0xffffff));
        }
        if (filters.isEmpty()) {
            filters.add(turned(number));
        }
        if (take > 0) {
            int share = Math.max(64, 256 - 24 * take);
            filters.add(each(color -> recolored(color, Drawing.mix(0, color, share))));
        }
        return filters;
    }

    private static boolean names(String prompt, String... words) {
        for (String word : words) {
            if (prompt.contains(word)) {
                return true;
            }
        }
        return false;
    }

    private static Filter each(IntUnaryOperator change) {
        return picture -> {
            int[] argb = picture.argb();
            for (int i = 0; i < argb.length; i++) {
                argb[i] = change.applyAsInt(argb[i]);
            }
        };
    }

    /** Another colour, as transparent as the one before. */
    private static int recolored(int before, int color) {
        return (before & 0xff000000) | (color & 0xffffff);
    }

    private static int luma(int color) {
        return (54 * (color >> 16 & 0xff) + 183 * (color >> 8 & 0xff) + 19 * (color & 0xff)) >> 8;
    }

    /** A colour's brightness in another colour. */
    private static int tinted(int color, int tint) {
        return recolored(color, Drawing.mix(0, tint, luma(color) + 1));
    }

    /** Turns the colour wheel, and adds a hue: without that, grey pictures would stay as they are. */
    private static Filter turned(long number) {
        double angle = Math.toRadians(60 + (int) Long.remainderUnsigned(number, 240));
        double cos = Math.cos(angle);
        double sin = Math.sin(angle);
        // The rotation about the grey axis that keeps brightness, as in SVG's hueRotate.
        double[] m = {
            0.213 + 0.787 * cos - 0.213 * sin,
            0.715 - 0.715 * cos - 0.715 * sin,
            0.072 - 0.072 * cos + 0.928 * sin,
            0.213 - 0.213 * cos + 0.143 * sin,
            0.715 + 0.285 * cos + 0.140 * sin,
            0.072 - 0.072 * cos - 0.283 * sin,
            0.213 - 0.213 * cos - 0.787 * sin,
            0.715 - 0.715 * cos + 0.715 * sin,
            0.072 + 0.928 * cos + 0.072 * sin
        };
        int[] fixed = new int[m.length];
        for (int i = 0; i < m.length; i++) {
            fixed[i] = (int) Math.round(m[i] * 65_536);
        }
        int tint = Color.HSBtoRGB((float) (angle / (2 * Math.PI)), 0.6f, 1);
        return each(color -> {
            int turned = rotated(color, fixed);
            return recolored(color, Drawing.mix(turned, tinted(color, tint), 64));
        });
    }

    private static int rotated(int color, int[] matrix) {
        int red = color >> 16 & 0xff;
        int green = color >> 8 & 0xff;
        int blue = color & 0xff;
        int turned = 0;
        for (int i = 0; i < 9; i += 3) {
            int sum = matrix[i] * red + matrix[i + 1] * green + matrix[i + 2] * blue;
            turned = turned << 8 | Math.clamp(sum >> 16, 0, 255);
        }
        return turned;
    }

    private static void watercolor(Pixels picture) {
        blur(picture);
        // Few shades with flat areas between, as washes have them.
        each(color -> recolored(color, Drawing.mix((color & 0xe0e0e0) | 0x101010, 0xffffff, 32)))
                .apply(picture);
    }

    private static void blur(Pixels picture) {
        int width = picture.width();
        int height = picture.height();
        int radius = Math.max(1, Math.min(width, height) / 64);
        int[] line = new int[Math.max(width, height)];
        for (int pass = 0; pass < 2; pass++) {
            for (int y = 0; y < height; y++) {
                blurLine(picture.argb(), y * width, 1, width, radius, line);
            }
            for (int x = 0; x < width; x++) {
                blurLine(picture.argb(), x, width, height, radius, line);
            }
        }
    }

    /** Sets each pixel of a row or column to the mean of those within a radius: a sum that moves along. */
    private static void blurLine(int[] argb, int first, int step, int count, int radius, int[] line) {
        for (int i = 0; i < count; i++) {
            line[i] = argb[first + i * step];
        }
        int red = 0;
        int green = 0;
        int blue = 0;
        int within = 0;
        for (int i = -radius; i < count; i++) {
            if (i + radius < count) {
                int entering = line[i + radius];
                red += entering >> 16 & 0xff;
                green += entering >> 8 & 0xff;
                blue += entering & 0xff;
                within++;
            }
            if (i - radius - 1 >= 0) {
                int leaving = line[i - radius - 1];
                red -= leaving >> 16 & 0xff;
                green -= leaving >> 8 & 0xff;
                blue -= leaving & 0xff;
                within--;
            }
            if (i >= 0) {
                int mean = ((red / within) << 16) | ((green / within) << 8) | (blue / within);
                argb[first + i * step] = recolored(line[i], mean);
            }
        }
    }
}
