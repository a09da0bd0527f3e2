package io.synapse.gateway.providers.recraft;

import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Tells SVG from what only claims to be: it has no first bytes of its own, being text. */
final class VectorGraphics {
    static final String TYPE = "image/svg+xml";

    private static final int LOOKED_AT = 1_000;

    private VectorGraphics() {}

    /** The picture itself, unless it is said to be SVG and is none. */
    static Media checked(Media picture) throws UpstreamException {
        if (picture.type().equals(TYPE)) {
            byte[] bytes = picture.bytes();
            String start = new String(bytes, 0, Math.min(bytes.length, LOOKED_AT), StandardCharsets.UTF_8);
            if (!start.contains("<svg") || start.toLowerCase(Locale.ROOT).contains("<html")) {
                throw UpstreamErrors.malformed("answered with something that is no picture", null);
            }
        }
        return picture;
    }
}
