package io.synapse.gateway.http;

import io.synapse.gateway.Receipt;
import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatChunk;
import io.synapse.gateway.chat.ChatUsage;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Dresses a chat answer as OpenAI's: the gateway's own id, time and model name over whatever the upstream wrote there,
 * the same on every chunk of a stream.
 *
 * @param id the answer's id
 * @param created when, in seconds since 1970
 * @param model the model's public name
 */
record ChatWire(String id, long created, String model) {
    /** A new answer by a model. */
    static ChatWire of(String model) {
        return new ChatWire(Wire.id("chatcmpl-"), Wire.now(), model);
    }

    Map<String, @Nullable Object> answer(ChatAnswer answer, Receipt receipt) {
        Map<String, @Nullable Object> body = head("chat.completion");
        answer.body().forEach(body::putIfAbsent);
        body.put("usage", usage(answer.usage(), receipt));
        return body;
    }

    /** A chunk; with {@code usage: null} where the stream is going to end with a chunk that has one. */
    Map<String, @Nullable Object> chunk(ChatChunk chunk, boolean announceUsage) {
        Map<String, @Nullable Object> body = head("chat.completion.chunk");
        chunk.body().forEach(body::putIfAbsent);
        body.remove("usage");
        if (announceUsage) {
            body.put("usage", null);
        }
        return body;
    }

    /** OpenAI's usage object, with what was paid. */
    Map<String, @Nullable Object> usage(@Nullable ChatUsage reported, Receipt receipt) {
        ChatUsage told = reported == null ? ChatUsage.of(receipt.usage()) : reported;
        Map<String, @Nullable Object> usage = new LinkedHashMap<>(told.wire());
        Wire.credits(usage, receipt);
        return usage;
    }

    private Map<String, @Nullable Object> head(String object) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("id", id);
        body.put("object", object);
        body.put("created", created);
        body.put("model", model);
        return body;
    }
}
