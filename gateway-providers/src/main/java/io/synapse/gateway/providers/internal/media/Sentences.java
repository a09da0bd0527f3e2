package io.synapse.gateway.providers.internal.media;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Cuts a text for upstreams that speak short ones only: between sentences, where it can be. */
public final class Sentences {
    private Sentences() {}

    /**
     * The parts of a text, in order, each as long as can be: cut between sentences; within one that is too long, between
     * words; within a word that is too long, between characters. Blanks around the cuts are left out.
     *
     * @param most how long a part may be, in UTF-16 units, of which no character has fewer than one
     * @return the parts; of a text that is blank as much of it as is one part
     */
    public static List<String> parts(String text, int most) {
        List<String> parts = new ArrayList<>();
        cut(text, most, 0, parts);
        return parts.isEmpty() ? List.of(text.substring(0, Math.min(most, text.length()))) : parts;
    }

    private static void cut(String text, int most, int depth, List<String> parts) {
        BreakIterator places = switch (depth) {
            case 0 -> BreakIterator.getSentenceInstance(Locale.ROOT);
            case 1 -> BreakIterator.getLineInstance(Locale.ROOT);
            default -> BreakIterator.getCharacterInstance(Locale.ROOT);
        };
        places.setText(text);
        StringBuilder part = new StringBuilder();
        int start = places.first();
        for (int end = places.next(); end != BreakIterator.DONE; start = end, end = places.next()) {
            String piece = text.substring(start, end);
            int length = piece.stripTrailing().length();
            if (part.length() + length > most) {
                flush(part, parts);
            }
            if (length <= most) {
                part.append(piece);
            } else if (depth < 2) {
                cut(piece, most, depth + 1, parts);
            } else {
                // One letter with more marks upon it than the part has room for: nobody can speak it anyhow.
                part.append(piece, 0, most);
            }
        }
        flush(part, parts);
    }

    private static void flush(StringBuilder part, List<String> parts) {
        String text = part.toString().strip();
        if (!text.isEmpty()) {
            parts.add(text);
        }
        part.setLength(0);
    }
}
