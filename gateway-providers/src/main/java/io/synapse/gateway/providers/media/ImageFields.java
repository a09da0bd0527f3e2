package io.synapse.gateway.providers.media;

import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import java.util.Set;

/** The fields of a request for pictures that many upstreams have no word for, and how callers write the others. */
public final class ImageFields {
    /** Qualities that ask for nothing in particular. */
    private static final Set<String> PLAIN = Set.of("standard", "auto");

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
        return request.body().get("reference_image") == null ? "image" : "reference_image";
    }

    /** The field in which the caller told the size, or the width alone. */
    public static String sizeName(ImageRequest request) {
        return request.body().get("width") == null ? "size" : "width";
    }

    /** Refuses a quality, for an upstream whose models have one only. */
    public static void refuseQuality(ImageRequest request) throws UpstreamException {
        if (request.quality() != null && !PLAIN.contains(request.quality())) {
            throw UpstreamErrors.unsupported("quality", "'quality' cannot be chosen with this model; leave it out.");
        }
    }

    /** Refuses a negative prompt, for an upstream that takes none. */
    public static void refuseNegativePrompt(ImageRequest request) throws UpstreamException {
        if (request.negativePrompt() != null) {
            throw UpstreamErrors.unsupported(
                    "negative_prompt", "This model takes no 'negative_prompt'; say in 'prompt' what to leave out.");
        }
    }

    /** Refuses a mask, for an upstream that takes none. */
    public static void refuseMask(ImageRequest request) throws UpstreamException {
        if (request.mask() != null) {
            throw UpstreamErrors.unsupported("mask", "This model takes no 'mask'; say in 'prompt' what to change.");
        }
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
