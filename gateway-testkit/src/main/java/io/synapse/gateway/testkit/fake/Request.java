package io.synapse.gateway.testkit.fake;

import io.synapse.gateway.media.Media;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a {@link FakeUpstream} was asked. Immutable. */
public final class Request {
    private final String method;
    private final String path;
    private final Map<String, String> headers;
    private final byte[] body;
    private final FakeUpstream upstream;

    Request(FakeUpstream upstream, String method, String path, Map<String, String> headers, byte[] body) {
        Map<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        copy.putAll(headers);
        this.method = method;
        this.path = path;
        this.headers = Collections.unmodifiableMap(copy);
        this.body = body;
        this.upstream = upstream;
    }

    /** The method. */
    public String method() {
        return method;
    }

    /** The path, with the query. */
    public String path() {
        return path;
    }

    /** The headers, by their names in any case. */
    public Map<String, String> headers() {
        return headers;
    }

    /** A header, or null. */
    public @Nullable String header(String name) {
        return headers.get(name);
    }

    /** The body. */
    public byte[] body() {
        return body.clone();
    }

    /** The body as text. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The body as a JSON object. */
    public Map<String, @Nullable Object> json() {
        return PlainJson.object(text());
    }

    /** An absolute URL of the server that was asked. */
    public String url(String path) {
        return upstream.uri() + path;
    }

    /** A URL of the server that was asked, where it hosts a file from now on. */
    public String hosted(Media file) {
        return upstream.host(file);
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
