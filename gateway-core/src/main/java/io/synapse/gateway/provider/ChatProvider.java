package io.synapse.gateway.provider;

import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatCollector;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.chat.ChatSink;
import io.synapse.gateway.chat.ChatUsage;
import org.jspecify.annotations.Nullable;

/** A provider of chat completions. */
public interface ChatProvider extends Provider {
    /**
     * Streams an answer into a sink and returns when it is complete.
     *
     * <p>The chunks of each choice are: one that begins it, any number of pieces, one that ends it with a finish reason.
     * Returning normally says that the upstream finished; an answer that broke off is an exception, however much of it
     * had come. What the sink throws must pass through. When {@link UpstreamCall#onCancel the call is cancelled} the
     * method must end soon, with any exception.
     *
     * @param call what to ask for: the upstream's name of the model, and the bound on the output
     * @param request what the caller sent
     * @return what the upstream said the answer used, or null if it did not say
     * @throws UpstreamException if the upstream fails in any way; its kind decides what happens next
     */
    @Nullable
    ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink) throws UpstreamException;

    /**
     * Whether the upstream fetches pictures that a chat names by an https URL. For one that does not, the gateway fetches
     * them first and hands them over as data URIs, where it was given a way to.
     */
    default boolean fetchesPictures() {
        return true;
    }

    /**
     * Fetches a whole answer. Collects a stream unless the provider has a better way.
     *
     * @throws UpstreamException as {@link #stream} does
     */
    default ChatAnswer chat(UpstreamCall call, ChatRequest request) throws UpstreamException {
        ChatCollector collector = new ChatCollector();
        ChatUsage usage = stream(call, request, collector);
        return collector.answer(usage);
    }
}
