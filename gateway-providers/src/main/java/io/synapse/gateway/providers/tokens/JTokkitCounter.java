package io.synapse.gateway.providers.tokens;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import io.synapse.gateway.provider.TokenCounter;

/**
 * Counts tokens with OpenAI's {@code o200k_base} vocabulary. Texts of up to 256 KB are counted exactly, longer ones at a
 * token per two bytes. The vocabulary (3.6 MB) is loaded once per JVM, when it is first needed or by {@link #warmUp}.
 * Safe for use by many threads; never fails, whatever the text holds.
 */
public final class JTokkitCounter implements TokenCounter {
    /** UTF-8 bytes up to which a text is counted exactly: about 100 ms of one core. */
    static final int EXACT_BYTES = 256 * 1024;

    /** Tokens that a bound allows beyond its share of the text, so that short texts have room too. */
    static final int SLACK = 8;

    /** Makes a counter. Cheap: all counters share one vocabulary. */
    public JTokkitCounter() {}

    /**
     * Loads the vocabulary now, on this thread, and runs it until it is fast. Takes about a second; a server calls it in
     * the background while it starts.
     */
    public void warmUp() {
        String sample = "The quick brown fox jumps over 12 lazy dogs; {\"json\": [1, 2.5, null]} und Größe, \n";
        long total = 0;
        for (int round = 0; round < 2_000; round++) {
            total += count(sample);
        }
        if (total <= 0) {
            throw new IllegalStateException("the vocabulary counts nothing");
        }
    }

    @Override
    public long count(String text) {
        // No character takes more than three bytes.
        if (text.length() > EXACT_BYTES / 3) {
            long bytes = utf8Length(text);
            if (bytes > EXACT_BYTES) {
                return Math.ceilDiv(bytes, 2);
            }
        }
        return text.isEmpty() ? 0 : Vocabulary.WORDS.count(text);
    }

    /** A fifth above the count, for tokenizers of other makers, plus a few; but no more than the text has bytes, plus a few. */
    @Override
    public long bound(String text) {
        long more = Math.ceilDiv(count(text) * 6, 5);
        // A text has at least as many bytes as characters.
        return SLACK + (more <= text.length() ? more : Math.min(more, utf8Length(text)));
    }

    private static long utf8Length(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Each half of a surrogate pair stands for two of the pair's four bytes.
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }

    private static final class Vocabulary {
        static final Encoding O200K = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);

        // "Ordinary": the plain countTokens throws where a text spells a special token such as <|endoftext|>.
        static final WordCounts WORDS = new WordCounts(O200K::countTokensOrdinary);
    }
}
