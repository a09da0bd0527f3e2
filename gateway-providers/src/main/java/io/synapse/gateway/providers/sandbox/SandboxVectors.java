package io.synapse.gateway.providers.sandbox;

import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.EmbeddingRequest;
import io.synapse.gateway.media.Embeddings;
import io.synapse.gateway.provider.TokenCounter;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Vectors by feature hashing: each word, pair of words and run of three letters adds to one place of the vector, with a
 * sign. Texts that share many of them are near each other; what a text means plays no part.
 */
final class SandboxVectors {
    private static final int USUAL_WIDTH = 768;
    /** The widths of well-known models, found by a part of the name; the first that fits holds. */
    private static final List<Width> WIDTHS = List.of(
            new Width("text-embedding-3-small", 1536),
            new Width("text-embedding-3-large", 3072),
            new Width("text-embedding-ada", 1536),
            new Width("gemini-embedding", 3072),
            new Width("bge-small", 384),
            new Width("bge-large", 1024),
            new Width("bge-m3", 1024),
            new Width("mistral-embed", 1024),
            new Width("all-minilm", 384),
            new Width("mxbai-embed-large", 1024));

    private static final double WORD = 1;
    private static final double COMMON_WORD = 0.25;
    private static final double PAIR = 0.5;
    private static final double LETTERS = 0.3;
    /** Words up to here tell little of what a text is about, in most languages that have words. */
    private static final int SHORT = 2;
    /** Longer ones that tell little in English. */
    private static final Set<String> COMMON = Set.of(
            "the", "and", "for", "are", "was", "were", "has", "had", "have", "not", "but", "you", "your", "his", "her",
            "its", "our", "their", "they", "she", "him", "them", "who", "what", "which", "this", "that", "these",
            "those", "with", "from", "into", "onto", "than", "then", "there", "here", "been", "being", "will", "would",
            "can", "could", "does", "did", "some", "any", "all", "how", "when", "where", "why", "also", "just",
            "about");

    private static final long WORD_SALT = 1;
    private static final long PAIR_SALT = 2;
    private static final long LETTERS_SALT = 3;
    private static final long TOKEN_SALT = 4;

    private final TokenCounter counter;

    /**
     * The width of some models' vectors.
     *
     * @param name what the models' names contain
     */
    private record Width(String name, int width) {}

    SandboxVectors(TokenCounter counter) {
        this.counter = counter;
    }

    Embeddings embed(UpstreamCall call, EmbeddingRequest request) throws UpstreamException {
        Faults.beginWhole(call);
        Integer asked = request.dimensions();
        int width = asked == null ? widthOf(Faults.plainModel(call)) : asked;
        List<float[]> vectors = new ArrayList<>(request.size());
        long tokens = 0;
        for (String text : request.texts()) {
            Faults.goOn(call);
            vectors.add(ofText(text, width));
            tokens += counter.count(text);
        }
        for (List<Integer> numbers : request.tokens()) {
            Faults.goOn(call);
            vectors.add(ofTokens(numbers, width));
            tokens += numbers.size();
        }
        return new Embeddings(vectors, Usage.of(Unit.INPUT_TOKENS, tokens));
    }

    static int widthOf(String model) {
        String name = model.toLowerCase(Locale.ROOT);
        for (Width known : WIDTHS) {
            if (name.contains(known.name())) {
                return known.width();
            }
        }
        return USUAL_WIDTH;
    }

    private static float[] ofText(String text, int width) {
        String plain = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        double[] sum = new double[width];
        int end = 0;
        int lastStart = -1;
        int lastEnd = -1;
        while (end < plain.length()) {
            int start = end;
            while (start < plain.length() && !inWord(plain, start)) {
                start++;
            }
            end = start;
            while (end < plain.length() && inWord(plain, end)) {
                end++;
            }
            if (start == end) {
                break;
            }
            String word = plain.substring(start, end);
            double weight = word.length() <= SHORT || COMMON.contains(word) ? COMMON_WORD : WORD;
            add(sum, Fingerprint.of(plain, start, end, WORD_SALT), weight);
            if (lastStart >= 0) {
                long first = Fingerprint.of(plain, lastStart, lastEnd, PAIR_SALT);
                add(sum, Fingerprint.of(plain, start, end, first), PAIR);
            }
            addLetters(sum, " " + word + " ", LETTERS * weight);
            lastStart = start;
            lastEnd = end;
        }
        return normalized(sum, Fingerprint.of(text));
    }

    private static boolean inWord(String text, int at) {
        char c = text.charAt(at);
        // Marks are the vowels of scripts such as Devanagari; surrogates are emoji, mostly.
        int type = Character.getType(c);
        return Character.isLetterOrDigit(c)
                || type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.SURROGATE;
    }

    private static void addLetters(double[] sum, String word, double weight) {
        for (int i = 0; i + 3 <= word.length(); i++) {
            add(sum, Fingerprint.of(word, i, i + 3, LETTERS_SALT), weight);
        }
    }

    private static float[] ofTokens(List<Integer> tokens, int width) {
        double[] sum = new double[width];
        long last = 0;
        long all = 0;
        for (int i = 0; i < tokens.size(); i++) {
            long token = Fingerprint.mix(TOKEN_SALT + ((long) tokens.get(i) << 3));
            add(sum, token, WORD);
            if (i > 0) {
                add(sum, Fingerprint.mix(last ^ Long.rotateLeft(token, 1)), PAIR);
            }
            last = token;
            all = Fingerprint.mix(all + token);
        }
        return normalized(sum, all);
    }

    private static void add(double[] sum, long hash, double weight) {
        sum[(int) Long.remainderUnsigned(hash >>> 1, sum.length)] += (hash & 1) == 0 ? weight : -weight;
    }

    /** To length 1. A text of no words, or whose features cancel out, gets a place by its fingerprint. */
    private static float[] normalized(double[] sum, long fingerprint) {
        double squares = squares(sum);
        if (squares < 1e-9) {
            add(sum, fingerprint, 1);
            squares = squares(sum);
        }
        double length = Math.sqrt(squares);
        float[] vector = new float[sum.length];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (sum[i] / length);
        }
        return vector;
    }

    private static double squares(double[] sum) {
        double squares = 0;
        for (double value : sum) {
            squares += value * value;
        }
        return squares;
    }
}
