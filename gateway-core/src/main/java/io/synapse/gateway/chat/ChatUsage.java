package io.synapse.gateway.chat;

import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an upstream said that a chat used: once as it is billed, in disjoint units, and once as the caller is told, in
 * OpenAI's {@code usage} object, where cached tokens are part of the prompt's and reasoning is part of the completion's.
 *
 * @param billed what the price list is applied to
 * @param wire OpenAI's object. Unmodifiable
 */
public record ChatUsage(Usage billed, Map<String, @Nullable Object> wire) {
    // Written out: a compact constructor would lose its parameters' nullness in the class file.
    public ChatUsage(Usage billed, Map<String, @Nullable Object> wire) {
        this.billed = billed;
        this.wire = Collections.unmodifiableMap(wire);
    }

    /** Derives OpenAI's object from the billed units. */
    public static ChatUsage of(Usage billed) {
        long cached = billed.quantity(Unit.CACHED_INPUT_TOKENS);
        long written = billed.quantity(Unit.CACHE_WRITE_TOKENS);
        long audioIn = billed.quantity(Unit.AUDIO_INPUT_TOKENS);
        long reasoning = billed.quantity(Unit.REASONING_TOKENS);
        long audioOut = billed.quantity(Unit.AUDIO_OUTPUT_TOKENS);
        long prompt = billed.quantity(Unit.INPUT_TOKENS) + cached + written + audioIn;
        long completion = billed.quantity(Unit.OUTPUT_TOKENS) + reasoning + audioOut;
        Map<String, @Nullable Object> promptDetails = new LinkedHashMap<>();
        promptDetails.put("cached_tokens", cached);
        promptDetails.put("audio_tokens", audioIn);
        if (written > 0) {
            promptDetails.put("cache_write_tokens", written);
        }
        Map<String, @Nullable Object> completionDetails = new LinkedHashMap<>();
        completionDetails.put("reasoning_tokens", reasoning);
        completionDetails.put("audio_tokens", audioOut);
        completionDetails.put("accepted_prediction_tokens", 0);
        completionDetails.put("rejected_prediction_tokens", 0);
        Map<String, @Nullable Object> wire = new LinkedHashMap<>();
        wire.put("prompt_tokens", prompt);
        wire.put("completion_tokens", completion);
        wire.put("total_tokens", prompt + completion);
        wire.put("prompt_tokens_details", promptDetails);
        wire.put("completion_tokens_details", completionDetails);
        return new ChatUsage(billed, wire);
    }
}
