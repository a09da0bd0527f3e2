package io.synapse.gateway.providers.tokens;

import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Counts texts word by word and remembers the words that it saw lately, since any language says most of what it says with
 * few of them, and to look one up takes a hundredth of the time. The count is exact: a word here is what lies between
 * places where a blank follows something visible, and no token of the vocabulary reaches across such a place. Safe for
 * use by many threads.
 */
final class WordCounts {
    /** A power of two. With the longest words this is two megabytes. */
    private static final int REMEMBERED = 1 << 14;

    private static final int LONGEST_REMEMBERED = 32;

    private final ToIntFunction<String> vocabulary;

    /** Found by hash. A lost race costs one more count: words are immutable. */
    private final @Nullable Word[] remembered = new @Nullable Word[REMEMBERED];

    private record Word(String text, int tokens) {}

    WordCounts(ToIntFunction<String> vocabulary) {
        this.vocabulary = vocabulary;
    }

    long count(String text) {
        long tokens = 0;
        int start = 0;
        int hash = 0;
        char before = ' ';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ' ' && isVisible(before)) {
                tokens += count(text, start, i, hash);
                start = i;
                hash = 0;
            }
            hash = 31 * hash + c;
            before = c;
        }
        return tokens + count(text, start, text.length(), hash);
    }

    private static boolean isVisible(char c) {
        return (c > ' ' && c < 0x7f) || Character.isLetterOrDigit(c);
    }

    private int count(String text, int start, int end, int hash) {
        if (end - start > LONGEST_REMEMBERED) {
            return vocabulary.applyAsInt(text.substring(start, end));
        }
        int slot = (hash ^ (hash >>> 16)) & (REMEMBERED - 1);
        Word known = remembered[slot];
        if (known == null || known.text().length() != end - start || !text.startsWith(known.text(), start)) {
            String word = text.substring(start, end);
            known = new Word(word, vocabulary.applyAsInt(word));
            remembered[slot] = known;
        }
        return known.tokens();
    }
}
