package io.synapse.gateway.providers.anthropic;

import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.ChatFormat;
import io.synapse.gateway.testkit.fake.ChatUpstream.Tokens;
import io.synapse.gateway.testkit.fake.PlainJson;
import io.synapse.gateway.testkit.fake.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Anthropic's Messages, as the upstream writes them: whole messages, events, errors. Stateless. */
final class AnthropicFormat implements ChatFormat {
    @Override
    public Answer says(Request request, Tokens usage, List<String> pieces) {
        if (!streams(request)) {
            return Answer.json(200, message(List.of(text(String.join("", pieces))), "end_turn", usage));
        }
        List<String> events = beginning(usage, pieces);
        events.add(stop(0));
        return events(ended(events, "end_turn", usage));
    }

    @Override
    public Answer saysSeveral(Request request, Tokens usage, List<String> choices) {
        throw new UnsupportedOperationException("a message is one");
    }

    @Override
    public Answer callsTool(Request request, String name, List<String> argumentPieces) {
        Tokens usage = new Tokens(1, 1);
        if (!streams(request)) {
            Map<String, Object> block = tool("toolu_1", name);
            block.put("input", PlainJson.object(String.join("", argumentPieces)));
            return Answer.json(200, message(List.of(block), "tool_use", usage));
        }
        List<String> events = new ArrayList<>();
        events.add(start(usage));
        events.add(blockStart(0, tool("toolu_1", name)));
        argumentPieces.forEach(
                piece -> events.add(delta(0, Map.of("type", "input_json_delta", "partial_json", piece))));
        events.add(stop(0));
        return events(ended(events, "tool_use", usage));
    }

    @Override
    public Answer fails(Request request, Kind kind, Duration retryAfter, String param) {
        Map<String, String> headers =
                retryAfter == null ? Map.of() : Map.of("retry-after", String.valueOf(retryAfter.toSeconds()));
        return switch (kind) {
            case RATE_LIMITED -> Answer.json(429, headers, error("rate_limit_error", "Slow down."));
            case OVERLOADED -> Answer.json(529, headers, error("overloaded_error", "Overloaded"));
            case UNAUTHORIZED -> Answer.json(401, headers, error("authentication_error", "invalid x-api-key"));
            case QUOTA_EXHAUSTED ->
                Answer.json(400, headers, error("invalid_request_error", "Your credit balance is too low to go on."));
            case MODEL_GONE -> Answer.json(404, headers, error("not_found_error", "model: claude-9"));
            case REJECTED, UNSUPPORTED ->
                Answer.json(400, headers, error("invalid_request_error", "max_tokens: must be less."));
            case TIMED_OUT -> Answer.json(408, headers, error("timeout_error", "Too slow."));
            case UNREACHABLE -> Answer.hangUp();
            case MALFORMED -> nonsense(request);
            case FAILED -> Answer.json(500, headers, error("api_error", "Internal server error"));
        };
    }

    @Override
    public Answer begins(Request request, List<String> pieces) {
        if (streams(request)) {
            return events(beginning(null, pieces));
        }
        String whole = message(List.of(text(String.join("", pieces))), "end_turn", null);
        return exchange -> {
            exchange.head(200, Map.of("Content-Type", "application/json"), whole.length());
            exchange.body(whole.substring(0, whole.length() / 2));
        };
    }

    @Override
    public Answer failsWithin(Request request) {
        return exchange -> {
            if (streams(request)) {
                exchange.body("event: error\ndata: " + error("overloaded_error", "Overloaded") + "\n\n");
            } else {
                exchange.close();
            }
        };
    }

    @Override
    public Answer nonsense(Request request) {
        return streams(request) ? Answer.events("{\"type\": ha") : Answer.json(200, "{\"what\":\"is this?\"}");
    }

    @Override
    public OptionalLong bound(Request request) {
        return request.json().get("max_tokens") instanceof Number number
                ? OptionalLong.of(number.longValue())
                : OptionalLong.empty();
    }

    static boolean streams(Request request) {
        return Boolean.TRUE.equals(request.json().get("stream"));
    }

    /** A stream of these events, each under its own name. */
    static Answer events(List<String> data) {
        StringBuilder raw = new StringBuilder();
        for (String each : data) {
            raw.append("event: ").append(PlainJson.object(each).get("type")).append('\n');
            raw.append("data: ").append(each).append("\n\n");
        }
        return Answer.eventStream(raw.toString());
    }

    static String message(List<?> content, String stopReason, Tokens usage) {
        Map<String, Object> message = outer(content);
        message.put("stop_reason", stopReason);
        message.put("stop_sequence", null);
        if (usage != null) {
            message.put("usage", Map.of("input_tokens", usage.prompt(), "output_tokens", usage.completion()));
        }
        return PlainJson.write(message);
    }

    static String start(Tokens usage) {
        Map<String, Object> message = outer(List.of());
        message.put("stop_reason", null);
        if (usage != null) {
            message.put("usage", Map.of("input_tokens", usage.prompt(), "output_tokens", 1));
        }
        return PlainJson.write(typed("message_start", Map.of("message", message)));
    }

    static String blockStart(int index, Map<String, Object> block) {
        return PlainJson.write(typed("content_block_start", Map.of("index", index, "content_block", block)));
    }

    static String delta(int index, Map<String, Object> delta) {
        return PlainJson.write(typed("content_block_delta", Map.of("index", index, "delta", delta)));
    }

    static String stop(int index) {
        return PlainJson.write(typed("content_block_stop", Map.of("index", index)));
    }

    static List<String> ended(List<String> events, String reason, Tokens usage) {
        Map<String, Object> delta = new LinkedHashMap<>();
        delta.put("stop_reason", reason);
        delta.put("stop_sequence", null);
        Map<String, Object> last = new LinkedHashMap<>(Map.of("delta", delta));
        if (usage != null) {
            last.put("usage", Map.of("output_tokens", usage.completion()));
        }
        events.add(PlainJson.write(typed("message_delta", last)));
        events.add("{\"type\":\"message_stop\"}");
        return events;
    }

    static String error(String type, String message) {
        return PlainJson.write(typed("error", Map.of("error", Map.of("type", type, "message", message))));
    }

    private static List<String> beginning(Tokens usage, List<String> pieces) {
        List<String> events = new ArrayList<>();
        events.add(start(usage));
        events.add("{\"type\":\"ping\"}");
        events.add(blockStart(0, text("")));
        pieces.forEach(piece -> events.add(delta(0, Map.of("type", "text_delta", "text", piece))));
        return events;
    }

    private static Map<String, Object> text(String words) {
        return Map.of("type", "text", "text", words);
    }

    private static Map<String, Object> tool(String id, String name) {
        return new LinkedHashMap<>(Map.of("type", "tool_use", "id", id, "name", name, "input", Map.of()));
    }

    private static Map<String, Object> outer(List<?> content) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("id", "msg_01");
        message.put("type", "message");
        message.put("role", "assistant");
        message.put("model", "claude-fake");
        message.put("content", content);
        return message;
    }

    private static Map<String, Object> typed(String type, Map<String, ?> fields) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("type", type);
        event.putAll(fields);
        return event;
    }
}
