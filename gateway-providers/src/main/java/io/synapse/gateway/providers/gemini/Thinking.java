package io.synapse.gateway.providers.gemini;

import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How much a model is to think before it answers. Models of version 2.5 are given a budget of tokens, later ones a level;
 * none takes both. What is thought counts against the bound on the output as if it were said.
 */
final class Thinking {
    /** Below this bound a model that thinks as it likes may well come to no answer at all. */
    private static final long SMALL_BOUND = 2_048;

    /** The least that the large model of version 2.5 takes. */
    private static final int LEAST_PRO_BUDGET = 128;

    private Thinking() {}

    /**
     * The {@code thinkingConfig}, or null for the model's own way.
     *
     * @param effort OpenAI's {@code reasoning_effort}, or null
     * @param bound the bound on the output
     */
    static @Nullable Map<String, @Nullable Object> config(ModelName model, @Nullable String effort, OptionalLong bound)
            throws UpstreamException {
        if (effort == null) {
            boolean tight = bound.isPresent() && bound.getAsLong() <= SMALL_BOUND;
            return tight && model.since(2, 5) ? config(model, "none") : null;
        }
        return config(model, effort);
    }

    private static @Nullable Map<String, @Nullable Object> config(ModelName model, String effort)
            throws UpstreamException {
        if (!model.known() || model.since(3, 0)) {
            return Map.of("thinkingLevel", level(model, effort));
        }
        return model.since(2, 5) ? Map.of("thinkingBudget", budget(model, effort)) : null;
    }

    private static String level(ModelName model, String effort) throws UpstreamException {
        return switch (effort) {
            // Off is no level. The large models, and all since 3.7, refuse the least one.
            case "none", "minimal" -> model.pro() || model.since(3, 7) ? "LOW" : "MINIMAL";
            case "low" -> "LOW";
            case "medium" -> "MEDIUM";
            case "high", "xhigh", "max" -> "HIGH";
            default -> throw unknown();
        };
    }

    private static int budget(ModelName model, String effort) throws UpstreamException {
        return switch (effort) {
            case "none" -> model.pro() ? LEAST_PRO_BUDGET : 0;
            case "minimal" -> model.pro() ? LEAST_PRO_BUDGET : 512;
            case "low" -> 1_024;
            case "medium" -> 8_192;
            case "high", "xhigh", "max" -> 24_576;
            default -> throw unknown();
        };
    }

    private static UpstreamException unknown() {
        return UpstreamErrors.unsupported(
                "reasoning_effort",
                "'reasoning_effort' must be one of none, minimal, low, medium, high, xhigh," + " max.");
    }
}
