package io.synapse.gateway.provider;

import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;

/** A provider of pictures made from words. */
public interface ImageProvider extends Provider {
    /**
     * Draws as many pictures as are asked for. An upstream that draws fewer at a time is asked several times, at once; that
     * one of them fails is a failure of all.
     *
     * @param call what to ask for: the upstream's name of the model
     * @param request what to draw; it has no {@linkplain ImageRequest#source() picture} to start from. A
     *     {@linkplain ImageRequest#quality() quality} or size with a price of its own is asked for in words that cost that
     * @return {@link ImageRequest#count} pictures, never more; each with the bytes that the upstream made and the media type
     *     that they have, whatever it says. Usage in {@link io.synapse.gateway.credit.Unit#IMAGES}; if it is null, the
     *     pictures are counted
     * @throws UpstreamException if the upstream fails in any way; its kind decides what happens next
     */
    Images draw(UpstreamCall call, ImageRequest request) throws UpstreamException;
}
