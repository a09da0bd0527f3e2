package io.synapse.gateway.chat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer: OpenAI's {@code chat.completion} as plain Java values. The gateway puts its own {@code id},
 * {@code object}, {@code created}, {@code model} and {@code usage} over whatever stands there, and leaves the rest.
 *
 * @param body the completion; {@code choices} is what counts. Unmodifiable
 * @param usage what it used, or null if the upstream did not say (or said nonsense)
 */
public record ChatAnswer(
        Map<String, @Nullable Object> body, @Nullable ChatUsage usage) {
    // Written out: a compact constructor would lose its parameters' nullness in the class file.
    public ChatAnswer(Map<String, @Nullable Object> body, @Nullable ChatUsage usage) {
        this.body = Collections.unmodifiableMap(body);
        this.usage = usage;
    }

    /** The text of the first choice; empty if it has none, as when it calls a tool. */
    public String text() {
        return body.get("choices") instanceof List<?> choices
                        && !choices.isEmpty()
                        && choices.getFirst() instanceof Map<?, ?> choice
                        && choice.get("message") instanceof Map<?, ?> message
                        && message.get("content") instanceof String text
                ? text
                : "";
    }
}
