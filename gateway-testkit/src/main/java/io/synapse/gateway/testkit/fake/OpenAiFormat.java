package io.synapse.gateway.testkit.fake;

import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.testkit.fake.ChatUpstream.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** OpenAI's chat completions, as an upstream writes them: whole answers, chunks, errors. Stateless. */
public final class OpenAiFormat implements ChatFormat {
    private static final String DONE = "[DONE]";

    /** The format. */
    public OpenAiFormat() {}

    @Override
    public Answer says(Request request, @Nullable Tokens usage, List<String> pieces) {
        if (!streams(request)) {
            return Answer.json(200, completion(List.of(message(String.join("", pieces))), "stop", usage));
        }
        List<String> events = new ArrayList<>(beginning(pieces));
        events.add(chunk(0, Map.of(), "stop"));
        return Answer.events(ended(events, usage));
    }

    @Override
    public Answer saysSeveral(Request request, Tokens usage, List<String> choices) {
        if (!streams(request)) {
            return Answer.json(
                    200, completion(choices.stream().map(OpenAiFormat::message).toList(), "stop", usage));
        }
        List<String> events = new ArrayList<>();
        for (int i = 0; i < choices.size(); i++) {
            events.add(chunk(i, Map.of("role", "assistant", "content", choices.get(i)), null));
        }
        for (int i = 0; i < choices.size(); i++) {
            events.add(chunk(i, Map.of(), "stop"));
        }
        return Answer.events(ended(events, usage));
    }

    @Override
    public Answer callsTool(Request request, String name, List<String> argumentPieces) {
        Tokens usage = new Tokens(1, 1);
        if (!streams(request)) {
            Map<String, @Nullable Object> message = new LinkedHashMap<>();
            message.put("role", "assistant");
            message.put("content", null);
            message.put("tool_calls", List.of(toolCall("call_1", name, String.join("", argumentPieces))));
            return Answer.json(200, completion(List.of(message), "tool_calls", usage));
        }
        List<String> events = new ArrayList<>();
        Map<String, Object> first = new LinkedHashMap<>(toolCall("call_1", name, ""));
        first.put("index", 0);
        events.add(chunk(0, Map.of("role", "assistant", "tool_calls", List.of(first)), null));
        for (String piece : argumentPieces) {
            Map<String, Object> more = Map.of("index", 0, "function", Map.of("arguments", piece));
            events.add(chunk(0, Map.of("tool_calls", List.of(more)), null));
        }
        events.add(chunk(0, Map.of(), "tool_calls"));
        return Answer.events(ended(events, usage));
    }

    @Override
    public Answer fails(Request request, Kind kind, @Nullable Duration retryAfter, @Nullable String param) {
        Map<String, String> headers =
                retryAfter == null ? Map.of() : Map.of("Retry-After", String.valueOf(retryAfter.toSeconds()));
        return switch (kind) {
            case RATE_LIMITED ->
                Answer.json(429, headers, error("Slow down.", "requests", "rate_limit_exceeded", param));
            case OVERLOADED ->
                Answer.json(503, headers, error("Busy.", "service_unavailable_error", "server_is_overloaded", param));
            case UNAUTHORIZED ->
                Answer.json(401, headers, error("Wrong key.", "invalid_request_error", "invalid_api_key", param));
            case QUOTA_EXHAUSTED ->
                Answer.json(429, headers, error("No money.", "insufficient_quota", "insufficient_quota", param));
            case MODEL_GONE ->
                Answer.json(404, headers, error("No such model.", "invalid_request_error", "model_not_found", param));
            case REJECTED, UNSUPPORTED ->
                Answer.json(400, headers, error("Not like that.", "invalid_request_error", "invalid_value", param));
            case TIMED_OUT -> Answer.json(408, headers, error("Too slow.", "timeout", null, param));
            case UNREACHABLE -> Answer.hangUp();
            case MALFORMED -> nonsense(request);
            case FAILED -> Answer.json(500, headers, error("Something broke.", "server_error", null, param));
        };
    }

    @Override
    public Answer begins(Request request, List<String> pieces) {
        if (streams(request)) {
            return Answer.events(beginning(pieces));
        }
        String whole = completion(List.of(message(String.join("", pieces))), "stop", null);
        String half = whole.substring(0, whole.length() / 2);
        return exchange -> {
            exchange.head(200, Map.of("Content-Type", "application/json"), whole.length());
            exchange.body(half);
        };
    }

