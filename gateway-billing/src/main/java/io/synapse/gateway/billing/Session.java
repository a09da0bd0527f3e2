package io.synapse.gateway.billing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * Somebody who is signed in.
 *
 * @param account who it is
 * @param csrfToken what their pages send along with every change, and pages of strangers do not know
 */
public record Session(Account account, String csrfToken) {
    /** Whether it is the session's token; takes as long for any other. */
    public boolean hasCsrfToken(String token) {
        return MessageDigest.isEqual(
                csrfToken.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
    }

    /** Leaves out the token, so that no log shows it. */
    @Override
    public String toString() {
        return "Session[" + account.id() + "]";
    }
}
