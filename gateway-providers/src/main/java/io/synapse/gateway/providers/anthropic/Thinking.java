package io.synapse.gateway.providers.anthropic;

import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How hard to think and how freely to speak, which exclude each other: {@code reasoning_effort} and {@code temperature}.
 * Both are hints, and give way to what a model refuses. What is thought counts within the bound on the output.
 */
final class Thinking {
    private static final long LEAST_BUDGET = 1024;

    /** The share of the bound, in percent, that a model may think away that wants to be told a number of tokens. */
    private static final Map<String, Integer> SHARES =
            Map.of("minimal", 10, "low", 20, "medium", 50, "high", 80, "xhigh", 90, "max", 90);

    private Thinking() {}

    /**
     * Writes the effort.
     *
     * @param output where the part of it goes that is said in {@code output_config}
     */
    static void write(
            Map<String, @Nullable Object> from,
            Map<String, @Nullable Object> body,
            Map<String, @Nullable Object> output,
            ModelTraits traits,
            long bound)
            throws UpstreamException {
        if (!(from.get("reasoning_effort") instanceof String effort)) {
            return;
        }
        if (effort.equals("none")) {
            body.put("thinking", Map.of("type", "disabled"));
            return;
        }
        Integer share = SHARES.get(effort);
        if (share == null) {
            throw UpstreamErrors.rejected(
                    "reasoning_effort",
                    "'reasoning_effort' must be one of none, minimal, low, medium, high, xhigh, max.");
        }
        if (forcesTool(body)) {
            // A model that must call a tool cannot think first; the call is what was asked for.
            return;
        }
        if (traits.adaptive()) {
            body.put("thinking", Map.of("type", "adaptive"));
            output.put("effort", effort.equals("minimal") ? "low" : effort);
            return;
        }
        long budget = Math.max(LEAST_BUDGET, bound * share / 100);
        if (budget < bound) {
            Map<String, @Nullable Object> thinking = new LinkedHashMap<>();
            thinking.put("type", "enabled");
            thinking.put("budget_tokens", budget);
            body.put("thinking", thinking);
        }
    }

    /** Writes the hints on sampling that the model takes in this body. */
    static void sampling(Map<String, @Nullable Object> from, Map<String, @Nullable Object> body, ModelTraits traits) {
        if (!traits.sampling() || thinks(body)) {
            return;
        }
        if (from.get("temperature") instanceof Number temperature) {
            // OpenAI's goes up to 2.
            body.putIfAbsent("temperature", temperature.doubleValue() > 1 ? 1 : temperature);
        } else if (from.get("top_p") != null && !body.containsKey("temperature")) {
            // Only where there is no temperature: Claude 4.5 refuses to be told both.
            body.putIfAbsent("top_p", from.get("top_p"));
        }
    }

    private static boolean forcesTool(Map<String, @Nullable Object> body) {
        return body.get("tool_choice") instanceof Map<?, ?> choice
                && ("any".equals(choice.get("type")) || "tool".equals(choice.get("type")));
    }

    private static boolean thinks(Map<String, @Nullable Object> body) {
        return body.get("thinking") instanceof Map<?, ?> thinking && !"disabled".equals(thinking.get("type"));
    }
}
