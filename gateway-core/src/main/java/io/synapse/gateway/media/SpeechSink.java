package io.synapse.gateway.media;

import io.synapse.gateway.credit.Credits;

/**
 * Where spoken sound goes: {@code reserved begins bytes+}. Called by one thread at a time. A sink that throws has had
 * enough, with the same consequences as for a {@link io.synapse.gateway.chat.ChatSink}.
 */
public interface SpeechSink {
    /**
     * The call is about to be made; its worst cost is set aside.
     *
     * @param reserved the amount held
     * @param available what the wallet can spend beside it
     */
    default void reserved(Credits reserved, Credits available) {}

    /**
     * The sound begins. Called once, before any bytes, and not at all where there is no sound.
     *
     * @param type its media type, such as {@code audio/mpeg}; with the parameters that are needed to play it, such as
     *     {@code audio/pcm;rate=24000}
     */
    void begins(String type);

    /** The next bytes, from an offset, so many of them. The array is the caller's, and used again after. */
    void bytes(byte[] buffer, int offset, int length);
}
