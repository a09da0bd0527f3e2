package io.synapse.gateway.providers.http;

import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Where an upstream is, and what it wants to be told with each request. Immutable; never prints its headers. */
public final class Endpoint {
    private final UpstreamHttp http;
    private final String id;
    private final URI base;
    private final Map<String, String> headers;

    /**
     * An upstream's place.
     *
     * @param http the client
     * @param id the name of the provider
     * @param base what the paths of its routes are appended to
     * @param headers what every request says, credentials among it
     */
    public Endpoint(UpstreamHttp http, String id, URI base, Map<String, String> headers) {
        this.http = http;
        this.id = id;
        this.base = URI.create(base.toString().replaceAll("/+$", ""));
        this.headers = Map.copyOf(headers);
    }

    /** The name of the provider. */
    public String id() {
        return id;
    }

    /** What the paths of its routes are appended to; without a slash at its end. */
    public URI base() {
        return base;
    }

    /** The client. */
    public UpstreamHttp http() {
        return http;
    }

    /**
     * One of its routes.
     *
     * @param path what is appended to the base
     * @param accept the media type to ask for
     */
    public UpstreamRoute route(String path, String accept) {
        return at(URI.create(base + path), accept, Map.of());
    }

    /** One of its routes, told more than the others. */
    public UpstreamRoute route(String path, String accept, Map<String, String> more) {
        return at(URI.create(base + path), accept, more);
    }

    /**
     * A route that an answer names in full, such as the place of a job.
     *
     * @throws UpstreamException if it is not on the upstream's own host: nobody else is told our credentials
     */
    public UpstreamRoute named(String url, String accept) throws UpstreamException {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw UpstreamErrors.malformed("answered with a URL that is none", e);
        }
        if (!isOurs(uri)) {
            throw UpstreamErrors.malformed("answered with a URL of another host", null);
        }
        return at(uri, accept, Map.of());
    }

    /** Whether a URL is one of the API itself, beneath its base, which wants our credentials everywhere. */
    public boolean owns(URI uri) {
        return isOurs(uri) && String.valueOf(uri.getRawPath()).startsWith(base.getRawPath() + "/");
    }

    /** Whether a URL is on the upstream's own host, which may be told our credentials. */
    private boolean isOurs(URI uri) {
        return uri.getRawUserInfo() == null
                && lower(base.getScheme()).equals(lower(uri.getScheme()))
                && lower(base.getHost()).equals(lower(uri.getHost()))
                && base.getPort() == uri.getPort();
    }

    /** Gets a file that the upstream {@linkplain #owns owns}, telling our credentials, whatever the status of the answer. */
    public UpstreamResponse file(UpstreamCall call, URI uri) throws UpstreamException {
        if (!owns(uri)) {
            throw new IllegalArgumentException("our credentials are for the API itself");
        }
        return http.get(call, uri, headers);
    }

    private UpstreamRoute at(URI uri, String accept, Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Accept", accept);
        all.putAll(more);
        return new UpstreamRoute(http, uri, Map.copyOf(all));
    }

    private static String lower(String word) {
        return String.valueOf(word).toLowerCase(Locale.ROOT);
    }
}
