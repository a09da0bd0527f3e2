package io.synapse.gateway.providers.sandbox;

import io.synapse.gateway.chat.ChatMessage;
import io.synapse.gateway.chat.ChatMessage.Role;
import io.synapse.gateway.chat.ContentPart;
import java.util.ArrayList;
import java.util.List;

/**
 * What the sandbox takes from the last user message.
 *
 * @param text its words as they stand; empty without such a message
 * @param words how many words it has
 * @param quote the first of them, on one line
 * @param whole whether the quote is all of it
 * @param pictures what is true of its pictures, each in a few words
 * @param sounds how many recordings
 * @param documents how many documents
 */
record LastWords(
        String text, int words, String quote, boolean whole, List<String> pictures, int sounds, int documents) {
    private static final int LONGEST_QUOTE = 100;
    private static final int MOST_QUOTED_WORDS = 14;

    static LastWords of(List<ChatMessage> messages) {
        for (int i = messages.size() - 1; i >= 0; i--) {
            if (messages.get(i).role() == Role.USER) {
                return of(messages.get(i));
            }
        }
        return new LastWords("", 0, "", true, List.of(), 0, 0);
    }

    private static LastWords of(ChatMessage message) {
        List<ContentPart> content = message.content();
        List<ContentPart.Image> pictures = new ArrayList<>();
        int sounds = 0;
        int documents = 0;
        for (int i = 0; i < content.size(); i++) {
            switch (content.get(i)) {
                case ContentPart.Image image -> pictures.add(image);
                case ContentPart.Audio audio -> sounds++;
                case ContentPart.File file -> documents++;
                case ContentPart.Text text -> {}
                case ContentPart.Refusal refusal -> {}
            }
        }
        String text = content.size() == 1 && content.getFirst() instanceof ContentPart.Text only
                ? only.text()
                : message.text();
        StringBuilder quote = new StringBuilder(LONGEST_QUOTE);
        int words = quote(text, quote);
        boolean whole = !shorten(quote) && words <= MOST_QUOTED_WORDS;
        return new LastWords(text, words, quote.toString(), whole, PictureFacts.of(pictures), sounds, documents);
    }

    /** The beginning of any text, on one line. */
    static String quote(String text) {
        StringBuilder quote = new StringBuilder(LONGEST_QUOTE);
        int words = quote(text, quote);
        return !shorten(quote) && words <= MOST_QUOTED_WORDS ? quote.toString() : quote + " …";
    }

    private static boolean shorten(StringBuilder quote) {
        if (quote.length() <= LONGEST_QUOTE) {
            return false;
        }
        boolean pair = Character.isHighSurrogate(quote.charAt(LONGEST_QUOTE - 1));
        quote.setLength(pair ? LONGEST_QUOTE - 1 : LONGEST_QUOTE);
        return true;
    }

    /** Counts the words of a text and gathers the first of them, with single blanks between; may gather a little more. */
    private static int quote(String text, StringBuilder quote) {
        int words = 0;
        boolean within = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean blank = c <= ' ' || Character.isWhitespace(c) || Character.isISOControl(c);
            if (!blank && !within) {
                words++;
                if (words > 1 && words <= MOST_QUOTED_WORDS && quote.length() <= LONGEST_QUOTE) {
                    quote.append(' ');
                }
            }
            within = !blank;
            if (within && words <= MOST_QUOTED_WORDS && quote.length() <= LONGEST_QUOTE) {
                quote.append(c);
            }
        }
        return words;
    }
}
