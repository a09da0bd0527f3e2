package io.synapse.gateway.provider;

import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;

/** A provider of pictures made from a picture. */
public interface ImageEditProvider extends Provider {
    /**
     * Draws the request's {@linkplain ImageRequest#source() picture} anew; it is always there. A
     * model that takes no {@linkplain ImageRequest#mask() mask} refuses one as {@code mask}.
     *
     * @param call what to ask for: the upstream's name of the model
     * @param request what to draw, from what
     * @return as {@link ImageProvider#draw} does
     * @throws UpstreamException if the upstream fails in any way; its kind decides what happens next
     */
    Images edit(UpstreamCall call, ImageRequest request) throws UpstreamException;
}
