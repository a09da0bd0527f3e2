package io.synapse.gateway.providers.openai;

import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.providers.internal.json.Json;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads OpenAI's {@code usage} object into disjoint units. Cached, written and audio tokens are counted within the
 * prompt's, reasoning and audio within the completion's; here each token is counted once. What is absent is not zero: a
 * usage without its two totals is no usage. A usage with a figure that cannot be (negative, broken, not a number, beyond
 * all measure) is none either.
 */
final class UsageReader {
    /** What the operator pays is not the caller's business. */
    private static final Set<String> COSTS = Set.of("cost", "cost_details", "cost_in_usd_ticks", "is_byok");

    private static final BigDecimal MOST = BigDecimal.valueOf(Usage.MOST);
    private static final long ABSENT = -1;

    private UsageReader() {}

    /** The usage, or null if the value is none. */
    static @Nullable ChatUsage read(@Nullable Object value) {
        Map<String, @Nullable Object> usage = Json.asObject(value);
        if (usage == null) {
            return null;
        }
        try {
            return read(usage);
        } catch (NonsenseException e) {
            return null;
        }
    }

    private static @Nullable ChatUsage read(Map<String, @Nullable Object> usage) throws NonsenseException {
        long prompt = count(usage, "prompt_tokens");
        long completion = count(usage, "completion_tokens");
        long total = count(usage, "total_tokens");
        if (completion == ABSENT && total != ABSENT && prompt != ABSENT && total >= prompt) {
            completion = total - prompt;
        }
        if (prompt == ABSENT || completion == ABSENT) {
            return null;
        }
        Map<String, @Nullable Object> in = details(usage, "prompt_tokens_details");
        Map<String, @Nullable Object> out = details(usage, "completion_tokens_details");
        long cached = first(
                count(in, "cached_tokens"), count(usage, "prompt_cache_hit_tokens"), count(usage, "cached_tokens"));
        long written = first(count(in, "cache_write_tokens"), ABSENT, ABSENT);
        long audioIn = first(count(in, "audio_tokens"), ABSENT, ABSENT);
        long reasoning = first(count(out, "reasoning_tokens"), count(usage, "reasoning_tokens"), ABSENT);
        long audioOut = first(count(out, "audio_tokens"), ABSENT, ABSENT);

        Usage billed = Usage.NONE;
        // Parts that are more than the whole are no parts of it; the whole is billed undivided then.
        boolean inDivides = cached + written + audioIn <= prompt;
        billed = billed.with(Unit.INPUT_TOKENS, inDivides ? prompt - cached - written - audioIn : prompt);
        if (inDivides) {
            billed = add(billed, Unit.CACHED_INPUT_TOKENS, cached);
            billed = add(billed, Unit.CACHE_WRITE_TOKENS, written);
            billed = add(billed, Unit.AUDIO_INPUT_TOKENS, audioIn);
        }
        // xAI counts reasoning beside the completion; its total tells, or that it does not fit within.
        boolean beside =
                reasoning > 0 && (total == ABSENT ? reasoning > completion : total == prompt + completion + reasoning);
        long within = (beside ? 0 : reasoning) + audioOut;
        boolean outDivides = within <= completion;
        billed = billed.with(Unit.OUTPUT_TOKENS, outDivides ? completion - within : completion);
        if (outDivides) {
            billed = add(billed, Unit.AUDIO_OUTPUT_TOKENS, audioOut);
        }
        if (outDivides || beside) {
            billed = add(billed, Unit.REASONING_TOKENS, reasoning);
        }
        return new ChatUsage(billed, wire(usage, prompt, completion, beside ? reasoning : 0));
    }

    /** The upstream's object, with the totals that OpenAI's clients rely on. */
    private static Map<String, @Nullable Object> wire(
            Map<String, @Nullable Object> usage, long prompt, long completion, long beside) {
        Map<String, @Nullable Object> wire = new LinkedHashMap<>(usage);
        wire.keySet().removeAll(COSTS);
        if (wire.get("completion_tokens") == null) {
            wire.put("completion_tokens", completion);
        }
        if (wire.get("total_tokens") == null) {
            wire.put("total_tokens", prompt + completion + beside);
        }
        return wire;
    }

    private static Usage add(Usage usage, Unit unit, long quantity) {
        return quantity > 0 ? usage.with(unit, quantity) : usage;
    }

    private static Map<String, @Nullable Object> details(Map<String, @Nullable Object> usage, String field) {
        Map<String, @Nullable Object> details = Json.asObject(usage.get(field));
        return details == null ? Map.of() : details;
    }

    /** The first that is there; 0 if none is. */
    private static long first(long one, long two, long three) {
        if (one != ABSENT) {
            return one;
        }
        return two != ABSENT ? two : Math.max(three, 0);
    }

    /** A count, or null if the value is none. */
    static @Nullable Long count(@Nullable Object value) {
        try {
            long count = checked(value);
            return count == ABSENT ? null : count;
        } catch (NonsenseException e) {
            return null;
        }
    }

    private static long count(Map<String, @Nullable Object> object, String field) throws NonsenseException {
        return checked(object.get(field));
    }

    private static long checked(@Nullable Object value) throws NonsenseException {
        if (value == null) {
            return ABSENT;
        }
        if (!(value instanceof Number)) {
            throw new NonsenseException();
        }
        BigDecimal count = value instanceof BigDecimal decimal ? decimal : new BigDecimal(value.toString());
        // Bounds first: what lies within them is cheap to convert.
        if (count.signum() < 0
                || count.compareTo(MOST) > 0
                || (count.signum() > 0 && count.compareTo(BigDecimal.ONE) < 0)) {
            throw new NonsenseException();
        }
        long whole = count.longValue();
        if (count.compareTo(BigDecimal.valueOf(whole)) != 0) {
            throw new NonsenseException();
        }
        return whole;
    }

    /** A figure that cannot be. */
    private static final class NonsenseException extends Exception {
        private static final long serialVersionUID = 1L;

        NonsenseException() {
            super("a figure that cannot be", null, false, false);
        }
    }
}
