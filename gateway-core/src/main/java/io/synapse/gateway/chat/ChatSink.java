package io.synapse.gateway.chat;

import io.synapse.gateway.credit.Credits;

/**
 * Where a streamed answer goes. A good answer is {@code reserved chunk+}; a failed one is {@code reserved chunk*}, and
 * then the call throws. Called by one thread at a time, which reads from the upstream in between: a sink that blocks holds
 * the upstream up.
 *
 * <p>A sink that throws has had enough and gets no more. The upstream is cancelled, and what was made so far is charged; one
 * that {@linkplain io.synapse.gateway.provider.Provider#billsAfterCancel bills the rest anyway} is read to its end first,
 * and all of it is charged. The call throws the same exception then.
 */
@FunctionalInterface
public interface ChatSink {
    /**
     * The call is about to be made; its worst cost is set aside.
     *
     * @param model the public id of the model that will answer
     * @param reserved the amount held
     * @param available what the wallet can spend beside it
     * @param hangUp tells from any thread that nobody listens any more, for a receiver that learns it between chunks: the
     *     upstream is cancelled now, or read to its end, as above
     */
    default void reserved(String model, Credits reserved, Credits available, Runnable hangUp) {}

    /** The next piece of the answer. */
    void chunk(ChatChunk chunk);
}
