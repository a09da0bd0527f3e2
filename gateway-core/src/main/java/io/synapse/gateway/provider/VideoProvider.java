package io.synapse.gateway.provider;

import io.synapse.gateway.media.Video;
import io.synapse.gateway.media.VideoRequest;

/** A provider of films made from words. */
public interface VideoProvider extends Provider {
    /**
     * Makes a film and returns when it is ready.
     *
     * @throws UpstreamException if the upstream fails in any way; its kind decides what happens next
     */
    Video film(UpstreamCall call, VideoRequest request) throws UpstreamException;
}
