package io.synapse.gateway.fault;

import org.jspecify.annotations.Nullable;

/** A request that breaks its own rules: a missing or ill-typed field, or a value out of range. */
public final class InvalidRequestException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String param;

    /**
     * Names the field at fault.
     *
     * @param param the path of the field at fault ({@code messages[0].content}), or null where no single field is
     * @param message what was wrong and what to send instead; shown to the caller as it stands
     */
    public InvalidRequestException(@Nullable String param, String message) {
        super(message);
        this.param = param;
    }

    /** The path of the field at fault, or null where no single field is. */
    public @Nullable String param() {
        return param;
    }

    /** What was wrong and what to send instead. */
    @Override
    public String getMessage() {
        String message = super.getMessage();
        return message == null ? "The request is not valid." : message;
    }
}
