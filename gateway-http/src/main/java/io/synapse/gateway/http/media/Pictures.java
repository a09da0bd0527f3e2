package io.synapse.gateway.http.media;

import io.synapse.gateway.fault.InvalidRequestException;
import io.synapse.gateway.header.PictureRules;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.media.PictureSource;

/**
 * Reads the pictures that callers send or name, and refuses what is none, is too large, or would unfold to too much.
 * Pixels are never decoded. Safe for use by many threads.
 */
public final class Pictures implements PictureSource {
    private final PictureFetcher fetcher;

    /**
     * @param fetcher fetches the pictures that callers name by a URL; closed by whoever made it
     */
    public Pictures(PictureFetcher fetcher) {
        this.fetcher = fetcher;
    }

    /**
     * Reads a picture out of a field: a data URI, plain base64, or an https URL, which is fetched.
     *
     * @param param the field, for the error
     * @throws InvalidRequestException naming the field and what is wrong with it
     */
    public Media read(String param, String value) {
        if (starts(value, "data:")) {
            return PictureRules.ofDataUri(param, value);
        }
        if (starts(value, "https:")) {
            return fetch(param, value);
        }
        if (value.indexOf(':') >= 0) {
            throw new InvalidRequestException(
                    param, "'" + param + "' must be a data URI, plain base64 or an https URL.");
        }
        return PictureRules.ofBase64(param, value);
    }

    /**
     * Checks a picture.
     *
     * @param param the field, for the error
     * @param bytes the picture, not to be changed any more
     * @throws InvalidRequestException naming the field and what is wrong with it
     */
    public Media read(String param, byte[] bytes) {
        return new Media(bytes, PictureRules.check(param, bytes).type());
    }

    @Override
    public Media fetch(String param, String url) {
        return read(param, fetcher.fetch(param, url));
    }

    @Override
    public void check(String param, String url) {
        fetcher.check(param, url);
    }

    private static boolean starts(String value, String scheme) {
        return value.regionMatches(true, 0, scheme, 0, scheme.length());
    }
}
