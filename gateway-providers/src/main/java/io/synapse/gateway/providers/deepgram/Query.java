package io.synapse.gateway.providers.deepgram;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Deepgram's options: they stand in the query, whatever they are. */
final class Query {
    private Query() {}

    /** A path with these options behind it, in their order. */
    static String of(String path, Map<String, ? extends @Nullable Object> options) {
        StringJoiner query = new StringJoiner("&", path + "?", "");
        options.forEach((name, value) -> query.add(encoded(name) + "=" + encoded(String.valueOf(value))));
        return query.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
