package io.synapse.gateway.providers.sandbox;

import io.synapse.gateway.chat.ChatMessage;
import io.synapse.gateway.chat.ChatMessage.Role;
import io.synapse.gateway.chat.ChatMessage.ToolCall;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the replies to a request: words, JSON or calls of tools. Immutable; safe for use by many threads. */
final class Replies {
    private static final int ID_LENGTH = 24;

    private final PieceCutter cutter;
    private final Speech speech;

    Replies(PieceCutter cutter) {
        this.cutter = cutter;
        this.speech = new Speech(cutter);
    }

    /**
     * All choices of an answer.
     *
     * @param most the most output tokens that each may have
     */
    List<Reply> to(ChatRequest request, long most) throws UpstreamException {
        LastWords last = LastWords.of(request.messages());
        List<Tool> tools = request.body().containsKey("tools") || request.body().containsKey("tool_choice")
                ? ToolChoice.of(request, last.text())
                : List.of();
        int choices = request.choices();
        if (choices == 1) {
            return List.of(reply(request, last, tools, 0, most));
        }
        List<Reply> replies = new ArrayList<>(choices);
        for (int choice = 0; choice < choices; choice++) {
            replies.add(reply(request, last, tools, choice, most));
        }
        return replies;
    }

    private Reply reply(ChatRequest request, LastWords last, List<Tool> tools, int choice, long most)
            throws UpstreamException {
        if (!tools.isEmpty()) {
            return calls(request, tools, choice, most);
        }
        List<Piece> pieces;
        if (request.body().get("response_format") instanceof Map<?, ?> format && !"text".equals(format.get("type"))) {
            pieces = cutter.cut(json(request, format, last, choice));
        } else if (request.messages().getLast().role() == Role.TOOL) {
            pieces = speech.onResults(results(request.messages()), choice, request);
        } else {
            pieces = speech.onMessage(last, choice, request, most);
        }
        return said(untilStop(pieces, request.body().get("stop")), most);
    }

    private Reply said(List<Piece> pieces, long most) {
        boolean fits = PieceCutter.tokens(pieces) <= most;
        return new Reply(fits ? pieces : cutter.limit(pieces, most), List.of(), fits ? "stop" : "length");
    }

    private List<Piece> untilStop(List<Piece> pieces, @Nullable Object stop) {
        if (stop == null) {
            return pieces;
        }
        String text = PieceCutter.join(pieces);
        int end = text.length();
        for (Object one : stop instanceof List<?> list ? list : List.of(stop)) {
            if (one instanceof String sequence && !sequence.isEmpty()) {
                int found = text.indexOf(sequence);
                end = found < 0 ? end : Math.min(end, found);
            }
        }
        return end == text.length() ? pieces : cutter.cut(text.substring(0, end));
    }

    private Reply calls(ChatRequest request, List<Tool> tools, int choice, long most) throws UpstreamException {
        List<Reply.Call> calls = new ArrayList<>(tools.size());
        long left = most;
        boolean cut = false;
        for (int i = 0; i < tools.size() && !cut; i++) {
            Tool tool = tools.get(i);
            String input = tool.custom()
                    ? "Input from the Synapse sandbox for " + tool.name()
                    : JsonText.of(sample(objectOnly(tool.schema()), variation(request, choice), tool.param()));
            List<Piece> pieces = cutter.cut(input);
            left -= Reply.CALL_TOKENS;
            cut = PieceCutter.tokens(pieces) > left;
            if (left < 0) {
                break;
            }
            pieces = cut ? cutter.limit(pieces, left) : pieces;
            left -= PieceCutter.tokens(pieces);
            calls.add(new Reply.Call(callId(request, choice, i), tool.custom(), tool.name(), pieces));
        }
        return new Reply(List.of(), calls, cut ? "length" : "tool_calls");
    }

    private static String callId(ChatRequest request, int choice, int call) {
        long hash = request.messages().size() * 1_000_003L + variation(request, choice) * 131L + call;
        StringBuilder id = new StringBuilder("call_sandbox");
        while (id.length() < "call_".length() + ID_LENGTH) {
            hash = hash * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
            id.append(Character.forDigit((int) (hash >>> 60), 16));
        }
        return id.toString();
    }

    private String json(ChatRequest request, Map<?, ?> format, LastWords last, int choice) throws UpstreamException {
        if (format.get("json_schema") instanceof Map<?, ?> named) {
            Object schema = named.get("schema") == null ? Map.of("type", "object") : named.get("schema");
            String param = "response_format.json_schema.schema";
            return JsonText.of(sample(schema == null ? true : schema, variation(request, choice), param));
        }
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("source", "Synapse sandbox");
        object.put("note", "No model was asked.");
        object.put("words", last.words());
        object.put("quote", last.quote());
        if (!last.pictures().isEmpty()) {
            object.put("pictures", last.pictures());
        }
        if (request.messages().getLast().role() == Role.TOOL) {
            object.put("results", results(request.messages()));
        }
        if (request.body().get("seed") != null) {
            object.put("seed", request.body().get("seed"));
        }
        if (request.choices() > 1) {
            object.put("choice", choice + 1);
        }
        return JsonText.of(object);
    }

    /** The results at the end of the conversation, by the names of their tools. */
    private static Map<String, String> results(List<ChatMessage> messages) {
        Map<String, String> results = new LinkedHashMap<>();
        int first = messages.size();
        while (first > 0 && messages.get(first - 1).role() == Role.TOOL) {
            first--;
        }
        for (ChatMessage result : messages.subList(first, messages.size())) {
            String name = String.valueOf(result.toolCallId());
            for (ChatMessage earlier : messages.subList(0, first)) {
                for (ToolCall call : earlier.toolCalls()) {
                    name = call.id().equals(result.toolCallId()) ? call.name() : name;
                }
            }
            results.merge(name, LastWords.quote(result.text()), (one, other) -> one + " / " + other);
        }
        return results;
    }

    private static Object objectOnly(Object schema) {
        return schema instanceof Map<?, ?> map && map.get("type") == null
                ? Map.of("allOf", List.of(schema, Map.of("type", "object")))
                : schema;
    }

    private static @Nullable Object sample(Object schema, int variation, String param) throws UpstreamException {
        try {
            return SchemaSample.of(schema, variation);
        } catch (UnmetSchemaException e) {
            throw new UpstreamException(
                    Kind.REJECTED,
                    "The sandbox finds no value for the schema: " + e.getMessage() + ".",
                    null,
                    param,
                    e);
        }
    }

    /** Tells requests that differ in their seed alone apart, and the choices of one request. */
    static int variation(ChatRequest request, int choice) {
        Object seed = request.body().get("seed");
        int seeded = seed == null ? 0 : seed.hashCode() & 0xffff;
        return seeded + choice;
    }
}
