package io.synapse.gateway.providers.sandbox;

import io.synapse.gateway.providers.sandbox.PictureFile.Pixels;

/**
 * A picture in another size; its sides are stretched, if they do not fit.
 *
 * @param picture the picture
 * @param width the size wanted
 * @param height the size wanted
 */
record Scaled(Pixels picture, int width, int height) {
    /** Writes one row of the picture in its new size. */
    void row(int y, int[] into) {
        if (height == picture.height() && width == picture.width()) {
            System.arraycopy(picture.argb(), y * width, into, 0, width);
            return;
        }
        int top = (int) ((long) y * picture.height() / height);
        int bottom = Math.max(top + 1, (int) ((y + 1L) * picture.height() / height));
        for (int x = 0; x < width; x++) {
            int left = (int) ((long) x * picture.width() / width);
            int right = Math.max(left + 1, (int) ((x + 1L) * picture.width() / width));
            into[x] = mean(left, right, top, bottom);
        }
    }

    private int mean(int left, int right, int top, int bottom) {
        if (right - left == 1 && bottom - top == 1) {
            return picture.argb()[top * picture.width() + left];
        }
        long alpha = 0;
        long red = 0;
        long green = 0;
        long blue = 0;
        for (int y = top; y < bottom; y++) {
            for (int x = left; x < right; x++) {
                int color = picture.argb()[y * picture.width() + x];
                alpha += color >>> 24;
                red += color >> 16 & 0xff;
                green += color >> 8 & 0xff;
                blue += color & 0xff;
            }
        }
        int count = (right - left) * (bottom - top);
        return (int) (((alpha / count) << 24) | ((red / count) << 16) | ((green / count) << 8) | (blue / count));
    }
}
