package io.synapse.gateway.providers.anthropic;

import io.synapse.gateway.chat.ChatChunk;
import io.synapse.gateway.chat.ChatSink;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.json.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a message, event by event or whole, and passes it on as OpenAI's chunks: texts, tool calls with numbers of their
 * own, thoughts as {@code reasoning_content}. For one thread.
 */
final class MessageReader {
    /**
     * The field of an assistant's message that holds its thoughts with their signatures, as Anthropic wants them back
     * with the results of the tools that it called after thinking.
     */
    static final String THINKING_BLOCKS = "thinking_blocks";

    private final ChatSink sink;
    private final @Nullable Thoughts thoughts;
    private final UsageReader usage = new UsageReader();
    private int openIndex = -1;
    private String openType = "";
    private boolean argued;
    private int calls;
    private boolean begun;
    private boolean spoke;
    private @Nullable String reason;
    private boolean ended;

    /**
     * Reads into a sink.
     *
     * @param tools whether the model may call tools: then its thoughts are kept, to be handed on in one piece
     */
    MessageReader(ChatSink sink, boolean tools) {
        this.sink = sink;
        this.thoughts = tools ? new Thoughts() : null;
    }

    /** Whether the message has come to its end. */
    boolean ended() {
        return ended;
    }

    /** What the message said that it used, or null. */
    @Nullable
    ChatUsage usage() {
        return usage.usage();
    }

    /** Reads the data of one event. */
    void event(byte[] data, int offset, int length) throws UpstreamException {
        Map<String, @Nullable Object> event;
        try {
            event = Json.readObject(data, offset, length);
        } catch (MalformedJsonException e) {
            throw UpstreamErrors.malformed("streamed " + e.getMessage(), e);
        }
        if (!(event.get("type") instanceof String type)) {
            throw UpstreamErrors.malformed("streamed an event without a type", null);
        }
        switch (type) {
            case "message_start" -> usage.first(object(event, "message").get("usage"));
            case "content_block_start" -> start(index(event), object(event, "content_block"));
            case "content_block_delta" -> delta(index(event), object(event, "delta"));
            case "content_block_stop" -> stop();
            case "message_delta" -> {
                reason(object(event, "delta").get("stop_reason"));
                usage.last(event.get("usage"));
            }
            case "message_stop" -> end();
            case "error" -> throw UpstreamErrors.inside(event);
            default -> {
                // Pings, and what may come to be.
            }
        }
    }

    /** Reads a whole message and returns what it used. */
    @Nullable
    ChatUsage whole(byte[] json) throws UpstreamException {
        Map<String, @Nullable Object> message;
        try {
            message = Json.readObject(json, 0, json.length);
        } catch (MalformedJsonException e) {
            throw UpstreamErrors.malformed("answered with " + e.getMessage(), e);
        }
        if ("error".equals(message.get("type"))) {
            throw UpstreamErrors.inside(message);
        }
        List<@Nullable Object> blocks = Json.asList(message.get("content"));
        if (blocks == null) {
            throw UpstreamErrors.malformed("answered with something that is no message", null);
        }
        for (int i = 0; i < blocks.size(); i++) {
            Map<String, @Nullable Object> block = Json.asObject(blocks.get(i));
            if (block == null) {
                throw UpstreamErrors.malformed("answered with a block that is no object", null);
            }
            start(i, block);
            stop();
        }
        reason(message.get("stop_reason"));
        usage.first(message.get("usage"));
        usage.last(message.get("usage"));
        end();
        return usage.usage();
    }

    private void start(int index, Map<String, @Nullable Object> block) throws UpstreamException {
        openIndex = index;
        openType = block.get("type") instanceof String type ? type : "";
        if (thoughts != null) {
            thoughts.start(block);
        }
        switch (openType) {
            case "text" -> text(block.get("text"));
            case "thinking" -> thinking(block.get("thinking"));
            case "tool_use" -> call(block);
            default -> {
                // Thoughts that nobody may read, and blocks that nobody asked for.
            }
        }
    }

