package io.synapse.gateway.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.eclipse.jetty.http.MultiPart;
import org.jspecify.annotations.Nullable;

/** What makes two requests the same: method, path and body. */
final class Fingerprint {
    private Fingerprint() {}

    /**
     * A fingerprint.
     *
     * @param line method and path
     * @param contentType what the body says that it is; a form's boundary is not part of what it says, since clients that
     *     send a form again choose another
     */
    static String of(String line, @Nullable String contentType, byte[] body) {
        MessageDigest digest = sha256();
        digest.update(line.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        byte[] boundary = boundary(contentType);
        if (boundary.length == 0) {
            digest.update(body);
        } else {
            withoutBoundary(digest, body, boundary);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static byte[] boundary(@Nullable String contentType) {
        if (contentType == null || !contentType.toLowerCase(Locale.ROOT).startsWith("multipart/")) {
            return new byte[0];
        }
        String boundary = MultiPart.extractBoundary(contentType);
        return boundary == null ? new byte[0] : boundary.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void withoutBoundary(MessageDigest digest, byte[] body, byte[] boundary) {
        int from = 0;
        for (int at = 0; at + boundary.length <= body.length; ) {
            if (body[at] == boundary[0] && isAt(body, at, boundary)) {
                digest.update(body, from, at - from);
                digest.update((byte) 0);
                at += boundary.length;
                from = at;
            } else {
                at++;
            }
        }
        digest.update(body, from, body.length - from);
    }

    private static boolean isAt(byte[] body, int at, byte[] boundary) {
        for (int i = 0; i < boundary.length; i++) {
            if (body[at + i] != boundary[i]) {
                return false;
            }
        }
        return true;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
