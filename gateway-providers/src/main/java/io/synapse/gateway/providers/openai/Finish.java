package io.synapse.gateway.providers.openai;

import io.synapse.gateway.provider.UpstreamException.Kind;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Why an answer ended: with one of OpenAI's reasons, or by a failure that an upstream disguises as one. */
public enum Finish {
    /** The model had said everything, or came to a stop sequence. */
    STOP(null),
    /** The bound on the output was reached. */
    LENGTH(null),
    /** The model calls tools. */
    TOOL_CALLS(null),
    /** A filter held the rest back. */
    CONTENT_FILTER(null),
    /** The model calls a function, in the older form. */
    FUNCTION_CALL(null),
    /** The upstream failed midway. */
    FAILED(Kind.FAILED),
    /** The upstream ran out of room midway. */
    OVERLOADED(Kind.OVERLOADED),
    /** The upstream ran out of time midway. */
    TIMED_OUT(Kind.TIMED_OUT);

    private static final Map<String, Finish> COMMON = Map.ofEntries(
            Map.entry("stop", STOP),
            Map.entry("eos", STOP),
            Map.entry("eos_token", STOP),
            Map.entry("end_turn", STOP),
            Map.entry("stop_sequence", STOP),
            Map.entry("complete", STOP),
            Map.entry("length", LENGTH),
            Map.entry("max_tokens", LENGTH),
            Map.entry("model_length", LENGTH),
            Map.entry("tool_calls", TOOL_CALLS),
            Map.entry("tool_use", TOOL_CALLS),
            Map.entry("function_call", FUNCTION_CALL),
            Map.entry("content_filter", CONTENT_FILTER),
            Map.entry("safety", CONTENT_FILTER),
            Map.entry("refusal", CONTENT_FILTER),
            Map.entry("error", FAILED),
            Map.entry("abort", FAILED),
            Map.entry("timeout", TIMED_OUT));

    private final @Nullable Kind failure;

    Finish(@Nullable Kind failure) {
        this.failure = failure;
    }

    /** What kind of failure it is, or null if the answer ended well. */
    public @Nullable Kind failure() {
        return failure;
    }

    /** OpenAI's word. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The reason for an upstream's word, or null if nobody knows the word. */
    static @Nullable Finish of(String word, Map<String, Finish> special) {
        String lower = word.toLowerCase(Locale.ROOT);
        Finish own = special.get(lower);
        return own == null ? COMMON.get(lower) : own;
    }
}
