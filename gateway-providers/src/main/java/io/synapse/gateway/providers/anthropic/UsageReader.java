package io.synapse.gateway.providers.anthropic;

import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.providers.internal.json.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code usage} of a message, told in part at its beginning and in full at its end. Its input excludes what came
 * from the cache and what was written to it; its output includes thoughts. A figure that cannot be makes it no usage at
 * all, and so does the want of one of the two totals. For one thread.
 */
final class UsageReader {
    private static final long ABSENT = -1;

    private long input = ABSENT;
    private long cached;
    private long written;
    private long output = ABSENT;
    private long thinking;
    private boolean nonsense;

    /** Reads what is told at the beginning, where the output is not yet known. */
    void first(@Nullable Object value) {
        Map<String, @Nullable Object> usage = Json.asObject(value);
        if (usage != null) {
            prompt(usage);
        }
    }

    /** Reads what is told at the end: sums, of which those of the prompt may be missing. */
    void last(@Nullable Object value) {
        Map<String, @Nullable Object> usage = Json.asObject(value);
        if (usage == null) {
            return;
        }
        prompt(usage);
        output = count(usage.get("output_tokens"), output);
        Map<String, @Nullable Object> details = Json.asObject(usage.get("output_tokens_details"));
        if (details != null) {
            thinking = count(details.get("thinking_tokens"), thinking);
        }
    }

    /** The usage, or null if it was not told. */
    @Nullable
    ChatUsage usage() {
        if (nonsense || input == ABSENT || output == ABSENT) {
            return null;
        }
        Usage billed = Usage.of(Unit.INPUT_TOKENS, input);
        billed = add(billed, Unit.CACHED_INPUT_TOKENS, cached);
        billed = add(billed, Unit.CACHE_WRITE_TOKENS, written);
        // A part that is more than the whole is no part of it; the whole is billed undivided then.
        long apart = thinking <= output ? thinking : 0;
        billed = billed.with(Unit.OUTPUT_TOKENS, output - apart);
        return ChatUsage.of(add(billed, Unit.REASONING_TOKENS, apart));
    }

    private void prompt(Map<String, @Nullable Object> usage) {
        input = count(usage.get("input_tokens"), input);
        cached = count(usage.get("cache_read_input_tokens"), cached);
        written = count(usage.get("cache_creation_input_tokens"), written);
    }

    private static Usage add(Usage usage, Unit unit, long quantity) {
        return quantity > 0 ? usage.with(unit, quantity) : usage;
    }

    private long count(@Nullable Object value, long otherwise) {
        if (value == null) {
            return otherwise;
        }
        if ((value instanceof Integer || value instanceof Long) && value instanceof Number number) {
            long count = number.longValue();
            if (count >= 0 && count <= Usage.MOST) {
                return count;
            }
        }
        nonsense = true;
        return otherwise;
    }
}
