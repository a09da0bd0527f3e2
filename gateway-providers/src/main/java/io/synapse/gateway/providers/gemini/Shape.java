package io.synapse.gateway.providers.gemini;

import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import java.util.List;

/**
 * A shape that pictures are made in; there are no other sizes than these.
 *
 * @param name as the upstream writes it: {@code 16:9}
 * @param ratio width by height
 */
record Shape(String name, double ratio) {
    private static final List<Shape> ALL = List.of(
            of(1, 1), of(2, 3), of(3, 2), of(3, 4), of(4, 3), of(4, 5), of(5, 4), of(9, 16), of(16, 9), of(21, 9));

    /** Half of the widest gap between neighbours, and a little: by more than that a shape is another one. */
    private static final double MOST_APART = Math.log(1.15);

    private static Shape of(int width, int height) {
        return new Shape(width + ":" + height, (double) width / height);
    }

    /**
     * The shape that is next to a size.
     *
     * @param field the caller's name of the size, for the error
     */
    static Shape nearest(ImageRequest.Size size, String field) throws UpstreamException {
        double ratio = (double) size.width() / size.height();
        Shape nearest = ALL.getFirst();
        for (Shape shape : ALL) {
            if (shape.apart(ratio) < nearest.apart(ratio)) {
                nearest = shape;
            }
        }
        if (nearest.apart(ratio) > MOST_APART) {
            throw UpstreamErrors.unsupported(
                    field, "gemini draws shapes from 9:16 to 21:9. Ask for a size that is not longer than that.");
        }
        return nearest;
    }

    /** The name of the resolution whose pictures are about as large: their long sides have about 1,024, 2,048 or 4,096. */
    static String resolution(ImageRequest.Size size) {
        int side = Math.max(size.width(), size.height());
        // Wide pictures of the first resolution are longer than their 1,024 pixels squared: up to 1,584.
        return side <= 1_600 ? "1K" : side <= 3_200 ? "2K" : "4K";
    }

    private double apart(double other) {
        return Math.abs(Math.log(other / ratio));
    }
}
