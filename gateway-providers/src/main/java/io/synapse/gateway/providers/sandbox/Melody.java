package io.synapse.gateway.providers.sandbox;

import java.util.ArrayList;
import java.util.List;

/**
 * What the sandbox makes of a text to speak: a tone for each word, as long as the word takes to say.
 *
 * @param notes the tones, one after the other
 */
record Melody(List<Note> notes) {
    /** How long everything is counted in: {@value} milliseconds, so that a frame of MP3 holds one. */
    static final int BEAT_MILLIS = 24;

    /** People say about 15 letters a second. */
    private static final double LETTER_MILLIS = 65;

    private static final int LONGEST_WORD = 12;
    private static final int LOWEST_PITCH = 9;
    private static final int PITCHES = 20;

    /**
     * A tone.
     *
     * @param pitch how high, in steps of {@link Mp3Sound#STEP_HERTZ}
     * @param beats how long
     */
    record Note(int pitch, int beats) {}

    /**
     * Sets a text to notes.
     *
     * @param voice shifts the pitch; no voice is one too
     * @param speed how fast: 1 is normal
     */
    static Melody of(String text, String voice, double speed) {
        List<Note> notes = new ArrayList<>();
        int shift = (int) Long.remainderUnsigned(Fingerprint.of(voice), PITCHES / 2);
        // Beats are rounded on the whole text's clock: short words at high speed would else all be rounded up.
        double millis = 0;
        int beats = 0;
        int start = 0;
        while (start < text.length()) {
            int end = endOfWord(text, start);
            millis += text.codePointCount(start, end) * LETTER_MILLIS / speed;
            int until = Math.max(beats + 1, (int) Math.round(millis / BEAT_MILLIS));
            int pitch = (int) Long.remainderUnsigned(Fingerprint.of(text, start, end, 0), PITCHES);
            notes.add(new Note(LOWEST_PITCH + shift + pitch, until - beats));
            beats = until;
            start = end;
        }
        return new Melody(notes);
    }

    /** Where a word ends, with the blanks after it; long ones, as scripts without blanks have them, are split. */
    private static int endOfWord(String text, int start) {
        int end = start;
        while (end < text.length() && end - start < LONGEST_WORD && !Character.isWhitespace(text.charAt(end))) {
            end++;
        }
        while (end < text.length() && Character.isWhitespace(text.charAt(end))) {
            end++;
        }
        boolean splitsPair = end < text.length()
                && Character.isLowSurrogate(text.charAt(end))
                && Character.isHighSurrogate(text.charAt(end - 1));
        return splitsPair ? end + 1 : end;
    }

    int beats() {
        return notes.stream().mapToInt(Note::beats).sum();
    }

    long millis() {
        return (long) BEAT_MILLIS * beats();
    }
}
