package io.synapse.gateway.providers.internal.media;

import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a request for pictures that many upstreams have no word for, so that none is dropped in silence, and how
 * callers write the others. ({@code style} and {@code user} are hints, which whoever has no use for them ignores.)
 */
public final class ImageFields {
    /** What one says who has no wish; every model can do that. */
    private static final Set<String> PLAIN = Set.of("auto", "standard", "medium");

    private ImageFields() {}

    /** The picture to start from, of a request that has to have one. */
    public static Media source(ImageRequest request) {
        Media source = request.source();
        if (source == null) {
            throw new IllegalArgumentException("an edit needs a picture");
        }
        return source;
    }

    /** The field in which the caller sent the picture to start from. */
    public static String sourceName(ImageRequest request) {
        return FieldNames.sent("image", request.body());
    }

    /** The field in which the caller told the size, or the width alone. */
    public static String sizeName(ImageRequest request) {
        return FieldNames.sent("size", request.body());
    }

    /** Refuses a quality, for an upstream whose models have one only. */
    public static void refuseQuality(ImageRequest request) throws UpstreamException {
        if (request.quality() != null && !PLAIN.contains(request.quality())) {
            throw UpstreamErrors.unsupported("quality", "This model draws in one quality. Leave 'quality' out.");
        }
    }

    /** Refuses a negative prompt, for an upstream that takes none. */
    public static void refuseNegativePrompt(ImageRequest request) throws UpstreamException {
        if (request.negativePrompt() != null) {
            throw UpstreamErrors.unsupported(
                    "negative_prompt", "This model takes no 'negative_prompt'. Say in 'prompt' what to leave out.");
        }
    }

    /** Refuses a mask, for an upstream that takes none. */
    public static void refuseMask(ImageRequest request) throws UpstreamException {
        if (request.mask() != null) {
            throw UpstreamErrors.unsupported("mask", "This model takes no 'mask'. Say in 'prompt' what to change.");
        }
    }

    /** Refuses a seed, for an upstream that takes none. */
    public static void refuseSeed(ImageRequest request) throws UpstreamException {
        if (request.seed() != null) {
            throw UpstreamErrors.unsupported("seed", "This model takes no 'seed'. Leave it out.");
        }
    }

    /**
     * The request's {@code output_format}, or null if it has none.
     *
     * @param known what the model knows, by the names that callers use: {@code png}, {@code jpeg}, {@code webp}
     */
    public static @Nullable String format(ImageRequest request, Set<String> known) throws UpstreamException {
        String name = request.outputFormat();
        if (name != null && !known.contains(name)) {
            throw UpstreamErrors.unsupported(
                    "output_format",
                    known.isEmpty()
                            ? "This model has one format. Leave 'output_format' out."
                            : "This model makes "
                                    + String.join(", ", known.stream().sorted().toList()) + ". Ask for one of them.");
        }
        return name;
    }

    /**
     * Refuses a picture that is too large for the upstream, though not for the gateway.
     *
     * @param mostMegabytes how large it may be
     */
    public static void refuseLarge(ImageRequest request, int mostMegabytes) throws UpstreamException {
        if (source(request).bytes().length > mostMegabytes * 1024L * 1024L) {
            String name = sourceName(request);
            throw UpstreamErrors.unsupported(
                    name, "'" + name + "' must have at most " + mostMegabytes + " MB with this model.");
        }
    }
}
