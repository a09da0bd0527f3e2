package io.synapse.gateway.chat;

import org.jspecify.annotations.Nullable;

/** A piece of a message. */
public sealed interface ContentPart {
    /**
     * Words.
     *
     * @param text the words
     */
    record Text(String text) implements ContentPart {}

    /**
     * A picture.
     *
     * @param url an https URL, or a {@code data:} URI with the picture in it
     * @param detail how closely to look: {@code low}, {@code high}, {@code auto}; null for the model's own way
     */
    record Image(String url, @Nullable String detail) implements ContentPart {}

    /**
     * Sound.
     *
     * @param data the bytes, base64
     * @param format {@code wav} or {@code mp3}
     */
    record Audio(String data, String format) implements ContentPart {}

    /**
     * A document.
     *
     * @param fileId an id the upstream knows it by, or null
     * @param filename its name, or null
     * @param data a {@code data:} URI with the document in it, or null
     */
    record File(
            @Nullable String fileId,
            @Nullable String filename,
            @Nullable String data) implements ContentPart {}

    /**
     * The model's earlier refusal, sent back as part of the conversation.
     *
     * @param text its words
     */
    record Refusal(String text) implements ContentPart {}
}
