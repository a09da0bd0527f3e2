package io.synapse.gateway.providers.sandbox;

/** The sandbox finds no value for a JSON schema: it allows none, is malformed, or asks for more than the sandbox makes. */
final class UnmetSchemaException extends Exception {
    private static final long serialVersionUID = 1L;

    UnmetSchemaException(String message) {
        // Thrown by the dozen while branches are tried; nobody reads where from.
        super(message, null, false, false);
    }
}
