package io.synapse.gateway.chat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Gathers a stream into a whole answer: texts are joined, tool calls put together by their index, log-probabilities
 * appended, and of anything else the last value stands. For one thread.
 */
public final class ChatCollector implements ChatSink {
    private final Map<String, @Nullable Object> outer = new LinkedHashMap<>();
    private final Map<Integer, Choice> choices = new TreeMap<>();

    /** Starts with nothing. */
    public ChatCollector() {}

    @Override
    public void chunk(ChatChunk chunk) {
        chunk.body().forEach((field, value) -> {
            if (!field.equals("choices") && !field.equals("usage") && !field.equals("object")) {
                outer.put(field, value);
            }
        });
        if (chunk.body().get("choices") instanceof List<?> pieces) {
            for (Object piece : pieces) {
                if (piece instanceof Map<?, ?> choice && choice.get("index") instanceof Number index) {
                    choices.computeIfAbsent(index.intValue(), i -> new Choice()).add(choice);
                }
            }
        }
    }

    /** The answer so far. */
    public ChatAnswer answer(@Nullable ChatUsage usage) {
        List<Object> whole = new ArrayList<>();
        choices.forEach((index, choice) -> whole.add(choice.whole(index)));
        Map<String, @Nullable Object> body = new LinkedHashMap<>(outer);
        body.put("choices", whole);
        return new ChatAnswer(body, usage);
    }

    private static final class Choice {
        private final Map<String, @Nullable Object> message = new LinkedHashMap<>();
        private final Map<String, StringBuilder> texts = new LinkedHashMap<>();
        private final Map<Integer, Map<String, @Nullable Object>> toolCalls = new TreeMap<>();
        private final Map<Integer, StringBuilder> arguments = new TreeMap<>();
        private final List<@Nullable Object> logprobs = new ArrayList<>();
        private @Nullable Object finishReason;

        void add(Map<?, ?> choice) {
            if (choice.get("finish_reason") != null) {
                finishReason = choice.get("finish_reason");
            }
            if (choice.get("logprobs") instanceof Map<?, ?> some && some.get("content") instanceof List<?> tokens) {
                logprobs.addAll(tokens);
            }
            if (choice.get("delta") instanceof Map<?, ?> delta) {
                delta.forEach((field, value) -> addField(String.valueOf(field), value));
            }
        }

        private void addField(String field, @Nullable Object value) {
            if (field.equals("tool_calls") && value instanceof List<?> calls) {
                calls.forEach(this::addToolCall);
            } else if (!field.equals("role") && value instanceof String text) {
                texts.computeIfAbsent(field, f -> new StringBuilder()).append(text);
            } else if (value != null) {
                message.put(field, value);
            }
        }

        private void addToolCall(Object piece) {
            if (!(piece instanceof Map<?, ?> call)) {
                return;
            }
            int index = call.get("index") instanceof Number number ? number.intValue() : toolCalls.size();
            Map<String, @Nullable Object> known = toolCalls.computeIfAbsent(index, i -> new LinkedHashMap<>());
            call.forEach((field, value) -> {
                if (value == null || field.equals("index")) {
                    return;
                }
                if (field.equals("function") && value instanceof Map<?, ?> function) {
                    if (function.get("arguments") instanceof String text) {
                        arguments
                                .computeIfAbsent(index, i -> new StringBuilder())
                                .append(text);
                    }
                    if (function.get("name") != null) {
                        Map<String, @Nullable Object> named = new LinkedHashMap<>();
                        named.put("name", function.get("name"));
                        known.put("function", named);
                    }
                } else {
                    known.put(String.valueOf(field), value);
                }
            });
        }

        Map<String, @Nullable Object> whole(int index) {
            Map<String, @Nullable Object> said = new LinkedHashMap<>();
            said.put("role", message.getOrDefault("role", "assistant"));
            StringBuilder content = texts.get("content");
            said.put(
                    "content",
                    content == null || (content.isEmpty() && !toolCalls.isEmpty()) ? null : content.toString());
            said.put("refusal", null);
            message.forEach(said::putIfAbsent);
            texts.forEach((field, text) -> {
                if (!field.equals("content")) {
                    said.put(field, text.toString());
                }
            });
            if (!toolCalls.isEmpty()) {
                said.put("tool_calls", wholeToolCalls());
            }
            Map<String, @Nullable Object> choice = new LinkedHashMap<>();
            choice.put("index", index);
            choice.put("message", said);
            choice.put("logprobs", logprobs.isEmpty() ? null : Map.of("content", logprobs));
            choice.put("finish_reason", finishReason);
            return choice;
        }

        private List<Object> wholeToolCalls() {
            List<Object> whole = new ArrayList<>();
            toolCalls.forEach((index, call) -> {
                Map<String, @Nullable Object> copy = new LinkedHashMap<>(call);
                StringBuilder text = arguments.get(index);
                if (text != null || copy.get("function") != null) {
                    Map<String, @Nullable Object> function = new LinkedHashMap<>();
                    if (copy.get("function") instanceof Map<?, ?> named) {
                        function.put("name", named.get("name"));
                    }
                    function.put("arguments", text == null ? "" : text.toString());
                    copy.put("function", function);
                }
                whole.add(copy);
            });
            return whole;
        }
    }
}
