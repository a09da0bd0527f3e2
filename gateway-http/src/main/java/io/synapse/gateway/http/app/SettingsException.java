package io.synapse.gateway.http.app;

/** A setting is unknown or ill-formed; the message names it and says what to write. */
final class SettingsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SettingsException(String message) {
        super(message, null, false, false);
    }
}
