package io.synapse.gateway.providers.anthropic;

import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.media.ProviderOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns a caller's request into Anthropic's. What Anthropic cannot do is refused; what would not change its answer is left out. */
final class RequestWriter {
    private static final String PROVIDER = "anthropic";

    /** What belongs at the top of the request, and what changes the price: other tiers, regions, speeds, paid tools. */
    private static final Set<String> OWNED = Set.of(
            "model",
            "messages",
            "system",
            "max_tokens",
            "stream",
            "tools",
            "tool_choice",
            "service_tier",
            "inference_geo",
            "speed",
            "container",
            "mcp_servers",
            "context_management");

    /** The bound is required; this one serves where neither the caller nor the gateway sets one. */
    private static final long USUAL_BOUND = 4096;

    private static final List<String> REFUSED =
            List.of("seed", "functions", "function_call", "audio", "web_search_options", "moderation");
    private static final List<String> REFUSED_UNLESS_ZERO =
            List.of("frequency_penalty", "presence_penalty", "top_logprobs");
    private static final String ELSEWHERE = "Leave it out, or choose a model of another provider.";

    private RequestWriter() {}

    static byte[] write(UpstreamCall call, ChatRequest request, boolean stream) throws UpstreamException {
        Map<String, @Nullable Object> from = request.body();
        refuse(from);
        ModelTraits traits = ModelTraits.of(call.model());
        long bound = bound(call, request);
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("model", call.model());
        body.put("max_tokens", bound);
        Conversation.of(request, traits).writeTo(body);
        ToolWriter.write(from, body);
        if (from.get("user") instanceof String user && !user.isBlank()) {
            body.put("metadata", Map.of("user_id", user));
        }
        stops(from, body);
        Map<String, @Nullable Object> output = new LinkedHashMap<>();
        format(from, output);
        Thinking.write(from, body, output, traits, bound);
        ProviderOptions.merge(body, from, PROVIDER, OWNED);
        merge(body, output);
        Object mark = body.get(CacheMark.FIELD);
        if (mark != null) {
            CacheMark.check(mark, "providerOptions." + PROVIDER + "." + CacheMark.FIELD);
        }
        Thinking.sampling(from, body, traits);
        body.put("stream", stream);
        return Json.write(body);
    }

    /** The bound on the output, thinking included: the least that anybody set. */
    static long bound(UpstreamCall call, ChatRequest request) {
        long asked = request.maxTokens().orElse(Long.MAX_VALUE);
        long bound = Math.min(asked, call.maxOutputTokens().orElse(Long.MAX_VALUE));
        return bound == Long.MAX_VALUE ? USUAL_BOUND : bound;
    }

    private static void refuse(Map<String, @Nullable Object> from) throws UpstreamException {
        if (from.get("n") instanceof Number count && count.intValue() != 1) {
            throw refusal("n", "Send one request for each answer.");
        }
        if (Boolean.TRUE.equals(from.get("logprobs"))) {
            throw refusal("logprobs", ELSEWHERE);
        }
        if (from.get("logit_bias") instanceof Map<?, ?> bias && !bias.isEmpty()) {
            throw refusal("logit_bias", ELSEWHERE);
        }
        for (String field : REFUSED) {
            if (from.get(field) != null) {
                throw refusal(field, field.startsWith("function") ? "Use 'tools'." : ELSEWHERE);
            }
        }
        for (String field : REFUSED_UNLESS_ZERO) {
            if (from.get(field) instanceof Number number && number.doubleValue() != 0) {
                throw refusal(field, ELSEWHERE);
            }
        }
        if (from.get("modalities") instanceof List<?> kinds && kinds.contains("audio")) {
            throw refusal("modalities", "Ask for text alone.");
        }
    }

    private static UpstreamException refusal(String field, String advice) {
        return UpstreamErrors.unsupported(field, "'" + field + "' is not served by " + PROVIDER + ". " + advice);
    }

    private static void stops(Map<String, @Nullable Object> from, Map<String, @Nullable Object> body)
            throws UpstreamException {
        Object stop = from.get("stop");
        List<?> stops = stop instanceof String one ? List.of(one) : stop instanceof List<?> list ? list : List.of();
        for (Object each : stops) {
            if (each instanceof String text && text.isBlank()) {
                throw UpstreamErrors.unsupported(
                        "stop", "Anthropic does not stop at blanks or line breaks alone. Choose words to stop at.");
            }
        }
        if (!stops.isEmpty()) {
            body.put("stop_sequences", stops);
        }
    }

    private static void format(Map<String, @Nullable Object> from, Map<String, @Nullable Object> output)
            throws UpstreamException {
        Map<String, @Nullable Object> format = Json.asObject(from.get("response_format"));
        if (format == null || "text".equals(format.get("type"))) {
            return;
        }
        Map<String, @Nullable Object> named = Json.asObject(format.get("json_schema"));
        Map<String, @Nullable Object> schema = named == null ? null : Json.asObject(named.get("schema"));
        if (schema == null) {
            throw UpstreamErrors.unsupported(
                    "response_format",
                    "Anthropic writes JSON by a schema only. Send type json_schema with the schema of the answer.");
        }
        Map<String, @Nullable Object> written = new LinkedHashMap<>();
        written.put("type", "json_schema");
        written.put("schema", schema);
        output.put("format", written);
    }

    /** What the caller asks for in OpenAI's words stands, beside what he asks for in Anthropic's. */
    private static void merge(Map<String, @Nullable Object> body, Map<String, @Nullable Object> output) {
        if (output.isEmpty()) {
            return;
        }
        Map<String, @Nullable Object> own = Json.asObject(body.get("output_config"));
        Map<String, @Nullable Object> both = own == null ? new LinkedHashMap<>() : new LinkedHashMap<>(own);
        both.putAll(output);
        body.put("output_config", both);
    }
}
