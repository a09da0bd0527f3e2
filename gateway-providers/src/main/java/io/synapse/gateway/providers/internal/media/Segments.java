package io.synapse.gateway.providers.internal.media;

import io.synapse.gateway.media.Transcript.Part;
import java.util.ArrayList;
import java.util.List;

/** Makes the segments of a transcript, as subtitles are made of, where an upstream tells the times of words alone. */
public final class Segments {
    private static final String ENDS_OF_SENTENCES = ".?!…。？！؟।";
    /** A silence that ends a segment. */
    private static final long PAUSE_MILLIS = 1_000;
    /** Nobody reads more at once. */
    private static final long LONGEST_MILLIS = 10_000;

    private static final int MOST_CHARACTERS = 160;

    private Segments() {}

    /**
     * Puts words together: to sentences, or to less where there is a pause or a sentence is too long to be read at once.
     *
     * @param words the words in order, each with the blank before it, if there is one in its language
     */
    public static List<Part> of(List<Part> words) {
        List<Part> segments = new ArrayList<>();
        int first = 0;
        int length = 0;
        for (int i = 0; i < words.size(); i++) {
            length += words.get(i).text().length();
            if (i + 1 == words.size() || endsAt(words, first, i, length)) {
                segments.add(segment(words.subList(first, i + 1)));
                first = i + 1;
                length = 0;
            }
        }
        return segments;
    }

    private static boolean endsAt(List<Part> words, int first, int last, int length) {
        Part word = words.get(last);
        Part next = words.get(last + 1);
        String text = word.text().stripTrailing();
        boolean sentence = !text.isEmpty() && ENDS_OF_SENTENCES.indexOf(text.charAt(text.length() - 1)) >= 0;
        return sentence
                || next.startMillis() - word.endMillis() >= PAUSE_MILLIS
                || next.endMillis() - words.get(first).startMillis() > LONGEST_MILLIS
                || length + next.text().length() > MOST_CHARACTERS;
    }

    private static Part segment(List<Part> words) {
        StringBuilder text = new StringBuilder();
        words.forEach(word -> text.append(word.text()));
        return new Part(words.getFirst().startMillis(), words.getLast().endMillis(), text.toString());
    }
}
