package io.synapse.gateway.providers.fal;

import io.synapse.gateway.media.ImageRequest.Size;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.internal.media.Shapes;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a model is told the size of a picture. */
sealed interface FalSizing {
    /**
     * Writes a size into a model's input.
     *
     * @param field the caller's name of the size, for the error
     * @throws UpstreamException if the model cannot make it
     */
    void write(Map<String, @Nullable Object> input, Size size, String field) throws UpstreamException;

    /** Not at all. */
    record Fixed() implements FalSizing {
        @Override
        public void write(Map<String, @Nullable Object> input, Size size, String field) throws UpstreamException {
            throw UpstreamErrors.unsupported(
                    field, "This model makes pictures of its own size only. Leave '" + field + "' out.");
        }
    }

    /**
     * By both sides.
     *
     * @param shortest the shortest side, in pixels
     * @param longest the longest side, in pixels
     * @param fewest the fewest pixels altogether
     * @param most the most pixels altogether
     */
    record Sides(int shortest, int longest, long fewest, long most) implements FalSizing {
        static final Sides ANY = new Sides(1, Integer.MAX_VALUE, 1, Long.MAX_VALUE);

        @Override
        public void write(Map<String, @Nullable Object> input, Size size, String field) throws UpstreamException {
            if (Math.min(size.width(), size.height()) < shortest || Math.max(size.width(), size.height()) > longest) {
                throw UpstreamErrors.unsupported(
                        field,
                        "This model makes pictures with sides from " + shortest + " to " + longest
                                + " pixels. Ask for one of those.");
            }
            long pixels = (long) size.width() * size.height();
            if (pixels < fewest || pixels > most) {
                throw UpstreamErrors.unsupported(
                        field,
                        "This model makes pictures of " + fewest + " to " + most + " pixels. Ask for one of those.");
            }
            input.put("image_size", Map.of("width", size.width(), "height", size.height()));
        }
    }

    /**
     * By its shape.
     *
     * @param shapes those that there are
     * @param pixels about how many pixels each has
     */
    record Shape(List<String> shapes, long pixels) implements FalSizing {
        @Override
        public void write(Map<String, @Nullable Object> input, Size size, String field) throws UpstreamException {
            input.put("aspect_ratio", Shapes.of(size.width(), size.height(), field, shapes, pixels));
        }
    }
}
