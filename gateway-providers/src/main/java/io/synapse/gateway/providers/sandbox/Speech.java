package io.synapse.gateway.providers.sandbox;

import io.synapse.gateway.chat.ChatRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the sandbox says in words. Sentences that do not change are cut and counted once. Immutable; safe for use by many
 * threads.
 */
final class Speech {
    private static final String OPENING = "This is the Synapse sandbox, and no model was asked.";
    private static final List<String> CLOSINGS = List.of(
            " The same request always gets this same answer.",
            " Ask again, and you will read exactly this again.",
            " Everything around this answer is real: checks, limits, reservations and charges.",
            " To hear from a model, use a live key and one of its providers.");
    private static final List<String> FILLERS = List.of(
            " This sentence is filler, as long an answer was asked for.",
            " It means nothing and costs what its words cost.",
            " Another one follows until the asked number of words is reached.");
    private static final int MOST_WORDS = 20_000;

    private final PieceCutter cutter;
    private final List<Piece> opening;
    private final List<List<Piece>> closings;
    private final List<List<Piece>> fillers;

    Speech(PieceCutter cutter) {
        this.cutter = cutter;
        this.opening = List.copyOf(cutter.cut(OPENING));
        this.closings =
                CLOSINGS.stream().map(text -> List.copyOf(cutter.cut(text))).toList();
        this.fillers =
                FILLERS.stream().map(text -> List.copyOf(cutter.cut(text))).toList();
    }

    /** Answers a user's message. One that asks for "500 words" gets so many, or as many as the bound allows. */
    List<Piece> onMessage(LastWords last, int choice, ChatRequest request, long most) {
        StringBuilder text = new StringBuilder(160);
        switch (last.words()) {
            case 0 -> text.append(" Your message has no words.");
            case 1 ->
                text.append(" Your message has 1 word: \"").append(last.quote()).append("\".");
            default -> {
                text.append(" Your message has ").append(last.words());
                text.append(last.whole() ? " words: \"" : " words and begins \"")
                        .append(last.quote());
                text.append(last.whole() ? "\"." : " …\".");
            }
        }
        attachments(last, text);
        List<Piece> pieces = begin(text, choice, request);
        long wanted = wantedWords(last.text());
        for (int i = 0; pieces.size() < wanted && pieces.size() <= most; i++) {
            List<Piece> filler = fillers.get(i % fillers.size());
            pieces.addAll(filler.subList(0, (int) Math.min(filler.size(), wanted - pieces.size())));
        }
        return pieces;
    }

    /** Answers the results of tools. */
    List<Piece> onResults(Map<String, String> results, int choice, ChatRequest request) {
        StringBuilder text = new StringBuilder(160);
        results.forEach((name, quote) -> text.append(" The tool ")
                .append(name)
                .append(" answered: \"")
                .append(quote)
                .append("\"."));
        return begin(text, choice, request);
    }

    private List<Piece> begin(StringBuilder text, int choice, ChatRequest request) {
        Object seed = request.body().get("seed");
        if (seed != null) {
            text.append(" The seed is ").append(seed).append('.');
        }
        if (choice > 0) {
            text.append(" This is answer ")
                    .append(choice + 1)
                    .append(" of ")
                    .append(request.choices())
                    .append('.');
        }
        List<Piece> pieces = new ArrayList<>(64);
        pieces.addAll(opening);
        cutter.cut(text, pieces);
        pieces.addAll(closings.get(Replies.variation(request, choice) % closings.size()));
        return pieces;
    }

    private static void attachments(LastWords last, StringBuilder text) {
        List<String> pictures = last.pictures();
        count(text, pictures.size(), " picture");
        for (int i = 0; i < pictures.size(); i++) {
            text.append(pictures.size() == 1 ? " It is " : " Picture " + (i + 1) + " is ");
            text.append(pictures.get(i)).append('.');
        }
        count(text, last.sounds(), " recording");
        count(text, last.documents(), " document");
    }

    private static void count(StringBuilder text, int count, String thing) {
        if (count > 0) {
            text.append(" It came with ").append(count).append(thing).append(count == 1 ? "." : "s.");
        }
    }

    /** The number before the first "words" of a text, such as "write 500 words"; 0 without one. */
    static int wantedWords(String text) {
        int at = text.indexOf(" words");
        int start = at;
        while (start > 0 && text.charAt(start - 1) >= '0' && text.charAt(start - 1) <= '9') {
            start--;
        }
        if (at <= 0 || start == at || at - start > 9) {
            return 0;
        }
        return Math.min(MOST_WORDS, Integer.parseInt(text, start, at, 10));
    }
}
