package io.synapse.gateway.providers.internal.json;

/** Bytes that are not the JSON they should be. Its message never quotes them. */
public final class MalformedJsonException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what is wrong
     */
    public MalformedJsonException(String message) {
        super(message);
    }
}
