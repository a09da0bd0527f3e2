package io.synapse.gateway.providers.sandbox;

import io.synapse.gateway.provider.TokenCounter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts texts into pieces and counts them. Cuts stand between a visible character and a blank, where a tokenizer never
 * joins what lies on both sides, so that the counts of the pieces add up. Safe for use by many threads.
 */
final class PieceCutter {
    private final TokenCounter counter;

    PieceCutter(TokenCounter counter) {
        this.counter = counter;
    }

    /** The pieces of a text; joined, they are the text. */
    List<Piece> cut(CharSequence text) {
        List<Piece> pieces = new ArrayList<>(16);
        cut(text, pieces);
        return pieces;
    }

    /** Appends the pieces of a text that follows what is there already, and therefore begins with a blank. */
    void cut(CharSequence text, List<Piece> pieces) {
        int start = 0;
        for (int i = 1; i < text.length(); i++) {
            if (isCut(text, i)) {
                pieces.add(piece(text.subSequence(start, i).toString()));
                start = i;
            }
        }
        if (start < text.length()) {
            pieces.add(piece(text.subSequence(start, text.length()).toString()));
        }
    }

    private static boolean isCut(CharSequence text, int at) {
        return text.charAt(at) == ' ' && !Character.isWhitespace(text.charAt(at - 1));
    }

    /** Counts one piece. */
    Piece piece(String text) {
        return new Piece(text, Math.toIntExact(counter.count(text)));
    }

    /** As much of the pieces as a number of tokens allows; the last one may be cut inside. */
    List<Piece> limit(List<Piece> pieces, long most) {
        long left = most;
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            if (piece.tokens() > left) {
                List<Piece> kept = new ArrayList<>(pieces.subList(0, i));
                Piece part = longestStart(piece.text(), left);
                if (part != null) {
                    kept.add(part);
                }
                return kept;
            }
            left -= piece.tokens();
        }
        return pieces;
    }

    private @Nullable Piece longestStart(String text, long most) {
        int low = 0;
        int high = text.length();
        @Nullable Piece best = null;
        while (most > 0 && low < high) {
            int middle = (low + high + 1) >>> 1;
            int end = Character.isHighSurrogate(text.charAt(middle - 1)) ? middle - 1 : middle;
            Piece part = end == 0 ? new Piece("", 0) : piece(text.substring(0, end));
            if (part.tokens() <= most) {
                low = middle;
                best = end == 0 ? best : part;
            } else {
                high = middle - 1;
            }
        }
        return best;
    }

    /** How many tokens pieces have together. */
    static long tokens(List<Piece> pieces) {
        long sum = 0;
        for (int i = 0; i < pieces.size(); i++) {
            sum += pieces.get(i).tokens();
        }
        return sum;
    }

    /** The text of pieces. */
    static String join(List<Piece> pieces) {
        StringBuilder text = new StringBuilder(pieces.size() * 6);
        for (int i = 0; i < pieces.size(); i++) {
            text.append(pieces.get(i).text());
        }
        return text.toString();
    }
}
