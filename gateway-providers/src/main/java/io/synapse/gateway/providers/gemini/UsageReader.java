package io.synapse.gateway.providers.gemini;

import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.providers.internal.json.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code usageMetadata} into disjoint units. What is cached is counted within the prompt, and so is sound; what is
 * thought is counted beside the answer. Zeros are left out, so a figure that is missing is zero, but no prompt is empty:
 * without a count of the prompt there is no usage. A usage with a figure that cannot be is none either.
 */
final class UsageReader {
    private UsageReader() {}

    /** The usage, or null if the value is none. */
    static @Nullable ChatUsage read(@Nullable Object value) {
        Map<String, @Nullable Object> usage = Json.asObject(value);
        if (usage == null) {
            return null;
        }
        try {
            return read(usage);
        } catch (ArithmeticException e) {
            return null;
        }
    }

    private static @Nullable ChatUsage read(Map<String, @Nullable Object> usage) {
        long read = count(usage.get("promptTokenCount"));
        if (read == 0) {
            return null;
        }
        long prompt = read + count(usage.get("toolUsePromptTokenCount"));
        long cached = count(usage.get("cachedContentTokenCount"));
        long audio = sound(usage.get("promptTokensDetails")) - sound(usage.get("cacheTokensDetails"));
        long answer = count(usage.get("candidatesTokenCount"));
        long thought = count(usage.get("thoughtsTokenCount"));
        long total = count(usage.get("totalTokenCount"));
        if (total == prompt + answer && thought <= answer) {
            // Counted within the answer after all, as some models have done.
            answer -= thought;
        }
        // Parts that are more than the whole are no parts of it.
        boolean divides = audio >= 0 && cached + audio <= prompt;
        Usage billed = Usage.of(
                Unit.INPUT_TOKENS, bounded(divides ? prompt - cached - audio : prompt), Unit.OUTPUT_TOKENS, answer);
        if (divides) {
            billed = add(billed, Unit.CACHED_INPUT_TOKENS, cached);
            billed = add(billed, Unit.AUDIO_INPUT_TOKENS, audio);
        }
        return ChatUsage.of(add(billed, Unit.REASONING_TOKENS, thought));
    }

    private static Usage add(Usage usage, Unit unit, long quantity) {
        return quantity > 0 ? usage.with(unit, quantity) : usage;
    }

    private static long sound(@Nullable Object details) {
        long sum = 0;
        if (details instanceof List<?> kinds) {
            for (Object each : kinds) {
                if (each instanceof Map<?, ?> kind && "AUDIO".equals(kind.get("modality"))) {
                    sum = bounded(sum + count(kind.get("tokenCount")));
                }
            }
        }
        return sum;
    }

    private static long count(@Nullable Object value) {
        return switch (value) {
            case null -> 0;
            case Integer number -> bounded(number);
            case Long number -> bounded(number);
            default -> throw new ArithmeticException("not a count");
        };
    }

    private static long bounded(long count) {
        if (count < 0 || count > Usage.MOST) {
            throw new ArithmeticException("out of range");
        }
        return count;
    }
}
