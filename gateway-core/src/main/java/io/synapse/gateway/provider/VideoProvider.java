package io.synapse.gateway.provider;

import io.synapse.gateway.media.Video;
import io.synapse.gateway.media.VideoRequest;

/** A provider of films made from words. */
public interface VideoProvider extends Provider {
    /**
     * Makes a film and returns when it is ready. Where the upstream works on jobs, this waits for one: it asks how the job
     * stands, at intervals, until it ends. When the call is cancelled or runs out of time the wait ends at once, and the
     * upstream is told to stop, in a call of its own: it bills what it makes for nobody.
     *
     * @param call what to ask for: the upstream's name of the model
     * @param request the scene, and how long and large it is to be
     * @return the film itself, fetched, and how long it lasts, in milliseconds: as its own header says or, if that cannot be
     *     read, as the upstream says. Usage in {@link io.synapse.gateway.credit.Unit#MILLISECONDS}; if it is null, the length
     *     is counted
     * @throws UpstreamException if the upstream fails in any way; its kind decides what happens next
     */
    Video film(UpstreamCall call, VideoRequest request) throws UpstreamException;
}
