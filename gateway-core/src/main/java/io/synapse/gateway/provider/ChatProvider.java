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
     * Streams an answer into a sink, as it is made, and returns when it is complete.
     *
     * <p>The chunks of each choice are {@code begins piece* ends}, as {@link io.synapse.gateway.chat.ChatChunk} makes them:
     * the first carries the role, the last a finish reason in OpenAI's words, and what lies between a piece of text or of a
     * tool call. Choices are numbered from 0 to {@link ChatRequest#choices}, tool calls within each from 0; those of several
     * choices may come interleaved. A usage that comes with a chunk is returned and not put into the sink. An error that the
     * upstream sends within a stream is an exception, and so is a stream without an end: nothing is made up to close it.
     *
     * <p>The sink is called by this thread alone, and may block while the caller is slow to read; what the upstream sends is
     * not gathered meanwhile. What it throws passes through as it is, and the upstream is left at once. When {@link UpstreamCall#onCancel the call is cancelled} the method ends soon, with any exception.
     *
     * <p>Output is bounded by the lesser of {@link UpstreamCall#maxOutputTokens} and {@link ChatRequest#maxTokens}, and the
     * bound is sent upstream: the reservation covers no more.
     *
     * @param call what to ask for: the upstream's name of the model, and the bound on the output
     * @param request what the caller sent, in OpenAI's format; {@link ChatRequest#messages} reads it, and
     *     {@link ChatRequest#body} has every field. Fields that nobody here knows are passed on to upstreams that speak that
     *     format, and left out otherwise
     * @param sink where the chunks go
     * @return what the upstream said the answer used, in tokens: {@link io.synapse.gateway.credit.Unit} says which. Null if
     *     it did not say; the gateway then counts the text
     * @throws UpstreamException if the upstream fails in any way; its kind decides what happens next. Another route is asked
     *     only if no chunk has gone out
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
     * Fetches a whole answer. Collects a stream unless the provider has a better way; one that has keeps to all that is
     * said of {@link #stream}.
     *
     * @return an answer of {@link ChatRequest#choices} choices, each with a message and a finish reason
     * @throws UpstreamException as {@link #stream} does
     */
    default ChatAnswer chat(UpstreamCall call, ChatRequest request) throws UpstreamException {
        ChatCollector collector = new ChatCollector();
        ChatUsage usage = stream(call, request, collector);
        return collector.answer(usage);
    }
}
