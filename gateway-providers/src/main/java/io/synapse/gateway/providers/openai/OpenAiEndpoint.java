package io.synapse.gateway.providers.openai;

import io.synapse.gateway.providers.http.UpstreamHttp;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where an upstream is, and what it wants to be told with each request. Immutable; never prints its headers. */
final class OpenAiEndpoint {
    private final UpstreamHttp http;
    private final String id;
    private final String base;
    private final Map<String, String> headers;

    OpenAiEndpoint(
            UpstreamHttp http, String id, URI baseUri, @Nullable String credential, Map<String, String> headers) {
        this.http = http;
        this.id = id;
        this.base = baseUri.toString().replaceAll("/+$", "");
        Map<String, String> all = new LinkedHashMap<>(headers);
        if (credential != null) {
            all.put("Authorization", "Bearer " + credential);
        }
        this.headers = Map.copyOf(all);
    }

    /** The name of the provider. */
    String id() {
        return id;
    }

    /**
     * One of its routes.
     *
     * @param path what is appended to the base
     * @param accept the media type to ask for
     */
    OpenAiRoute route(String path, String accept) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Accept", accept);
        return new OpenAiRoute(http, URI.create(base + path), Map.copyOf(all));
    }

    /** Fetches the pictures that its answers point to. */
    HostedFiles files() {
        return new HostedFiles(http, URI.create(base));
    }
}
