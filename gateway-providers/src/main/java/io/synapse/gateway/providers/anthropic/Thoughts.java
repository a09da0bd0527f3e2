package io.synapse.gateway.providers.anthropic;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model's thoughts with their signatures, put together from their pieces. They are bounded as the whole output is. For
 * one thread.
 */
final class Thoughts {
    private final List<Map<String, @Nullable Object>> blocks = new ArrayList<>(1);
    private @Nullable StringBuilder thinking;
    private StringBuilder signature = new StringBuilder();

    /** Those that are complete; one that was cut off before its signature is of no use to anybody. */
    List<Map<String, @Nullable Object>> blocks() {
        return blocks;
    }

    /** A block begins, of whatever type. */
    void start(Map<String, @Nullable Object> block) {
        thinking = null;
        if ("thinking".equals(block.get("type"))) {
            thinking = new StringBuilder();
            signature = new StringBuilder();
            signature(block.get("signature"));
        } else if ("redacted_thinking".equals(block.get("type"))) {
            blocks.add(block);
        }
    }

    /** The next words. */
    void thinking(String words) {
        if (thinking != null) {
            thinking.append(words);
        }
    }

    /** The next piece of the signature. */
    void signature(@Nullable Object piece) {
        if (piece instanceof String text) {
            signature.append(text);
        }
    }

    /** The block ends. */
    void stop() {
        if (thinking != null && !signature.isEmpty()) {
            Map<String, @Nullable Object> block = new LinkedHashMap<>();
            block.put("type", "thinking");
            block.put("thinking", thinking.toString());
            block.put("signature", signature.toString());
            blocks.add(block);
        }
        thinking = null;
    }
}
