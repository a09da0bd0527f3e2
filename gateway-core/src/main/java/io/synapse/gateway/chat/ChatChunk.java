package io.synapse.gateway.chat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a streamed answer: OpenAI's {@code chat.completion.chunk} as plain Java values. The gateway puts its own
 * {@code id}, {@code object}, {@code created} and {@code model} over whatever stands there, and leaves the rest.
 *
 * @param body the chunk; {@code choices} is what counts. Unmodifiable
 */
public record ChatChunk(Map<String, @Nullable Object> body) {
    // Written out: a compact constructor would lose its parameters' nullness in the class file.
    public ChatChunk(Map<String, @Nullable Object> body) {
        this.body = Collections.unmodifiableMap(body);
    }

    /** What this piece says, of its first choice if it has several; empty if it says nothing, as the one that ends it. */
    public String text() {
        return body.get("choices") instanceof List<?> choices
                        && !choices.isEmpty()
                        && choices.getFirst() instanceof Map<?, ?> choice
                        && choice.get("delta") instanceof Map<?, ?> delta
                        && delta.get("content") instanceof String text
                ? text
                : "";
    }

    /** The first chunk of a choice: the assistant begins to speak. */
    public static ChatChunk begins(int choice) {
        Map<String, @Nullable Object> delta = new LinkedHashMap<>();
        delta.put("role", "assistant");
        delta.put("content", "");
        return of(choice, delta, null);
    }

    /** A piece of text. */
    public static ChatChunk text(int choice, String text) {
        return of(choice, Map.of("content", text), null);
    }

    /** A tool call begins: its id and name; its arguments follow in {@link #toolArguments}. */
    public static ChatChunk toolCall(int choice, int call, String id, String name) {
        Map<String, @Nullable Object> function = new LinkedHashMap<>();
        function.put("name", name);
        function.put("arguments", "");
        Map<String, @Nullable Object> begins = new LinkedHashMap<>();
        begins.put("index", call);
        begins.put("id", id);
        begins.put("type", "function");
        begins.put("function", function);
        return of(choice, Map.of("tool_calls", List.of(begins)), null);
    }

    /** A piece of a tool call's arguments, a JSON text. */
    public static ChatChunk toolArguments(int choice, int call, String piece) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>();
        more.put("index", call);
        more.put("function", Map.of("arguments", piece));
        return of(choice, Map.of("tool_calls", List.of(more)), null);
    }

    /** The last chunk of a choice: {@code stop}, {@code length}, {@code tool_calls} or {@code content_filter}. */
    public static ChatChunk ends(int choice, String finishReason) {
        return of(choice, Map.of(), finishReason);
    }

    private static ChatChunk of(int choice, Map<String, @Nullable Object> delta, @Nullable String finishReason) {
        Map<String, @Nullable Object> whole = new LinkedHashMap<>();
        whole.put("index", choice);
        whole.put("delta", delta);
        whole.put("logprobs", null);
        whole.put("finish_reason", finishReason);
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("choices", List.of(whole));
        return new ChatChunk(body);
    }
}
