package io.synapse.gateway.providers.gemini;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.synapse.gateway.chat.ChatChunk;
import io.synapse.gateway.providers.internal.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Tool calls in OpenAI's form. The signature that the model gives its thoughts, and wants back, rides in
 * {@code extra_content.google.thought_signature}, as in Google's own rendering of OpenAI's format.
 */
final class ToolCalls {
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final String EXTRA = "extra_content";
    private static final String VENDOR = "google";
    private static final String SIGNATURE = "thought_signature";

    private ToolCalls() {}

    /** The signature that a call carries, or null. */
    static @Nullable String signature(Map<String, @Nullable Object> call) {
        return call.get(EXTRA) instanceof Map<?, ?> extra
                        && extra.get(VENDOR) instanceof Map<?, ?> google
                        && google.get(SIGNATURE) instanceof String signature
                        && !signature.isEmpty()
                ? signature
                : null;
    }

    /** The chunk with a whole call; this upstream does not write its arguments piece by piece. */
    static ChatChunk chunk(
            int choice, int index, Map<String, @Nullable Object> call, String name, @Nullable Object signature) {
        Map<String, @Nullable Object> function = new LinkedHashMap<>();
        function.put("name", name);
        Map<String, @Nullable Object> arguments = Json.asObject(call.get("args"));
        function.put("arguments", new String(Json.write(arguments == null ? Map.of() : arguments), UTF_8));
        Map<String, @Nullable Object> written = new LinkedHashMap<>();
        written.put("index", index);
        written.put("id", call.get("id") instanceof String id && !id.isEmpty() ? id : fresh());
        written.put("type", "function");
        written.put("function", function);
        if (signature instanceof String) {
            written.put(EXTRA, Map.of(VENDOR, Map.of(SIGNATURE, signature)));
        }
        return CandidateReader.chunk(choice, Map.of("tool_calls", List.of(written)));
    }

    private static String fresh() {
        StringBuilder id = new StringBuilder("call_");
        for (int i = 0; i < 24; i++) {
            id.append(ALPHABET.charAt(ThreadLocalRandom.current().nextInt(ALPHABET.length())));
        }
        return id.toString();
    }
}
