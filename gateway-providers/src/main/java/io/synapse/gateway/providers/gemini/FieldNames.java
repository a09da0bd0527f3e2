package io.synapse.gateway.providers.gemini;

import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.http.UpstreamErrors;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the upstream calls the fields of a request, and what its caller does. Immutable.
 *
 * @param text the caller's field that holds what is said, which can be too long
 * @param names what is found in the upstream's path of a field, in lower case without underscores, and the caller's name
 *     of it; the first that is found counts
 */
record FieldNames(String text, List<Map.Entry<String, String>> names) {
    /** A path as messages quote it, where it stands nowhere else: {@code at 'generation_config.seed'}. */
    private static final Pattern QUOTED =
            Pattern.compile("(?:Request\\.|at ')([A-Za-z_]{1,60}[A-Za-z0-9_.\\[\\]]{0,200})");

    /** The same failure; of a refusal it names the caller's field in place of the upstream's, or none. */
    UpstreamException ours(UpstreamException e) {
        boolean refused = e.kind() == Kind.REJECTED || e.kind() == Kind.UNSUPPORTED;
        return refused ? UpstreamErrors.about(e, field(e)) : e;
    }

    private @Nullable String field(UpstreamException e) {
        String message = e.getMessage();
        if (message.contains("input token count") || message.contains("exceeds the maximum number of tokens")) {
            return text;
        }
        String path = e.param();
        if (path == null) {
            Matcher quoted = QUOTED.matcher(message);
            if (!quoted.find()) {
                return null;
            }
            path = quoted.group(1);
        }
        String normal = path.replace("_", "").toLowerCase(Locale.ROOT);
        for (Map.Entry<String, String> name : names) {
            if (normal.contains(name.getKey())) {
                return name.getValue();
            }
        }
        // Of our own making.
        return names.stream().anyMatch(name -> name.getValue().equals(e.param())) ? e.param() : null;
    }
}
