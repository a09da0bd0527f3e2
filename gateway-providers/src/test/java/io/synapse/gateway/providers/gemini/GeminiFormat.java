package io.synapse.gateway.providers.gemini;

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
import org.jspecify.annotations.Nullable;

/** The Gemini API's answers, as the upstream writes them: whole, in chunks, and errors. Stateless. */
final class GeminiFormat implements ChatFormat {
    @Override
    public Answer says(Request request, @Nullable Tokens usage, List<String> pieces) {
        if (!streams(request)) {
            return Answer.json(200, answer(List.of(candidate(0, text(String.join("", pieces)), "STOP")), usage));
        }
        List<String> events = beginning(pieces.subList(0, pieces.size() - 1), usage);
        events.add(answer(List.of(candidate(0, text(pieces.getLast()), "STOP")), usage));
        return Answer.events(events);
    }

    @Override
    public Answer saysSeveral(Request request, Tokens usage, List<String> choices) {
        List<Map<String, Object>> candidates = new ArrayList<>();
        for (int i = 0; i < choices.size(); i++) {
            candidates.add(candidate(i, text(choices.get(i)), "STOP"));
        }
        String whole = answer(candidates, usage);
        return streams(request) ? Answer.events(whole) : Answer.json(200, whole);
    }

    @Override
    public Answer callsTool(Request request, String name, List<String> argumentPieces) {
        Map<String, Object> call = new LinkedHashMap<>();
        call.put("name", name);
        call.put("args", PlainJson.object(String.join("", argumentPieces)));
        String whole = answer(List.of(candidate(0, List.of(Map.of("functionCall", call)), "STOP")), new Tokens(1, 1));
        return streams(request) ? Answer.events(whole) : Answer.json(200, whole);
    }

    @Override
    public Answer fails(Request request, Kind kind, @Nullable Duration retryAfter, @Nullable String param) {
        return switch (kind) {
            case RATE_LIMITED -> Answer.json(429, error(429, "RESOURCE_EXHAUSTED", "Slow down.", retryAfter));
            case OVERLOADED -> Answer.json(503, error(503, "UNAVAILABLE", "The model is overloaded.", retryAfter));
            case UNAUTHORIZED -> Answer.json(403, error(403, "PERMISSION_DENIED", "No.", retryAfter));
            case QUOTA_EXHAUSTED -> Answer.json(402, error(402, "RESOURCE_EXHAUSTED", "No money.", retryAfter));
            case MODEL_GONE -> Answer.json(404, error(404, "NOT_FOUND", "models/x is not found", retryAfter));
            case REJECTED, UNSUPPORTED ->
                Answer.json(400, error(400, "INVALID_ARGUMENT", "Not like that.", retryAfter));
            case TIMED_OUT -> Answer.json(408, error(408, "DEADLINE_EXCEEDED", "Too slow.", retryAfter));
            case UNREACHABLE -> Answer.hangUp();
            case MALFORMED -> nonsense(request);
            case FAILED -> Answer.json(500, error(500, "INTERNAL", "Something broke.", retryAfter));
        };
    }

    @Override
    public Answer begins(Request request, List<String> pieces) {
        if (streams(request)) {
            return Answer.events(beginning(pieces, null));
        }
        String whole = answer(List.of(candidate(0, text(String.join("", pieces)), "STOP")), null);
        return exchange -> {
            exchange.head(200, Map.of("Content-Type", "application/json"), whole.length());
            exchange.body(whole.substring(0, whole.length() / 2));
        };
    }

    @Override
    public Answer failsWithin(Request request) {
        return exchange -> {
            if (streams(request)) {
                exchange.body("data: [" + error(500, "INTERNAL", "Broke midway.", null) + "]\r\n\r\n");
            } else {
                exchange.close();
            }
        };
    }

    @Override
    public Answer nonsense(Request request) {
        return streams(request) ? Answer.events("{\"candidates\": ha") : Answer.json(200, "{\"what\":\"is this?\"}");
    }

    @Override
    public OptionalLong bound(Request request) {
        return request.json().get("generationConfig") instanceof Map<?, ?> config
                        && config.get("maxOutputTokens") instanceof Number bound
                ? OptionalLong.of(bound.longValue())
                : OptionalLong.empty();
    }

    static boolean streams(Request request) {
        return request.path().endsWith(":streamGenerateContent?alt=sse");
    }

    static List<Map<String, Object>> text(String text) {
        return List.of(Map.of("text", text));
    }

    static Map<String, Object> candidate(int index, List<Map<String, Object>> parts, @Nullable String finishReason) {
        Map<String, Object> candidate = new LinkedHashMap<>();
        candidate.put("content", Map.of("role", "model", "parts", parts));
        if (finishReason != null) {
            candidate.put("finishReason", finishReason);
        }
        if (index > 0) {
            candidate.put("index", index);
        }
        return candidate;
    }

    /** An answer or a chunk of one; figures of zero are left out. */
    static String answer(List<Map<String, Object>> candidates, @Nullable Tokens usage) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("candidates", candidates);
        if (usage != null) {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("promptTokenCount", usage.prompt());
            if (usage.completion() > 0) {
                figures.put("candidatesTokenCount", usage.completion());
            }
            figures.put("totalTokenCount", usage.prompt() + usage.completion());
            answer.put("usageMetadata", figures);
        }
        answer.put("modelVersion", "fake-1");
        return PlainJson.write(answer);
    }

    static String error(int code, String status, String message, @Nullable Duration retryAfter) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", code);
        error.put("message", message);
        error.put("status", status);
        if (retryAfter != null) {
            error.put(
                    "details",
                    List.of(Map.of(
                            "@type",
                            "type.googleapis.com/google.rpc.RetryInfo",
                            "retryDelay",
                            retryAfter.toSeconds() + "s")));
        }
        return PlainJson.write(Map.of("error", error));
    }

    private static List<String> beginning(List<String> pieces, @Nullable Tokens usage) {
        List<String> events = new ArrayList<>();
        for (String piece : pieces) {
            events.add(answer(List.of(candidate(0, text(piece), null)), usage));
        }
        return events;
    }
}
