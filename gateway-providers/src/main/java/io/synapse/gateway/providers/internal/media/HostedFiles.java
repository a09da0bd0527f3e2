package io.synapse.gateway.providers.internal.media;

import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.http.Endpoint;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.providers.http.UpstreamResponse;
import java.net.URI;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fetches what an upstream's answer points to, so that its URL need not be handed on: it expires, and it tells whom we ask.
 * From the internet by https, without our credentials and without redirects; from the upstream's own host as the upstream
 * itself is spoken to, so that a server on the operator's machine can host its own pictures. A {@code data:} URL is read as
 * it is. Immutable.
 */
public final class HostedFiles {
    private final UpstreamHttp http;
    private final URI base;
    private final @Nullable Endpoint keyed;

    /**
     * Fetches on behalf of one upstream.
     *
     * @param http the client
     * @param base where the upstream itself is spoken to
     */
    public HostedFiles(UpstreamHttp http, URI base) {
        this(http, base, null);
    }

    private HostedFiles(UpstreamHttp http, URI base, @Nullable Endpoint keyed) {
        this.http = http;
        this.base = base;
        this.keyed = keyed;
    }

    /** Fetches on behalf of an upstream whose API hosts files too, and wants our credentials for them as for all else. */
    public static HostedFiles keyed(Endpoint endpoint) {
        return new HostedFiles(endpoint.http(), endpoint.base(), endpoint);
    }

    /** Fetches a picture. Its URL is never told, not even in an error. */
    public Media picture(UpstreamCall call, String url) throws UpstreamException {
        Media file = fetch(call, url);
        String type = Pictures.type(file.bytes(), file.type());
        if (type == null) {
            throw UpstreamErrors.malformed("hosts something that is no picture", null);
        }
        return new Media(file.bytes(), type);
    }

    /**
     * The picture that an answer in OpenAI's format holds, in base64 or as a URL, which is fetched.
     *
     * @param entry one of the answer's {@code data}
     * @param said what the upstream says the picture is, or nothing
     */
    public Media picture(UpstreamCall call, Map<String, @Nullable Object> entry, String said) throws UpstreamException {
        if (entry.get("b64_json") instanceof String base64) {
            return Pictures.decoded(base64, said);
        }
        if (entry.get("url") instanceof String url) {
            return picture(call, url);
        }
        throw UpstreamErrors.malformed("answered with a picture that is not there", null);
    }

    /** Fetches a film. Its URL is never told, not even in an error. */
    public Media film(UpstreamCall call, String url) throws UpstreamException {
        Media file = fetch(call, url);
        String type = Films.type(file.bytes());
        if (type == null) {
            throw UpstreamErrors.malformed("hosts something that is no film", null);
        }
        return new Media(file.bytes(), type);
    }

    private Media fetch(UpstreamCall call, String url) throws UpstreamException {
        if (url.startsWith("data:")) {
            return inline(url);
        }
        try (UpstreamResponse response = open(call, url)) {
            if (!response.succeeded()) {
                // Not what the status would mean on a route: this 404 is no missing model, this 403 no bad key.
                throw new UpstreamException(
                        Kind.FAILED, "hosts a file that cannot be fetched (" + response.status() + ")", null);
            }
            return new Media(response.whole(), response.mediaType());
        }
    }

    private UpstreamResponse open(UpstreamCall call, String url) throws UpstreamException {
        URI uri = parsed(url);
        if (uri == null || uri.getHost() == null || uri.getRawUserInfo() != null) {
            throw UpstreamErrors.malformed("answered with a URL that is none", null);
        }
        if (keyed != null && keyed.owns(uri)) {
            return keyed.file(call, uri);
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (scheme.equalsIgnoreCase(base.getScheme()) && uri.getHost().equalsIgnoreCase(base.getHost())) {
            return http.get(call, uri, Map.of());
        }
        if (!scheme.equals("https")) {
            throw UpstreamErrors.malformed("answered with a URL that is not https", null);
        }
        return http.getPublic(call, uri);
    }

    /** A file that stands in its URL (RFC 2397). */
    private static Media inline(String url) throws UpstreamException {
        int comma = url.indexOf(',');
        String head = comma < 0 ? "" : url.substring("data:".length(), comma);
        if (!head.endsWith(";base64")) {
            throw UpstreamErrors.malformed("answered with a URL that is none", null);
        }
        try {
            String type = head.substring(0, head.indexOf(';')).toLowerCase(Locale.ROOT);
            return new Media(Base64.getDecoder().decode(url.substring(comma + 1)), type);
        } catch (IllegalArgumentException e) {
            // Not as the cause: it may quote the file.
            throw UpstreamErrors.malformed("answered with a file that is not base64", null);
        }
    }

    private static @Nullable URI parsed(String url) {
        try {
            return URI.create(url);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