    @Override
    public Answer failsWithin(Request request) {
        return exchange -> {
            if (streams(request)) {
                exchange.body("data: " + error("Broke midway.", "server_error", null, null) + "\n\n");
            } else {
                exchange.close();
            }
        };
    }

    @Override
    public Answer nonsense(Request request) {
        return streams(request) ? Answer.events("{\"choices\": ha") : Answer.json(200, "{\"what\":\"is this?\"}");
    }

    @Override
    public OptionalLong bound(Request request) {
        Map<String, @Nullable Object> body = request.json();
        Object bound = body.getOrDefault("max_completion_tokens", body.get("max_tokens"));
        return bound instanceof Number number ? OptionalLong.of(number.longValue()) : OptionalLong.empty();
    }

    /** Whether a request asks for a stream. */
    public static boolean streams(Request request) {
        return Boolean.TRUE.equals(request.json().get("stream"));
    }

    /** A chunk with one piece of one choice. */
    public static String chunk(int index, Map<String, ?> delta, @Nullable String finishReason) {
        Map<String, @Nullable Object> choice = new LinkedHashMap<>();
        choice.put("index", index);
        choice.put("delta", delta);
        choice.put("logprobs", null);
        choice.put("finish_reason", finishReason);
        return PlainJson.write(outer("chat.completion.chunk", List.of(choice)));
    }

    /** A chunk that tells the usage and nothing else. */
    public static String usageChunk(Map<String, ?> usage) {
        Map<String, @Nullable Object> chunk = outer("chat.completion.chunk", List.of());
        chunk.put("usage", usage);
        return PlainJson.write(chunk);
    }

    /** The usage object, without details. */
    public static Map<String, Object> usage(Tokens tokens) {
        return Map.of(
                "prompt_tokens",
                tokens.prompt(),
                "completion_tokens",
                tokens.completion(),
                "total_tokens",
                tokens.prompt() + tokens.completion());
    }

    /** A whole answer. */
    public static String completion(
            List<Map<String, @Nullable Object>> messages, String finishReason, @Nullable Tokens usage) {
        List<Object> choices = new ArrayList<>();
        for (Map<String, @Nullable Object> message : messages) {
            Map<String, @Nullable Object> choice = new LinkedHashMap<>();
            choice.put("index", choices.size());
            choice.put("message", message);
            choice.put("logprobs", null);
            choice.put("finish_reason", finishReason);
            choices.add(choice);
        }
        Map<String, @Nullable Object> whole = outer("chat.completion", choices);
        if (usage != null) {
            whole.put("usage", usage(usage));
        }
        return PlainJson.write(whole);
    }

    /** An assistant's message. */
    public static Map<String, @Nullable Object> message(String content) {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put("role", "assistant");
        message.put("content", content);
        message.put("refusal", null);
        return message;
    }

    /** A tool call as a whole answer holds it. */
    public static Map<String, Object> toolCall(String id, String name, String arguments) {
        return Map.of("id", id, "type", "function", "function", Map.of("name", name, "arguments", arguments));
    }

    /** An error body. */
    public static String error(String message, String type, @Nullable String code, @Nullable String param) {
        Map<String, @Nullable Object> error = new LinkedHashMap<>();
        error.put("message", message);
        error.put("type", type);
        error.put("param", param);
        error.put("code", code);
        return PlainJson.write(Map.of("error", error));
    }

    private static List<String> beginning(List<String> pieces) {
        List<String> events = new ArrayList<>();
        events.add(chunk(0, Map.of("role", "assistant", "content", ""), null));
        pieces.forEach(piece -> events.add(chunk(0, Map.of("content", piece), null)));
        return events;
    }

    private static List<String> ended(List<String> events, @Nullable Tokens usage) {
        if (usage != null) {
            events.add(usageChunk(usage(usage)));
        }
        events.add(DONE);
        return events;
    }

    private static Map<String, @Nullable Object> outer(String object, List<?> choices) {
        Map<String, @Nullable Object> outer = new LinkedHashMap<>();
        outer.put("id", "chatcmpl-fake");
        outer.put("object", object);
        outer.put("created", 1_795_000_000);
        outer.put("model", "fake-1");
        outer.put("choices", choices);
        return outer;
    }
}
