package io.synapse.gateway.providers.openai;

import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatChunk;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.credit.Usage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the core's records. The compiler forgets the annotations within the parameter types of a compact constructor, so
 * that the null checker, which sees the compiled core, takes their maps for maps without nulls.
 */
@SuppressWarnings("NullAway")
final class CoreValues {
    private CoreValues() {}

    static ChatAnswer answer(Map<String, @Nullable Object> body, @Nullable ChatUsage usage) {
        return new ChatAnswer(body, usage);
    }

    static ChatChunk chunk(Map<String, @Nullable Object> body) {
        return new ChatChunk(body);
    }

    static ChatUsage usage(Usage billed, Map<String, @Nullable Object> wire) {
        return new ChatUsage(billed, wire);
    }
}
