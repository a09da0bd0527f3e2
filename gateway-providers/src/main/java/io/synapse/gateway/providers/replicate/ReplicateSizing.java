package io.synapse.gateway.providers.replicate;

import io.synapse.gateway.media.ImageRequest.Size;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.internal.media.Shapes;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a model is told the size of a picture. */
sealed interface ReplicateSizing {
    /**
     * Writes a size into a model's input.
     *
     * @param field the caller's name of the size, for the error
     * @throws UpstreamException if the model cannot make it
     */
    void write(Map<String, @Nullable Object> input, Size size, String field) throws UpstreamException;

    /** Not at all. */
    record Fixed() implements ReplicateSizing {
        @Override
        public void write(Map<String, @Nullable Object> input, Size size, String field) throws UpstreamException {
            throw UpstreamErrors.unsupported(
                    field, "This model makes pictures of its own size only. Leave '" + field + "' out.");
        }
    }

    /**
     * By its shape.
     *
     * @param shapes those that there are
     * @param quarter whether the pictures can have a quarter of a megapixel too, or always have about one
     */
    record Shape(List<String> shapes, boolean quarter) implements ReplicateSizing {
        private static final long MEGAPIXEL = 1_048_576;

        @Override
        public void write(Map<String, @Nullable Object> input, Size size, String field) throws UpstreamException {
            boolean small = quarter && (long) size.width() * size.height() * 2 < MEGAPIXEL;
            long pixels = small ? MEGAPIXEL / 4 : MEGAPIXEL;
            input.put("aspect_ratio", Shapes.of(size.width(), size.height(), field, shapes, pixels));
            if (quarter) {
                input.put("megapixels", small ? "0.25" : "1");
            }
        }
    }

    /**
     * By both sides as one word.
     *
     * @param sizes those that there are
     */
    record Named(List<String> sizes) implements ReplicateSizing {
        @Override
        public void write(Map<String, @Nullable Object> input, Size size, String field) throws UpstreamException {
            if (!sizes.contains(size.toString())) {
                throw UpstreamErrors.unsupported(
                        field, "This model makes the sizes " + String.join(", ", sizes) + ". Ask for one of them.");
            }
            input.put("size", size.toString());
        }
    }

    /**
     * By both sides, after saying that they are of one's own choice.
     *
     * @param shortest the shortest side, in pixels
     * @param longest the longest side, in pixels
     */
    record Custom(int shortest, int longest) implements ReplicateSizing {
        @Override
        public void write(Map<String, @Nullable Object> input, Size size, String field) throws UpstreamException {
            if (Math.min(size.width(), size.height()) < shortest || Math.max(size.width(), size.height()) > longest) {
                throw UpstreamErrors.unsupported(
                        field,
                        "This model makes pictures with sides from " + shortest + " to " + longest
                                + " pixels. Ask for one of those.");
            }
            input.put("size", "custom");
            input.put("width", size.width());
            input.put("height", size.height());
        }
    }
}
