package io.synapse.gateway.providers.http;

import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import java.net.URI;
import java.util.Map;

/** One route of an upstream: asks it, and turns a status that is none of success into what it means. Immutable. */
public final class UpstreamRoute {
    private final UpstreamHttp http;
    private final URI uri;
    private final Map<String, String> headers;

    UpstreamRoute(UpstreamHttp http, URI uri, Map<String, String> headers) {
        this.http = http;
        this.uri = uri;
        this.headers = headers;
    }

    /** Posts JSON and returns an answer of success, to be closed. */
    public UpstreamResponse post(UpstreamCall call, byte[] json) throws UpstreamException {
        return succeeded(http.post(call, uri, headers, json));
    }

    /** Posts a form and returns an answer of success, to be closed. */
    public UpstreamResponse post(UpstreamCall call, Multipart form) throws UpstreamException {
        return succeeded(http.post(call, uri, headers, form));
    }

    /** Posts a file as it is and returns an answer of success, to be closed. */
    public UpstreamResponse post(UpstreamCall call, Media file) throws UpstreamException {
        return succeeded(http.post(call, uri, headers, file));
    }

    /** Gets what is there, and returns an answer of success, to be closed. */
    public UpstreamResponse get(UpstreamCall call) throws UpstreamException {
        return succeeded(http.get(call, uri, headers));
    }

    /**
     * Gets what is there, or learns where else it is. Returns an answer of success or a redirect, to be closed; a redirect
     * is not followed, since its place may be anybody's and our credentials are not.
     */
    public UpstreamResponse getOrElsewhere(UpstreamCall call) throws UpstreamException {
        UpstreamResponse response = http.get(call, uri, headers);
        boolean elsewhere = response.status() >= 300 && response.status() < 400;
        return elsewhere ? response : succeeded(response);
    }

    /** Puts nothing there: a bare command. Returns an answer of success, to be closed. */
    public UpstreamResponse put(UpstreamCall call) throws UpstreamException {
        return succeeded(http.put(call, uri, headers));
    }

    private static UpstreamResponse succeeded(UpstreamResponse response) throws UpstreamException {
        if (response.succeeded()) {
            return response;
        }
        try (response) {
            throw UpstreamErrors.of(response);
        }
    }
}
