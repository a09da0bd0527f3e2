package io.synapse.gateway.providers.openai;

import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.openai.OpenAiDialect.ModelRule;
import io.synapse.gateway.providers.openai.OpenAiDialect.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns a caller's request into an upstream's: the caller's own fields, known and unknown, with the model, the bound on
 * the output and the streaming set by the gateway, and the dialect's deviations applied. Safe for use by many threads.
 */
final class RequestWriter {
    /** What the gateway decides, since the charge hangs on it. */
    private static final Set<String> OWNED = Set.of("model", "messages", "stream", "stream_options", "n");

    /** Every name that an upstream is known to take the bound by. The least of them counts, under one name. */
    private static final List<String> BOUNDS =
            List.of("max_tokens", "max_completion_tokens", "max_output_tokens", "max_new_tokens", "n_predict");

    private final String provider;
    private final OpenAiDialect dialect;
    private final MessageWriter messages;

    RequestWriter(String provider, OpenAiDialect dialect) {
        this.provider = provider;
        this.dialect = dialect;
        this.messages = new MessageWriter(provider, dialect);
    }

    byte[] write(UpstreamCall call, ChatRequest request, boolean stream) throws UpstreamException {
        Map<String, @Nullable Object> body = new LinkedHashMap<>(request.body());
        mergeOptions(body, request);
        body.put("model", call.model());
        body.put("messages", messages.write(Json.asList(body.get("messages"))));
        bound(body, call);
        body.put("stream", stream);
        streamOptions(body, stream);
        modelRules(body, call.model());
        dialectRules(body);
        bareSchema(body, call.model());
        return Json.write(body);
    }

    private void mergeOptions(Map<String, @Nullable Object> body, ChatRequest request) throws UpstreamException {
        body.remove("providerOptions");
        for (Map.Entry<String, @Nullable Object> option :
                request.providerOptions(provider).entrySet()) {
            if (OWNED.contains(option.getKey())) {
                throw UpstreamErrors.rejected(
                        "providerOptions." + provider + "." + option.getKey(),
                        "'" + option.getKey() + "' belongs at the top of the request.");
            }
            body.put(option.getKey(), option.getValue());
        }
    }

    private void bound(Map<String, @Nullable Object> body, UpstreamCall call) throws UpstreamException {
        OptionalLong most = call.maxOutputTokens();
        for (String name : BOUNDS) {
            Object value = body.remove(name);
            if (value == null) {
                continue;
            }
            if (!(value instanceof Number number) || number.longValue() < 1) {
                throw UpstreamErrors.rejected(name, "'" + name + "' must be a whole number above 0.");
            }
            most = OptionalLong.of(Math.min(number.longValue(), most.orElse(Long.MAX_VALUE)));
        }
        if (most.isPresent()) {
            body.put(dialect.outputBound(call.model()), most.getAsLong());
        }
    }

    private void streamOptions(Map<String, @Nullable Object> body, boolean stream) {
        Object options = body.remove("stream_options");
        if (stream && dialect.usageOnRequest()) {
            Map<String, @Nullable Object> asked = new LinkedHashMap<>();
            Map<String, @Nullable Object> own = Json.asObject(options);
            if (own != null) {
                asked.putAll(own);
            }
            asked.put("include_usage", true);
            body.put("stream_options", asked);
        }
    }

    private void modelRules(Map<String, @Nullable Object> body, String model) throws UpstreamException {
        List<ModelRule> rules = dialect.models().stream()
                .filter(rule -> rule.upstreamModels().matcher(model).matches())
                .toList();
        for (ModelRule rule : rules) {
            for (Map.Entry<String, List<String>> field : rule.words().entrySet()) {
                words(body, field.getKey(), field.getValue(), "for model '" + model + "'");
            }
            if (rule.toolsNeedNoReasoning() && callsFunctions(body)) {
                body.putIfAbsent("reasoning_effort", "none");
                words(body, "reasoning_effort", List.of("none"), "while model '" + model + "' has functions to call");
            }
        }
        if ("none".equals(body.get("reasoning_effort"))) {
            return;
        }
        for (ModelRule rule : rules) {
            for (Refusal refusal : rule.refusedWhileReasoning()) {
                refuse(body, refusal, "model '" + model + "' while it reasons");
            }
        }
    }

    private static boolean callsFunctions(Map<String, @Nullable Object> body) {
        return body.get("tools") instanceof List<?> tools
                && tools.stream().anyMatch(tool -> tool instanceof Map<?, ?> map && map.get("function") != null);
    }

    private static void words(Map<String, @Nullable Object> body, String field, List<String> words, String when)
            throws UpstreamException {
        Object word = body.get(field);
        if (word != null && !words.contains(word)) {
            throw UpstreamErrors.unsupported(
                    field,
                    "'" + field + "' must be " + String.join(" or ", words) + " " + when
                            + ". Leave it out, or choose another model.");
        }
    }

    private void dialectRules(Map<String, @Nullable Object> body) throws UpstreamException {
        for (Refusal refusal : dialect.refused()) {
            refuse(body, refusal, provider);
        }
        body.keySet().removeAll(dialect.dropped());
        dialect.renamed().forEach((from, to) -> {
            if (body.containsKey(from)) {
                body.put(to, body.remove(from));
            }
        });
        dialect.replaced().forEach((field, words) -> {
            if (body.get(field) instanceof String word && words.containsKey(word)) {
                body.put(field, words.get(word));
            }
        });
    }

    private static void refuse(Map<String, @Nullable Object> body, Refusal refusal, String who)
            throws UpstreamException {
        Object value = body.remove(refusal.field());
        if (value != null && !isHarmless(value, refusal.harmless())) {
            throw UpstreamErrors.unsupported(
                    refusal.field(), "'" + refusal.field() + "' is not served by " + who + ". " + refusal.advice());
        }
    }

    private void bareSchema(Map<String, @Nullable Object> body, String model) {
        Pattern bare = dialect.bareSchemas();
        Map<String, @Nullable Object> format = Json.asObject(body.get("response_format"));
        if (bare != null
                && format != null
                && format.get("json_schema") instanceof Map<?, ?> named
                && named.get("schema") instanceof Map<?, ?> schema
                && bare.matcher(model).matches()) {
            Map<String, @Nullable Object> copy = new LinkedHashMap<>(format);
            copy.put("json_schema", schema);
            body.put("response_format", copy);
        }
    }

    private static boolean isHarmless(Object value, @Nullable Object harmless) {
        if (value instanceof Number number && harmless instanceof Number same) {
            return number.doubleValue() == same.doubleValue();
        }
        return value.equals(harmless)
                || (value instanceof Map<?, ?> map && map.isEmpty())
                || (value instanceof List<?> list && list.isEmpty());
    }
}
