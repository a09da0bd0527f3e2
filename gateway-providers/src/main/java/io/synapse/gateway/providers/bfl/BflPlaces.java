package io.synapse.gateway.providers.bfl;

import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.Endpoint;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.providers.http.UpstreamRoute;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Where jobs are handed in and asked about, and so: who is told the key. A job that is handed in at {@code api.bfl.ai} is
 * asked about in the region that draws it, {@code https://api.eu2.bfl.ai} for instance. Those hosts of Black Forest Labs'
 * own domain get the key, over https at the usual port, and only if the key is Black Forest Labs' at all: with another
 * base, a proxy's, nobody but the proxy gets it. Immutable.
 */
final class BflPlaces {
    private static final Pattern API_HOST = Pattern.compile("api(?:\\.[a-z0-9-]{1,63})?\\.bfl\\.ai");
    private static final Pattern HAS_ID = Pattern.compile("(?:.*&)?id=.*");

    private final UpstreamHttp http;
    private final Map<String, String> headers;
    private final Endpoint home;

    BflPlaces(UpstreamHttp http, URI base, String key) {
        this.http = http;
        this.headers = Map.of("x-key", key);
        this.home = new Endpoint(http, BflProvider.ID, base, headers);
    }

    /** Where jobs for a model are handed in. */
    UpstreamRoute submission(String model) {
        return home.route("/" + model, "application/json");
    }

    /**
     * Where a job is asked about: exactly where its answer says, completed by the job's id if that is missing.
     *
     * @throws UpstreamException if that is no place that may be told the key
     */
    UpstreamRoute job(String url, String id) throws UpstreamException {
        URI named;
        try {
            named = URI.create(url);
        } catch (IllegalArgumentException e) {
            // Not as the cause: its message quotes the URL.
            throw UpstreamErrors.malformed("answered with a URL that is none", null);
        }
        Endpoint endpoint = isRegion(home.base(), named)
                ? new Endpoint(http, BflProvider.ID, URI.create("https://" + named.getHost()), headers)
                : home;
        return endpoint.named(withId(url, named, id), "application/json");
    }

    /** Whether a URL is that of one of the regions behind a base. */
    static boolean isRegion(URI base, URI named) {
        return isApi(base) && isApi(named);
    }

    private static boolean isApi(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme())
                && uri.getHost() != null
                && uri.getPort() == -1
                && uri.getRawUserInfo() == null
                && API_HOST.matcher(uri.getHost().toLowerCase(Locale.ROOT)).matches();
    }

    private static String withId(String url, URI named, String id) {
        String query = named.getRawQuery();
        if ((query != null && HAS_ID.matcher(query).matches()) || named.getRawFragment() != null) {
            return url;
        }
        return url + (query == null ? "?" : "&") + "id=" + URLEncoder.encode(id, StandardCharsets.UTF_8);
    }
}
