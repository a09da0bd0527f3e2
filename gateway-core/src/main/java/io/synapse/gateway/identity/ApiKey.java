package io.synapse.gateway.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The form of API keys: {@code mmg_live_…} and {@code mmg_test_…} for an account's default project, {@code mg_live_…} and
 * {@code mg_test_…} for any other, then letters and digits drawn from a secure random source.
 *
 * <p>A key carries 238 random bits, so a plain SHA-256 is a one-way hash of it: there is nothing to guess and nothing
 * that a slow hash would protect.
 */
public final class ApiKey {
    /** The fewest characters after the prefix: what an operator's own keys must have too. */
    public static final int SHORTEST = 20;

    private static final int RANDOM_CHARACTERS = 40;
    private static final int LONGEST = 200;
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final SecureRandom RANDOM = new SecureRandom();

    private ApiKey() {}

    /** A new secret. */
    public static String generate(boolean test, boolean defaultProject) {
        StringBuilder key = new StringBuilder(prefix(test, defaultProject));
        for (int i = 0; i < RANDOM_CHARACTERS; i++) {
            key.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        return key.toString();
    }

    /** The prefix of such a key. */
    public static String prefix(boolean test, boolean defaultProject) {
        return (defaultProject ? "mmg_" : "mg_") + (test ? "test_" : "live_");
    }

    /** Whether a text can be a key at all: checked before any store is asked. */
    public static boolean isWellFormed(String secret) {
        int length = secret.length();
        if (length > LONGEST) {
            return false;
        }
        int start = prefixLength(secret);
        if (start == 0 || length - start < SHORTEST) {
            return false;
        }
        for (int i = start; i < length; i++) {
            char c = secret.charAt(i);
            boolean plain =
                    (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
            if (!plain) {
                return false;
            }
        }
        return true;
    }

    /** Whether a well-formed key is a test key. */
    public static boolean isTest(String secret) {
        return secret.startsWith("mmg_test_") || secret.startsWith("mg_test_");
    }

    /** The key as it may be shown again: prefix, then the last four characters. */
    public static String display(String secret) {
        return secret.substring(0, prefixLength(secret)) + "…" + secret.substring(secret.length() - 4);
    }

    /** SHA-256 of the key: what is stored. */
    public static byte[] hash(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** {@link #hash} in hexadecimal. */
    public static String hashHex(String secret) {
        return HexFormat.of().formatHex(hash(secret));
    }

    private static int prefixLength(String secret) {
        for (String prefix : new String[] {"mmg_live_", "mmg_test_", "mg_live_", "mg_test_"}) {
            if (secret.startsWith(prefix)) {
                return prefix.length();
            }
        }
        return 0;
    }
}
