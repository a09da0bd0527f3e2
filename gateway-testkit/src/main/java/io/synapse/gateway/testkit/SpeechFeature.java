package io.synapse.gateway.testkit;

import org.jspecify.annotations.Nullable;

/** What providers of speech may or may not be able to do. */
public enum SpeechFeature implements MediaFeature {
    /** A voice. */
    VOICE("voice", "aria", null),
    /** A sound format other than the usual one. */
    FORMAT("response_format", "wav", null),
    /** Another speed. */
    SPEED("speed", 1.25, "1.25"),
    /** How to speak. */
    INSTRUCTIONS("instructions", "like an old sailor", "like an old sailor"),
    /** Fields of the upstream's own, below {@code providerOptions}. */
    PROVIDER_OPTIONS("providerOptions", "value-of-tomorrow", "value-of-tomorrow");

    private final String field;
    /** Immutable, though the checker of enums cannot see it. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final Object example;

    private final @Nullable String trace;

    SpeechFeature(String field, Object example, @Nullable String trace) {
        this.field = field;
        this.example = example;
        this.trace = trace;
    }

    @Override
    public String field() {
        return field;
    }

    @Override
    public Object example() {
        return example;
    }

    @Override
    public @Nullable String trace() {
        return trace;
    }
}
