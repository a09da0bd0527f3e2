package io.synapse.gateway.testkit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What providers of vectors may or may not be able to do. */
public enum EmbeddingFeature implements MediaFeature {
    /** A length of the vectors; the answer of the provider has it. */
    DIMENSIONS("dimensions", 3, null),
    /** Inputs that are token numbers and no texts. */
    TOKENS("input", List.of(11, 22, 33), null),
    /** Fields that nobody here knows. Where they cannot be passed on they are left out. */
    UNKNOWN_FIELDS("a_field_of_tomorrow", "value-of-tomorrow", "value-of-tomorrow"),
    /** Fields of the upstream's own, below {@code providerOptions}. */
    PROVIDER_OPTIONS("providerOptions", "value-of-tomorrow", "value-of-tomorrow");

    private final String field;
    /** Immutable, though the checker of enums cannot see it. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final Object example;

    private final @Nullable String trace;

    EmbeddingFeature(String field, Object example, @Nullable String trace) {
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
