package io.synapse.gateway.providers.gemini;

import io.synapse.gateway.chat.ChatMessage;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.chat.ContentPart;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.internal.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Turns a chat request into the body of {@code generateContent}. What this upstream has no place for is refused if it would
 * change the answer. Stateless.
 */
final class ChatWriter {
    private static final int MOST_CHOICES = 8;
    private static final String ELSEWHERE = "Leave it out, or choose a model of another provider.";

    private ChatWriter() {}

    static byte[] write(UpstreamCall call, ChatRequest request) throws UpstreamException {
        ModelName model = ModelName.of(GeminiApi.model(call));
        refuse(request, model);
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        Contents.write(body, request, model);
        Map<String, @Nullable Object> config = config(call, request, model);
        if (!config.isEmpty()) {
            body.put("generationConfig", config);
        }
        Tools.write(body, request.body());
        Options.merge(body, request.body(), "generationConfig");
        return Json.write(body);
    }

    private static void refuse(ChatRequest request, ModelName model) throws UpstreamException {
        Map<String, @Nullable Object> body = request.body();
        refuseIf(Boolean.TRUE.equals(body.get("logprobs")), "logprobs");
        refuseIf(body.get("logit_bias") instanceof Map<?, ?> bias && !bias.isEmpty(), "logit_bias");
        refuseIf(body.get("functions") instanceof List<?> functions && !functions.isEmpty(), "functions");
        refuseIf(body.get("web_search_options") != null, "web_search_options");
        refuseIf(body.get("moderation") != null, "moderation");
        refuseIf(
                body.get("modalities") instanceof List<?> kinds
                        && kinds.stream().anyMatch(kind -> !"text".equals(kind)),
                "modalities");
        if (model.since(3, 5)) {
            refuseIf(isOtherThanZero(body.get("presence_penalty")), "presence_penalty");
            refuseIf(isOtherThanZero(body.get("frequency_penalty")), "frequency_penalty");
        }
        if (request.choices() > MOST_CHOICES) {
            throw UpstreamErrors.unsupported("n", "'n' must be at most " + MOST_CHOICES + " for gemini.");
        }
    }

    private static void refuseIf(boolean asked, String field) throws UpstreamException {
        if (asked) {
            throw UpstreamErrors.unsupported(
                    field, "'" + field + "' is not served by this model of gemini. " + ELSEWHERE);
        }
    }

    private static boolean isOtherThanZero(@Nullable Object value) {
        return value instanceof Number number && number.doubleValue() != 0;
    }

    private static Map<String, @Nullable Object> config(UpstreamCall call, ChatRequest request, ModelName model)
            throws UpstreamException {
        Map<String, @Nullable Object> body = request.body();
        Map<String, @Nullable Object> config = new LinkedHashMap<>();
        OptionalLong bound = bound(call, request);
        bound.ifPresent(most -> config.put("maxOutputTokens", most));
        // Taken by all models. How much it moves the later ones is for Google to say: ids of earlier ones lead there
        // too.
        put(config, "temperature", body.get("temperature"));
        put(config, "topP", body.get("top_p"));
        put(config, "seed", seed(body.get("seed")));
        if (!model.since(3, 5)) {
            // Later models refuse even a zero.
            put(config, "presencePenalty", body.get("presence_penalty"));
            put(config, "frequencyPenalty", body.get("frequency_penalty"));
        }
        put(config, "stopSequences", stops(body.get("stop")));
        put(config, "candidateCount", request.choices() > 1 ? request.choices() : null);
        format(config, Json.asObject(body.get("response_format")));
        String effort = body.get("reasoning_effort") instanceof String word ? word : null;
        put(config, "thinkingConfig", Thinking.config(model, effort, bound));
        put(config, "mediaResolution", looksBriefly(request) ? "MEDIA_RESOLUTION_LOW" : null);
        return config;
    }

    private static void put(Map<String, @Nullable Object> config, String name, @Nullable Object value) {
        if (value != null) {
            config.put(name, value);
        }
    }

    private static OptionalLong bound(UpstreamCall call, ChatRequest request) {
        OptionalLong asked = request.maxTokens();
        if (asked.isEmpty() || call.maxOutputTokens().isEmpty()) {
            return asked.isEmpty() ? call.maxOutputTokens() : asked;
        }
        return OptionalLong.of(
                Math.min(asked.getAsLong(), call.maxOutputTokens().getAsLong()));
    }

    /** A signed number of 32 bits upstream. */
    private static @Nullable Object seed(@Nullable Object seed) throws UpstreamException {
        if (seed instanceof Number number && number.longValue() != number.intValue()) {
            throw UpstreamErrors.unsupported(
                    "seed", "'seed' must be from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE + " for gemini.");
        }
        return seed;
    }

    /** An empty list is refused upstream, as is an empty word. */
    private static @Nullable Object stops(@Nullable Object stop) {
        List<?> words = stop instanceof List<?> several ? several : stop == null ? List.of() : List.of(stop);
        List<?> kept = words.stream().filter(word -> !"".equals(word)).toList();
        return kept.isEmpty() ? null : kept;
    }

    private static void format(Map<String, @Nullable Object> config, @Nullable Map<String, @Nullable Object> format) {
        if (format == null || "text".equals(format.get("type"))) {
            return;
        }
        config.put("responseMimeType", "application/json");
        if (format.get("json_schema") instanceof Map<?, ?> around && around.get("schema") instanceof Map<?, ?> schema) {
            config.put("responseJsonSchema", schema);
        }
    }

    /** Whether there are pictures, and all of them are to be looked at with little detail: it is one setting for all. */
    private static boolean looksBriefly(ChatRequest request) {
        boolean any = false;
        for (ChatMessage message : request.messages()) {
            for (ContentPart part : message.content()) {
                if (part instanceof ContentPart.Image image) {
                    if (!"low".equals(image.detail())) {
                        return false;
                    }
                    any = true;
                }
            }
        }
        return any;
    }
}
