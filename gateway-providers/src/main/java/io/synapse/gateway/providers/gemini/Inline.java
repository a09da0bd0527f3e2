package io.synapse.gateway.providers.gemini;

import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Parts that hold a picture, a sound or a document itself: {@code inlineData}. */
final class Inline {
    private static final String SCHEME = "data:";
    private static final String BASE64 = ";base64";

    private Inline() {}

    static Map<String, @Nullable Object> part(Media media) {
        return part(media.type(), Base64.getEncoder().encodeToString(media.bytes()));
    }

    static Map<String, @Nullable Object> part(String type, String base64) {
        return Map.of("inlineData", Map.of("mimeType", type, "data", base64));
    }

    /**
     * The part for a {@code data:} URI.
     *
     * @param param the field of the request that holds it
     * @throws UpstreamException if it is a URL, which this upstream does not take, or ill-formed
     */
    static Map<String, @Nullable Object> part(String uri, String param, String what) throws UpstreamException {
        if (uri.regionMatches(true, 0, "https:", 0, 6) || uri.regionMatches(true, 0, "http:", 0, 5)) {
            throw UpstreamErrors.unsupported(
                    param,
                    GeminiProvider.ID + " does not take the URL of " + what + ". Send it itself, as a"
                            + " data:…;base64,… URI.");
        }
        int comma = uri.indexOf(',');
        String head = comma < 0 ? "" : uri.substring(0, comma).toLowerCase(Locale.ROOT);
        if (!head.startsWith(SCHEME) || !head.endsWith(BASE64) || comma + 1 == uri.length()) {
            throw UpstreamErrors.rejected(param, "'" + param + "' must be a data:…;base64,… URI.");
        }
        String type = head.substring(SCHEME.length(), head.length() - BASE64.length());
        int parameters = type.indexOf(';');
        return part(parameters < 0 ? type : type.substring(0, parameters), uri.substring(comma + 1));
    }
}
