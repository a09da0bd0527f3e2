package io.synapse.gateway.providers.internal.media;

import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Tells what kind of picture some bytes are: by their first ones, since upstreams' words about it are often wrong. */
public final class Pictures {
    private Pictures() {}

    /**
     * The media type.
     *
     * @param said what the upstream says it is
     * @return what the bytes are; where they do not tell, what the upstream says, if that is a picture; else null
     */
    public static @Nullable String type(byte[] bytes, String said) {
        if (begins(bytes, 0, "\u0089PNG")) {
            return "image/png";
        }
        if (begins(bytes, 0, "\u00FF\u00D8\u00FF")) {
            return "image/jpeg";
        }
        if (begins(bytes, 0, "RIFF") && begins(bytes, 8, "WEBP")) {
            return "image/webp";
        }
        if (begins(bytes, 0, "GIF8")) {
            return "image/gif";
        }
        return bytes.length > 0 && said.startsWith("image/") ? said : null;
    }

    /**
     * A picture that an answer holds in base64.
     *
     * @param said what the upstream says it is
     * @throws UpstreamException if it is none
     */
    public static Media decoded(String base64, String said) throws UpstreamException {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw UpstreamErrors.malformed("answered with a picture that is not base64", e);
        }
        String type = type(bytes, said);
        if (type == null) {
            throw UpstreamErrors.malformed("answered with an empty picture", null);
        }
        return new Media(bytes, type);
    }

    /**
     * A picture that is the whole of an answer. Its bytes alone tell what it is: an error page can be called a picture too.
     *
     * @throws UpstreamException if it is none
     */
    public static Media plain(byte[] bytes) throws UpstreamException {
        String type = type(bytes, "");
        if (type == null) {
            throw UpstreamErrors.malformed("answered with something that is no picture", null);
        }
        return new Media(bytes, type);
    }

    /** The picture as a {@code data:} URI, for upstreams that take pictures as text. */
    public static String dataUri(Media picture) {
        return "data:" + picture.type() + ";base64," + Base64.getEncoder().encodeToString(picture.bytes());
    }

    /** A file's name that ends as pictures of this type do. */
    public static String filename(String stem, String type) {
        return stem + "."
                + switch (type) {
                    case "image/jpeg" -> "jpg";
                    case "image/webp" -> "webp";
                    case "image/gif" -> "gif";
                    default -> "png";
                };
    }

    private static boolean begins(byte[] bytes, int offset, String magic) {
        byte[] expected = magic.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length < offset + expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (bytes[offset + i] != expected[i]) {
                return false;
            }
        }
        return true;
    }
}
