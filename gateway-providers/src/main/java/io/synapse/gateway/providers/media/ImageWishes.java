package io.synapse.gateway.providers.media;

import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of a picture's request that many upstreams have no counterpart for, so that none is dropped in silence. */
public final class ImageWishes {
    /** What one who has no wish says; every model can do that. */
    private static final Set<String> USUAL_QUALITY = Set.of("auto", "standard", "medium");

    private ImageWishes() {}

    /**
     * Refuses what a model without masks and degrees of quality cannot do.
     *
     * @param negative whether it takes a negative prompt
     */
    public static void refuse(ImageRequest request, boolean negative) throws UpstreamException {
        if (request.mask() != null) {
            throw UpstreamErrors.unsupported("mask", "This model takes no mask. Say in the prompt what to change.");
        }
        if (request.quality() != null && !USUAL_QUALITY.contains(request.quality())) {
            throw UpstreamErrors.unsupported("quality", "This model draws in one quality. Leave 'quality' out.");
        }
        if (request.negativePrompt() != null && !negative) {
            throw UpstreamErrors.unsupported(
                    "negative_prompt", "This model takes no negative prompt. Say in the prompt what to leave out.");
        }
    }

    /**
     * The request's {@code seed}, or null if it has none.
     *
     * @param takes whether the model takes one
     */
    public static @Nullable Long seed(ImageRequest request, boolean takes) throws UpstreamException {
        Object seed = request.body().get("seed");
        if (seed == null) {
            return null;
        }
        if (!(seed instanceof Integer || seed instanceof Long) || ((Number) seed).longValue() < 0) {
            throw UpstreamErrors.rejected("seed", "'seed' must be a whole number, 0 or more.");
        }
        if (!takes) {
            throw UpstreamErrors.unsupported("seed", "This model takes no seed. Leave 'seed' out.");
        }
        return ((Number) seed).longValue();
    }

    /**
     * The request's {@code output_format}, or null if it has none.
     *
     * @param known what the model knows, by the names that callers use: {@code png}, {@code jpeg}, {@code webp}
     */
    public static @Nullable String format(ImageRequest request, Set<String> known) throws UpstreamException {
        Map<String, @Nullable Object> body = request.body();
        Object format = body.get("output_format");
        if (format == null) {
            return null;
        }
        if (!(format instanceof String name)) {
            throw UpstreamErrors.rejected("output_format", "'output_format' must be a text, such as png.");
        }
        if (!known.contains(name)) {
            throw UpstreamErrors.unsupported(
                    "output_format",
                    known.isEmpty()
                            ? "This model has one format. Leave 'output_format' out."
                            : "This model makes "
                                    + String.join(", ", known.stream().sorted().toList()) + ". Ask for one of them.");
        }
        return name;
    }
}
