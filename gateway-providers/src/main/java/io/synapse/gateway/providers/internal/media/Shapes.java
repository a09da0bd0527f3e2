package io.synapse.gateway.providers.internal.media;

import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sizes for upstreams that are told the shape of a picture ({@code 16:9}) instead of its sides. */
public final class Shapes {
    /** Common sizes are not quite of the shape that they are named after: 1792x1024 stands for 16:9. */
    private static final double NEAR = 1.03;
    /** How many times more or fewer pixels than asked for still are what was meant. */
    private static final int FAR = 2;

    private Shapes() {}

    /**
     * The shape that a size has.
     *
     * @param shapes those that there are, each as {@code width:height}
     * @return the nearest, or null if none is near
     */
    public static @Nullable String near(int width, int height, List<String> shapes) {
        String nearest = null;
        double least = NEAR;
        for (String shape : shapes) {
            int colon = shape.indexOf(':');
            double ratio =
                    Double.parseDouble(shape.substring(0, colon)) / Double.parseDouble(shape.substring(colon + 1));
            double off = ratio * height / width;
            double factor = Math.max(off, 1 / off);
            if (factor <= least) {
                nearest = shape;
                least = factor;
            }
        }
        return nearest;
    }

    /**
     * The shape that stands for a size at an upstream that makes pictures of about so many pixels, whatever their shape.
     *
     * @param field the caller's name of the size, for the error
     * @param pixels about how many pixels its pictures have
     * @throws UpstreamException if it makes none that is near in shape, or far from as many pixels
     */
    public static String of(int width, int height, String field, List<String> shapes, long pixels)
            throws UpstreamException {
        String shape = near(width, height, shapes);
        if (shape == null) {
            throw UpstreamErrors.unsupported(
                    field,
                    "This model makes pictures in the shapes " + String.join(", ", shapes) + ". Ask for one of them.");
        }
        long asked = (long) width * height;
        if (asked > pixels * FAR || asked * FAR < pixels) {
            throw UpstreamErrors.unsupported(
                    field, "This model makes pictures of about " + pixels + " pixels. Ask for a size near that.");
        }
        return shape;
    }
}