    private void call(Map<String, @Nullable Object> block) throws UpstreamException {
        if (!(block.get("id") instanceof String id) || !(block.get("name") instanceof String name)) {
            throw UpstreamErrors.malformed("answered with a tool call that has no id or no name", null);
        }
        begin();
        sink.chunk(ChatChunk.toolCall(0, calls, id, name));
        calls++;
        argued = false;
        if (block.get("input") instanceof Map<?, ?> input && !input.isEmpty()) {
            arguments(new String(Json.write(input), StandardCharsets.UTF_8));
        }
    }

    private void delta(int index, Map<String, @Nullable Object> delta) throws UpstreamException {
        if (index != openIndex) {
            throw UpstreamErrors.malformed("streamed a piece of a block that is not open", null);
        }
        switch (delta.get("type") instanceof String type ? type : "") {
            case "text_delta" -> text(delta.get("text"));
            case "thinking_delta" -> thinking(delta.get("thinking"));
            case "input_json_delta" -> {
                if (openType.equals("tool_use") && delta.get("partial_json") instanceof String piece) {
                    arguments(piece);
                }
            }
            case "signature_delta" -> {
                if (thoughts != null) {
                    thoughts.signature(delta.get("signature"));
                }
            }
            default -> {
                // Citations, and what may come to be.
            }
        }
    }

    private void stop() {
        if (openType.equals("tool_use") && !argued) {
            arguments("{}");
        }
        if (thoughts != null) {
            thoughts.stop();
        }
        openIndex = -1;
        openType = "";
    }

    private void text(@Nullable Object words) {
        if (openType.equals("text") && words instanceof String text && !text.isEmpty()) {
            begin();
            spoke = true;
            sink.chunk(ChatChunk.text(0, text));
        }
    }

    private void thinking(@Nullable Object words) {
        if (openType.equals("thinking") && words instanceof String text && !text.isEmpty()) {
            if (thoughts != null) {
                thoughts.thinking(text);
            }
            pass("reasoning_content", text);
        }
    }

    private void arguments(String piece) {
        if (!piece.isEmpty()) {
            argued = true;
            sink.chunk(ChatChunk.toolArguments(0, calls - 1, piece));
        }
    }

    private void begin() {
        if (!begun) {
            begun = true;
            sink.chunk(ChatChunk.begins(0));
        }
    }

    private void pass(String field, Object value) {
        begin();
        Map<String, @Nullable Object> choice = new LinkedHashMap<>();
        choice.put("index", 0);
        choice.put("delta", Map.of(field, value));
        choice.put("logprobs", null);
        choice.put("finish_reason", null);
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("choices", List.of(choice));
        sink.chunk(new ChatChunk(body));
    }

    private void reason(@Nullable Object value) {
        if (value instanceof String word) {
            reason = word;
        }
    }

    private void end() throws UpstreamException {
        if (reason == null) {
            throw UpstreamErrors.malformed("ended an answer without saying why", null);
        }
        String finish = finish(reason);
        begin();
        if (thoughts != null && !thoughts.blocks().isEmpty()) {
            pass(THINKING_BLOCKS, thoughts.blocks());
        }
        sink.chunk(ChatChunk.ends(0, finish));
        ended = true;
    }

    private String finish(String word) throws UpstreamException {
        boolean nothing = !spoke && calls == 0;
        String finish = switch (word) {
            case "max_tokens", "model_context_window_exceeded" -> "length";
            case "refusal" -> "content_filter";
            case "stop_sequence" -> "stop";
            default -> {
                if (nothing) {
                    throw UpstreamErrors.malformed("answered with nothing at all", null);
                }
                yield "stop";
            }
        };
        return calls > 0 && finish.equals("stop") ? "tool_calls" : finish;
    }

    private static int index(Map<String, @Nullable Object> event) throws UpstreamException {
        if (event.get("index") instanceof Integer index) {
            return index;
        }
        throw UpstreamErrors.malformed("streamed a block without a number", null);
    }

    private static Map<String, @Nullable Object> object(Map<String, @Nullable Object> event, String field)
            throws UpstreamException {
        Map<String, @Nullable Object> object = Json.asObject(event.get(field));
        if (object == null) {
            throw UpstreamErrors.malformed("streamed an event without its '" + field + "'", null);
        }
        return object;
    }
}
