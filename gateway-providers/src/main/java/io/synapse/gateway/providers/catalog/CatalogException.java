package io.synapse.gateway.providers.catalog;

import org.jspecify.annotations.Nullable;

/** A catalog file that cannot be used. Its message is one line that names the file, the model and the field. */
public final class CatalogException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message where and what: {@code my.yaml: model x: pricing.input: is missing}
     * @param cause what lies beneath, or null
     */
    public CatalogException(String message, @Nullable Throwable cause) {
        super(
                message.lines()
                        .map(String::strip)
                        .reduce((one, next) -> one + " " + next)
                        .orElse(""),
                cause);
    }
}
