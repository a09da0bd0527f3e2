package io.synapse.gateway.providers.openai;

import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.Multipart;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.providers.http.UpstreamResponse;
import java.net.URI;
import java.util.Map;

/** One route of an upstream: posts to it, and turns a status that is none of success into what it means. Immutable. */
final class OpenAiRoute {
    private final UpstreamHttp http;
    private final URI uri;
    private final Map<String, String> headers;

    OpenAiRoute(UpstreamHttp http, URI uri, Map<String, String> headers) {
        this.http = http;
        this.uri = uri;
        this.headers = headers;
    }

    /** Posts JSON and returns an answer of success, to be closed. */
    UpstreamResponse post(UpstreamCall call, byte[] json) throws UpstreamException {
        return succeeded(http.post(call, uri, headers, json));
    }

    /** Posts a form and returns an answer of success, to be closed. */
    UpstreamResponse post(UpstreamCall call, Multipart form) throws UpstreamException {
        return succeeded(http.post(call, uri, headers, form));
    }

    /** Whether an answer says that it is JSON. */
    static boolean isJson(UpstreamResponse response) {
        String type = response.mediaType();
        return type.equals("application/json") || (type.startsWith("application/") && type.endsWith("+json"));
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
