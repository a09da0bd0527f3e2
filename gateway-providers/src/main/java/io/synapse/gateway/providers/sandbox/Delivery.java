package io.synapse.gateway.providers.sandbox;

import io.synapse.gateway.chat.ChatChunk;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.chat.ChatSink;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings replies to the caller, in pieces or whole.
 *
 * @param call the call, asked before each piece whether it may go on
 * @param logprobs whether log-probabilities are asked for
 * @param alternatives how many alternatives go with each
 */
record Delivery(UpstreamCall call, boolean logprobs, int alternatives) {
    static Delivery of(UpstreamCall call, ChatRequest request) {
        boolean asked = Boolean.TRUE.equals(request.body().get("logprobs"));
        int alternatives = request.body().get("top_logprobs") instanceof Number number ? number.intValue() : 0;
        return new Delivery(call, asked, alternatives);
    }

    /** Sends all chunks of a reply. */
    void send(int choice, Reply reply, ChatSink sink) throws UpstreamException {
        sendSome(choice, reply, sink, Integer.MAX_VALUE);
        sink.chunk(ChatChunk.ends(choice, reply.finishReason()));
    }

    /** Sends the chunks of a reply up to a number of pieces, and no end. */
    void sendSome(int choice, Reply reply, ChatSink sink, int pieces) throws UpstreamException {
        int left = pieces;
        sink.chunk(ChatChunk.begins(choice));
        List<Piece> content = reply.content();
        for (int i = 0; i < content.size() && left > 0; i++, left--) {
            Faults.goOn(call);
            Piece piece = content.get(i);
            sink.chunk(logprobs ? withLogprobs(choice, piece) : ChatChunk.text(choice, piece.text()));
        }
        for (int i = 0; i < reply.calls().size() && left > 0; i++) {
            Reply.Call tool = reply.calls().get(i);
            Faults.goOn(call);
            if (tool.custom()) {
                sink.chunk(custom(choice, i, tool));
                continue;
            }
            sink.chunk(ChatChunk.toolCall(choice, i, tool.id(), tool.name()));
            for (int k = 0; k < tool.input().size() && left > 0; k++, left--) {
                Faults.goOn(call);
                sink.chunk(
                        ChatChunk.toolArguments(choice, i, tool.input().get(k).text()));
            }
        }
    }

    /** A reply as a choice of a whole answer. */
    Map<String, @Nullable Object> whole(int index, Reply reply) {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put("role", "assistant");
        message.put("content", reply.calls().isEmpty() ? PieceCutter.join(reply.content()) : null);
        message.put("refusal", null);
        if (!reply.calls().isEmpty()) {
            message.put(
                    "tool_calls", reply.calls().stream().map(Delivery::whole).toList());
        }
        Map<String, @Nullable Object> choice = new LinkedHashMap<>();
        choice.put("index", index);
        choice.put("message", message);
        choice.put("logprobs", logprobs && reply.calls().isEmpty() ? logprobs(reply.content()) : null);
        choice.put("finish_reason", reply.finishReason());
        return choice;
    }

    private static Map<String, Object> whole(Reply.Call call) {
        Map<String, Object> whole = new LinkedHashMap<>();
        whole.put("id", call.id());
        whole.put("type", call.custom() ? "custom" : "function");
        String input = PieceCutter.join(call.input());
        if (call.custom()) {
            whole.put("custom", inOrder("name", call.name(), "input", input));
        } else {
            whole.put("function", inOrder("name", call.name(), "arguments", input));
        }
        return whole;
    }

    /** Unlike {@code Map.of}, written in the same order by every process. */
    private static Map<String, Object> inOrder(String first, Object one, String second, Object other) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(first, one);
        map.put(second, other);
        return map;
    }

    private static ChatChunk custom(int choice, int index, Reply.Call call) {
        Map<String, Object> indexed = new LinkedHashMap<>();
        indexed.put("index", index);
        indexed.putAll(whole(call));
        return chunk(choice, Map.of("tool_calls", List.of(indexed)), null);
    }

    private ChatChunk withLogprobs(int choice, Piece piece) {
        return chunk(choice, Map.of("content", piece.text()), logprobs(List.of(piece)));
    }

    private static ChatChunk chunk(int choice, Map<String, Object> delta, @Nullable Object logprobs) {
        Map<String, @Nullable Object> whole = new LinkedHashMap<>();
        whole.put("index", choice);
        whole.put("delta", delta);
        whole.put("logprobs", logprobs);
        whole.put("finish_reason", null);
        return new ChatChunk(Map.of("choices", List.of(whole)));
    }

    private Map<String, @Nullable Object> logprobs(List<Piece> pieces) {
        List<Object> tokens = new ArrayList<>(pieces.size());
        for (Piece piece : pieces) {
            // Made up like the rest, but in the range of real ones: 0 is certain.
            double first = -(piece.text().hashCode() & 0xff) / 1024.0;
            Map<String, @Nullable Object> token = Logprob.of(piece.text(), first);
            List<Object> top = new ArrayList<>(alternatives);
            for (int i = 0; i < alternatives; i++) {
                top.add(i == 0 ? Logprob.of(piece.text(), first) : Logprob.of(" sandbox" + i, first - i));
            }
            token.put("top_logprobs", top);
            tokens.add(token);
        }
        Map<String, @Nullable Object> logprobs = new LinkedHashMap<>();
        logprobs.put("content", tokens);
        logprobs.put("refusal", null);
        return logprobs;
    }
}
