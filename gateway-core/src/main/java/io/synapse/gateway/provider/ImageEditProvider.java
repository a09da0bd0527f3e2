package io.synapse.gateway.provider;

import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;

/** A provider of pictures made from a picture. */
public interface ImageEditProvider extends Provider {
    /**
     * Draws the request's {@linkplain ImageRequest#source() picture} anew; it is always there.
     *
     * @throws UpstreamException if the upstream fails in any way; its kind decides what happens next
     */
    Images edit(UpstreamCall call, ImageRequest request) throws UpstreamException;
}
