package io.synapse.gateway.testkit;

import org.jspecify.annotations.Nullable;

/** What providers of pictures may or may not be able to do. */
public enum ImageFeature implements MediaFeature {
    /** A size. */
    SIZE("size", "1024x1024", null),
    /** A quality other than the usual one. */
    QUALITY("quality", "hd", null),
    /** A style. */
    STYLE("style", "vivid", null),
    /** What to leave out. */
    NEGATIVE_PROMPT("negative_prompt", "no umbrellas", "no umbrellas"),
    /** Several pictures of one request. */
    SEVERAL("n", 3, null),
    /** A mask that says where to change a picture; for edits. */
    MASK("mask", "a picture", null),
    /** Fields of the upstream's own, below {@code providerOptions}. */
    PROVIDER_OPTIONS("providerOptions", "value-of-tomorrow", "value-of-tomorrow");

    private final String field;
    /** Immutable, though the checker of enums cannot see it. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final Object example;

    private final @Nullable String trace;

    ImageFeature(String field, Object example, @Nullable String trace) {
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
