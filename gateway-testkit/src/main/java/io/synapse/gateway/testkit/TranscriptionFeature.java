package io.synapse.gateway.testkit;

import org.jspecify.annotations.Nullable;

/** What providers of transcripts may or may not be able to do. */
public enum TranscriptionFeature implements MediaFeature {
    /** The language that is spoken. */
    LANGUAGE("language", "de", null),
    /** Words that are likely to occur. */
    PROMPT("prompt", "Zaphod", "Zaphod"),
    /** How random. */
    TEMPERATURE("temperature", "0.25", "0.25"),
    /** The times of words; the answer of the provider holds them. */
    WORD_TIMES("timestamp_granularities[]", "word", null),
    /** The times of segments; the answer of the provider holds them. */
    SEGMENT_TIMES("timestamp_granularities[]", "segment", null);

    private final String field;
    /** Immutable, though the checker of enums cannot see it. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final Object example;

    private final @Nullable String trace;

    TranscriptionFeature(String field, Object example, @Nullable String trace) {
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
