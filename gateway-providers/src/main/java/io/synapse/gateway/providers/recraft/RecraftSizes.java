package io.synapse.gateway.providers.recraft;

import io.synapse.gateway.media.ImageRequest.Size;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The sizes that Recraft's models draw: its API reference, "List of supported image sizes". Vector graphics have a shape
 * only. Of a model that is not listed there nothing is known, and every size is passed on.
 */
final class RecraftSizes {
    private static final Pattern OLD = Pattern.compile("recraftv[23]");
    private static final Pattern NEW = Pattern.compile("recraftv4(?!.*_pro).*");
    private static final Pattern PRO = Pattern.compile("recraftv4.*_pro");

    private static final List<Size> OLD_SIZES = List.of(
            new Size(1024, 1024),
            new Size(2048, 1024),
            new Size(1024, 2048),
            new Size(1536, 1024),
            new Size(1024, 1536),
            new Size(1365, 1024),
            new Size(1024, 1365),
            new Size(1280, 1024),
            new Size(1024, 1280),
            new Size(1707, 1024),
            new Size(1024, 1707),
            new Size(1434, 1024),
            new Size(1024, 1434),
            new Size(1820, 1024),
            new Size(1024, 1820));
    private static final List<Size> NEW_SIZES = List.of(
            new Size(1024, 1024),
            new Size(1536, 768),
            new Size(768, 1536),
            new Size(1280, 832),
            new Size(832, 1280),
            new Size(1216, 896),
            new Size(896, 1216),
            new Size(1152, 896),
            new Size(896, 1152),
            new Size(832, 1344),
            new Size(1280, 896),
            new Size(896, 1280),
            new Size(1344, 768),
            new Size(768, 1344));
    /** The same shapes, twice as long and high. */
    private static final List<Size> PRO_SIZES = NEW_SIZES.stream()
            .map(size -> new Size(2 * size.width(), 2 * size.height()))
            .toList();

    /** The shapes of vector graphics, in the words of the reference. */
    private static final List<Size> SHAPES = List.of(
            new Size(1, 1),
            new Size(2, 1),
            new Size(1, 2),
            new Size(3, 2),
            new Size(2, 3),
            new Size(4, 3),
            new Size(3, 4),
            new Size(5, 4),
            new Size(4, 5),
            new Size(6, 10),
            new Size(14, 10),
            new Size(10, 14),
            new Size(16, 9),
            new Size(9, 16));
    /** How far a size in whole pixels may be from the shape that it stands for: 1365x1024 is 4:3. */
    private static final double NEAR = 0.005;

    private RecraftSizes() {}

    /** How a model is told a size, or null if it cannot draw it. */
    static @Nullable String word(String model, Size size) {
        if (model.endsWith("_vector")) {
            return shape(size);
        }
        List<Size> sizes = sizes(model);
        return sizes.isEmpty() || sizes.contains(size) ? size.toString() : null;
    }

    /** What a model draws, for people. */
    static String known(String model) {
        if (model.endsWith("_vector")) {
            return String.join(", ", SHAPES.stream().map(RecraftSizes::written).toList()) + " in any size";
        }
        return String.join(", ", sizes(model).stream().map(Size::toString).toList());
    }

    private static List<Size> sizes(String model) {
        if (OLD.matcher(model).matches()) {
            return OLD_SIZES;
        }
        if (NEW.matcher(model).matches()) {
            return NEW_SIZES;
        }
        return PRO.matcher(model).matches() ? PRO_SIZES : List.of();
    }

    private static @Nullable String shape(Size size) {
        for (Size shape : SHAPES) {
            double ratio = (double) size.width() * shape.height() / ((double) size.height() * shape.width());
            if (Math.abs(ratio - 1) <= NEAR) {
                return written(shape);
            }
        }
        return null;
    }

    private static String written(Size shape) {
        return shape.width() + ":" + shape.height();
    }
}
