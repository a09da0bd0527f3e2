package io.synapse.gateway.media;

import io.synapse.gateway.credit.Usage;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What was said.
 *
 * @param text all of it
 * @param language the language, or null if it is not known
 * @param segments its parts with their times; empty if they are not known
 * @param words its words with their times; empty if they are not known
 * @param usage what the upstream said that it used, or null if it did not say
 */
public record Transcript(
        String text,
        @Nullable String language,
        List<Part> segments,
        List<Part> words,
        @Nullable Usage usage) {
    public Transcript {
        Objects.requireNonNull(text, "text");
        segments = List.copyOf(segments);
        words = List.copyOf(words);
    }

    /**
     * A part of a recording.
     *
     * @param startMillis where it starts, in milliseconds
     * @param endMillis where it ends
     * @param text what is said there
     */
    public record Part(long startMillis, long endMillis, String text) {}
}
