package io.synapse.gateway.providers.http;

import java.io.IOException;

/** A body that breaks the rules of its own format, or our bounds on it. */
final class MalformedStreamException extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedStreamException(String message) {
        super(message);
    }
}
