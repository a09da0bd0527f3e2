package io.synapse.gateway.testkit;

import org.jspecify.annotations.Nullable;

/** What providers of films may or may not be able to do. */
public enum VideoFeature implements MediaFeature {
    /** A length. */
    SECONDS("seconds", 5, null),
    /** A size. */
    SIZE("size", "1280x720", null),
    /** A seed, which makes the same film again. */
    SEED("seed", 4_711, "4711"),
    /** A picture to start from. */
    FIRST_FRAME("image", "a picture", null),
    /** Fields of the upstream's own, below {@code providerOptions}. */
    PROVIDER_OPTIONS("providerOptions", "value-of-tomorrow", "value-of-tomorrow");

    private final String field;
    /** Immutable, though the checker of enums cannot see it. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final Object example;

    private final @Nullable String trace;

    VideoFeature(String field, Object example, @Nullable String trace) {
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
