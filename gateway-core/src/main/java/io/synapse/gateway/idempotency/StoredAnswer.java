package io.synapse.gateway.idempotency;

import java.util.Map;

/**
 * An answer that can be given again. Nobody changes the bytes of one that was handed on.
 *
 * @param status its HTTP status
 * @param headers its headers
 * @param body its body
 */
@SuppressWarnings("ArrayRecordComponent")
public record StoredAnswer(int status, Map<String, String> headers, byte[] body) {
    public StoredAnswer {
        headers = Map.copyOf(headers);
    }

    /** Identity is enough: answers are never compared. */
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return "StoredAnswer[" + status + ", " + body.length + " bytes]";
    }
}
