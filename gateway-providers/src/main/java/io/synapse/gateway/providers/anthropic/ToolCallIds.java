package io.synapse.gateway.providers.anthropic;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** The ids by which a tool's answer names the call it answers; they may come from another provider's models. */
final class ToolCallIds {
    private static final Pattern ACCEPTED = Pattern.compile("[a-zA-Z0-9_-]{1,128}");

    private ToolCallIds() {}

    /** An id that Anthropic accepts, the same for the same id every time; one that it accepts as it stands. */
    static String accepted(String id) {
        if (ACCEPTED.matcher(id).matches()) {
            return id;
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            return "toolu_" + HexFormat.of().formatHex(hash, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
