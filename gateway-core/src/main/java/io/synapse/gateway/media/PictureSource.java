package io.synapse.gateway.media;

import io.synapse.gateway.fault.InvalidRequestException;

/**
 * Fetches a picture that a caller names by a URL, for upstreams that do not fetch pictures themselves. Whoever implements
 * it decides which addresses may be asked ({@link AddressRule}). Safe for use by many threads.
 */
@FunctionalInterface
public interface PictureSource {
    /**
     * Fetches a picture.
     *
     * @param field the request's field that names it, for the error
     * @param url the URL
     * @throws InvalidRequestException naming the field, if it may not or cannot be fetched or is no picture
     */
    Media fetch(String field, String url);

    /**
     * Refuses a URL that is going to be fetched by an upstream, if nobody may be sent there. Nothing is fetched.
     *
     * @param field the request's field that names it, for the error
     * @param url the URL
     * @throws InvalidRequestException naming the field
     */
    default void check(String field, String url) {
        // Whoever fetches decides; a gateway with a place in a network of its own knows better.
    }
}
