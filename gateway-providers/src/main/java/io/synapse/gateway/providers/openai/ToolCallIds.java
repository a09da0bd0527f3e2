package io.synapse.gateway.providers.openai;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** The ids by which a tool's answer names the call it answers. */
final class ToolCallIds {
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final Pattern SHORT = Pattern.compile("[A-Za-z0-9]{9}");

    private ToolCallIds() {}

    /** A new id in OpenAI's form, for an upstream that gives none. */
    static String fresh() {
        StringBuilder id = new StringBuilder("call_");
        for (int i = 0; i < 24; i++) {
            id.append(ALPHABET.charAt(ThreadLocalRandom.current().nextInt(ALPHABET.length())));
        }
        return id.toString();
    }

    /** Nine letters and digits, the same for the same id every time; an id of that form as it stands. */
    static String shortened(String id) {
        if (SHORT.matcher(id).matches()) {
            return id;
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            BigInteger rest = new BigInteger(1, hash);
            StringBuilder nine = new StringBuilder(9);
            for (int i = 0; i < 9; i++) {
                BigInteger[] parts = rest.divideAndRemainder(BigInteger.valueOf(ALPHABET.length()));
                nine.append(ALPHABET.charAt(parts[1].intValue()));
                rest = parts[0];
            }
            return nine.toString();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
