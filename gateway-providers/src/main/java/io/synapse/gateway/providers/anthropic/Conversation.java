package io.synapse.gateway.providers.anthropic;

import io.synapse.gateway.chat.ChatMessage;
import io.synapse.gateway.chat.ChatMessage.ToolCall;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.json.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A conversation in Anthropic's form. The application's instructions stand apart from it, and the person and the model
 * take turns: messages that follow each other in one role become one, and the results of tools are the person's, before
 * anything else that it says. For one thread.
 */
final class Conversation {
    private static final String USER = "user";
    private static final String ASSISTANT = "assistant";

    private final List<Map<String, @Nullable Object>> system = new ArrayList<>();
    private final List<Turn> turns = new ArrayList<>();

    /**
     * What one side says until the other speaks.
     *
     * @param role who
     * @param path where it begins in the caller's request
     * @param blocks what
     */
    private record Turn(String role, String path, List<Map<String, @Nullable Object>> blocks) {}

    private Conversation() {}

    /** Reads the messages of a request. */
    static Conversation of(ChatRequest request, ModelTraits traits) throws UpstreamException {
        Conversation conversation = new Conversation();
        List<@Nullable Object> raw = Json.asList(request.body().get("messages"));
        for (int i = 0; i < request.messages().size(); i++) {
            Map<String, @Nullable Object> message = raw == null ? null : Json.asObject(raw.get(i));
            conversation.add(request.messages().get(i), message == null ? Map.of() : message, "messages[" + i + "]");
        }
        conversation.check(traits);
        return conversation;
    }

    /** Writes it into a request. */
    void writeTo(Map<String, @Nullable Object> body) {
        if (system.size() == 1 && !system.getFirst().containsKey(CacheMark.FIELD)) {
            body.put("system", system.getFirst().get("text"));
        } else if (!system.isEmpty()) {
            body.put("system", system);
        }
        List<@Nullable Object> messages = new ArrayList<>(turns.size());
        for (Turn turn : turns) {
            Map<String, @Nullable Object> message = new LinkedHashMap<>();
            message.put("role", turn.role());
            message.put("content", turn.blocks());
            messages.add(message);
        }
        body.put("messages", messages);
    }

    private void add(ChatMessage message, Map<String, @Nullable Object> raw, String path) throws UpstreamException {
        switch (message.role()) {
            case SYSTEM, DEVELOPER -> system.addAll(Blocks.texts(message, raw, path));
            case USER -> turn(USER, path).addAll(Blocks.of(message, raw, path));
            case ASSISTANT -> assistant(message, raw, path);
            case TOOL -> result(message, raw, path);
            case FUNCTION ->
                throw UpstreamErrors.unsupported(
                        path + ".role", "Anthropic has no functions of the older form. Use tools.");
        }
    }

    private List<Map<String, @Nullable Object>> turn(String role, String path) {
        if (turns.isEmpty() || !turns.getLast().role().equals(role)) {
            turns.add(new Turn(role, path, new ArrayList<>()));
        }
        return turns.getLast().blocks();
    }

    private void assistant(ChatMessage message, Map<String, @Nullable Object> raw, String path)
            throws UpstreamException {
        if (raw.get("function_call") != null) {
            throw UpstreamErrors.unsupported(
                    path + ".function_call", "Anthropic has no functions of the older form. Use tools.");
        }
        if (raw.get("audio") != null) {
            throw UpstreamErrors.unsupported(
                    path + ".audio", "Anthropic does not know what another model said aloud. Send its transcript.");
        }
        List<Map<String, @Nullable Object>> blocks = turn(ASSISTANT, path);
        List<@Nullable Object> thoughts = Json.asList(raw.get(MessageReader.THINKING_BLOCKS));
        if (thoughts != null) {
            for (Object each : thoughts) {
                // It wants its own thoughts back as they were, first of all that it said.
                blocks.add(thought(each, path));
            }
        }
        blocks.addAll(Blocks.texts(message, raw, path));
        if (raw.get("refusal") instanceof String words && !words.isBlank()) {
            blocks.add(Blocks.text(words));
        }
        List<ToolCall> calls = message.toolCalls();
        List<@Nullable Object> rawCalls = Json.asList(raw.get("tool_calls"));
        if (rawCalls != null && rawCalls.size() != calls.size()) {
            throw UpstreamErrors.unsupported(path + ".tool_calls", "Anthropic calls functions only.");
        }
        for (int i = 0; i < calls.size(); i++) {
            blocks.add(call(calls.get(i), path + ".tool_calls[" + i + "].function.arguments"));
        }
    }

    private static Map<String, @Nullable Object> thought(@Nullable Object value, String path) throws UpstreamException {
        Map<String, @Nullable Object> block = Json.asObject(value);
        Object type = block == null ? null : block.get("type");
        if (block == null || !("thinking".equals(type) || "redacted_thinking".equals(type))) {
            String field = path + "." + MessageReader.THINKING_BLOCKS;
            throw UpstreamErrors.rejected(field, "'" + field + "' must be sent back as it came.");
        }
        return block;
    }

    private static Map<String, @Nullable Object> call(ToolCall call, String path) throws UpstreamException {
        Map<String, @Nullable Object> block = new LinkedHashMap<>();
        block.put("type", "tool_use");
        block.put("id", ToolCallIds.accepted(call.id()));
        block.put("name", call.name());
        byte[] arguments = call.arguments().getBytes(StandardCharsets.UTF_8);
        try {
            block.put("input", call.arguments().isBlank() ? Map.of() : Json.readObject(arguments, 0, arguments.length));
        } catch (MalformedJsonException e) {
            throw UpstreamErrors.unsupported(path, "Anthropic takes a JSON object as the arguments of a call only.");
        }
        return block;
    }

    private void result(ChatMessage message, Map<String, @Nullable Object> raw, String path) throws UpstreamException {
        List<Map<String, @Nullable Object>> blocks = turn(USER, path);
        Map<String, @Nullable Object> block = new LinkedHashMap<>();
        block.put("type", "tool_result");
        block.put("tool_use_id", ToolCallIds.accepted(String.valueOf(message.toolCallId())));
        if (raw.get("content") instanceof String text) {
            block.put("content", text);
        } else {
            block.put("content", Blocks.of(message, raw, path));
        }
        CacheMark.copy(raw, block, path);
        int results = 0;
        while (results < blocks.size()
                && "tool_result".equals(blocks.get(results).get("type"))) {
            results++;
        }
        blocks.add(results, block);
    }

    private void check(ModelTraits traits) throws UpstreamException {
        turns.removeIf(turn -> turn.blocks().isEmpty());
        if (turns.isEmpty()) {
            throw UpstreamErrors.unsupported(
                    "messages", "Anthropic wants a message of the user's that is not empty. Add one.");
        }
        if (!turns.getFirst().role().equals(USER)) {
            throw UpstreamErrors.unsupported(
                    turns.getFirst().path(),
                    "Anthropic's conversations begin with the user. Put a user message first.");
        }
        Turn last = turns.getLast();
        if (last.role().equals(ASSISTANT)) {
            if (!traits.prefilled()) {
                throw UpstreamErrors.unsupported(
                        last.path(), "This model's conversations end with the user. Put a user message last.");
            }
            Blocks.stripEnd(last.blocks());
        }
    }
}
