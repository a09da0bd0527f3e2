package io.synapse.gateway.provider;

import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;

/** A provider of pictures made from words. */
public interface ImageProvider extends Provider {
    /**
     * Draws as many pictures as are asked for.
     *
     * @throws UpstreamException if the upstream fails in any way; its kind decides what happens next
     */
    Images draw(UpstreamCall call, ImageRequest request) throws UpstreamException;
}
