package io.synapse.gateway.providers.anthropic;

import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How hard to think and how freely to speak, which exclude each other: {@code reasoning_effort} and {@code temperature}. The
 * effort is a hint, and gives way to the bound on the output, within which thoughts count, and to a tool that must be called.
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

    /** Writes how to sample, which models that think are not told; 1 is what they do by themselves. */
    static void sampling(Map<String, @Nullable Object> from, Map<String, @Nullable Object> body, ModelTraits traits)
            throws UpstreamException {
        Number temperature = asked(from, "temperature");
        Number topP = asked(from, "top_p");
        if (!traits.sampling() || thinks(body)) {
            refuse("temperature", temperature, traits.sampling() ? "while it thinks" : "");
            refuse("top_p", topP, traits.sampling() ? "while it thinks" : "");
            return;
        }
        if (temperature != null) {
            // OpenAI's goes up to 2.
            body.putIfAbsent("temperature", temperature.doubleValue() > 1 ? 1 : temperature);
        }
        if (body.containsKey("temperature")) {
            refuse("top_p", topP, "beside a temperature");
        } else if (topP != null) {
            body.putIfAbsent("top_p", topP);
        }
    }

    private static @Nullable Number asked(Map<String, @Nullable Object> from, String field) {
        return from.get(field) instanceof Number number ? number : null;
    }

    private static void refuse(String field, @Nullable Number value, String when) throws UpstreamException {
        if (value != null && value.doubleValue() != 1) {
            throw UpstreamErrors.unsupported(
                    field,
                    "'" + field + "' is not served by this model" + (when.isEmpty() ? "" : " " + when)
                            + ". Leave it out, or choose another model.");
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
