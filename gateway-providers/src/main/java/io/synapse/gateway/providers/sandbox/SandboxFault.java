package io.synapse.gateway.providers.sandbox;

import java.time.Duration;
import java.util.Optional;

/** A failure that the sandbox plays when the name of the model ends with its suffix: {@code llama-3.1-8b:error-429}. */
public sealed interface SandboxFault {
    /** {@code error-429}: the upstream asks to come back later. */
    record RateLimited() implements SandboxFault {}

    /** {@code error-500}: the upstream fails by its own account. */
    record Failed() implements SandboxFault {}

    /** {@code timeout}: the upstream says nothing until the call is stopped. */
    record Silent() implements SandboxFault {}

    /** {@code cut}: the connection breaks in the middle of the answer. */
    record Cut() implements SandboxFault {}

    /**
     * {@code slow-<ms>}: the answer is good, but begins late.
     *
     * @param delay how long nothing comes: 0 to {@link #LONGEST_WAIT_MILLIS}
     */
    record Slow(Duration delay) implements SandboxFault {}

    /** The longest wait that {@code slow-<ms>} takes: an hour. */
    int LONGEST_WAIT_MILLIS = 3_600_000;

    /**
     * Reads a suffix, without its colon.
     *
     * @return the fault, or empty if the suffix is none that the sandbox knows: {@code slow-}, {@code slow-1s},
     *     {@code error-418}, {@code free}
     */
    static Optional<SandboxFault> parse(String suffix) {
        return switch (suffix) {
            case "error-429" -> Optional.of(new RateLimited());
            case "error-500" -> Optional.of(new Failed());
            case "timeout" -> Optional.of(new Silent());
            case "cut" -> Optional.of(new Cut());
            default -> suffix.startsWith("slow-") ? slow(suffix.substring(5)) : Optional.empty();
        };
    }

    private static Optional<SandboxFault> slow(String millis) {
        if (millis.isEmpty() || millis.length() > 7) {
            return Optional.empty();
        }
        int wait = 0;
        for (int i = 0; i < millis.length(); i++) {
            char digit = millis.charAt(i);
            if (digit < '0' || digit > '9') {
                return Optional.empty();
            }
            wait = wait * 10 + (digit - '0');
        }
        return wait > LONGEST_WAIT_MILLIS ? Optional.empty() : Optional.of(new Slow(Duration.ofMillis(wait)));
    }
}
