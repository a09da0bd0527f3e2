package io.synapse.gateway.providers.sandbox;

/**
 * The word SANDBOX in the lower left corner of a drawing, so that nobody takes it for a model's. Drawn dot by dot: fonts
 * are not on every machine.
 */
final class Label {
    private static final String[] DOTS = {
        ".###. .###. #...# ####. ####. .###. #...#",
        "#.... #...# ##..# #...# #...# #...# #...#",
        "#.... #...# #.#.# #...# #...# #...# .#.#.",
        ".###. ##### #.#.# #...# ####. #...# ..#..",
        "....# #...# #.#.# #...# #...# #...# .#.#.",
        "....# #...# #..## #...# #...# #...# #...#",
        "####. #...# #...# ####. ####. .###. #...#",
    };
    private static final int INK = 0xfff5f5f5;
    private static final int DOTS_ACROSS = DOTS[0].length();

    private final int dot;
    private final int left;
    private final int top;

    /** Fits a label to the size of a drawing. */
    Label(int width, int height) {
        this.dot = Math.max(1, Math.min(width, height) / 150);
        this.left = 2 * dot;
        this.top = height - (DOTS.length + 4) * dot;
    }

    /** Writes its part of one row. */
    void row(int y, int[] pixels) {
        int line = Math.floorDiv(y - top, dot) - 1;
        if (line < -1 || line > DOTS.length) {
            return;
        }
        int end = Math.min(pixels.length, left + (DOTS_ACROSS + 2) * dot);
        for (int x = left; x < end; x++) {
            int column = (x - left) / dot - 1;
            boolean ink = line >= 0
                    && line < DOTS.length
                    && column >= 0
                    && column < DOTS_ACROSS
                    && DOTS[line].charAt(column) == '#';
            pixels[x] = ink ? INK : darker(pixels[x]);
        }
    }

    private static int darker(int color) {
        return 0xff000000 | (color & 0xfcfcfc) >> 2;
    }
}
