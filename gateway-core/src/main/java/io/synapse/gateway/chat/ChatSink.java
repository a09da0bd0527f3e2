package io.synapse.gateway.chat;

import io.synapse.gateway.credit.Credits;

/**
 * Where a streamed answer goes. A good answer is {@code reserved chunk+}; a failed one is {@code reserved chunk*}, and
 * then the call throws. Called by one thread at a time. A sink that throws has had enough: the upstream is cancelled and
 * what was made so far is charged.
 */
@FunctionalInterface
public interface ChatSink {
    /**
     * The call is about to be made; its worst cost is set aside.
     *
     * @param model the public id of the model that will answer
     * @param reserved the amount held
     * @param available what the wallet can spend beside it
     * @param hangUp ends the call from any thread, as if the next chunk had been refused; for a receiver that learns
     *     between chunks that nobody listens any more
     */
    default void reserved(String model, Credits reserved, Credits available, Runnable hangUp) {}

    /** The next piece of the answer. */
    void chunk(ChatChunk chunk);
}
