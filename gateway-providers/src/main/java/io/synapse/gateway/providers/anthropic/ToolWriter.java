package io.synapse.gateway.providers.anthropic;

import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.internal.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The tools that a model may call, and whether it must. */
final class ToolWriter {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

    private ToolWriter() {}

    /** Whether a request has any tools. */
    static boolean hasTools(ChatRequest request) {
        return request.body().get("tools") instanceof List<?> tools && !tools.isEmpty();
    }

    static void write(Map<String, @Nullable Object> from, Map<String, @Nullable Object> body) throws UpstreamException {
        List<@Nullable Object> tools = Json.asList(from.get("tools"));
        Object choice = from.get("tool_choice");
        if (tools == null || tools.isEmpty()) {
            if (choice != null && !"none".equals(choice) && !"auto".equals(choice)) {
                throw UpstreamErrors.rejected("tool_choice", "'tool_choice' needs 'tools' to choose from.");
            }
            return;
        }
        List<@Nullable Object> written = new ArrayList<>(tools.size());
        for (int i = 0; i < tools.size(); i++) {
            written.add(tool(tools.get(i), "tools[" + i + "]"));
        }
        body.put("tools", written);
        Map<String, @Nullable Object> chosen = choice(choice);
        if (Boolean.FALSE.equals(from.get("parallel_tool_calls")) && !"none".equals(choice)) {
            if (chosen == null) {
                chosen = typed("auto");
            }
            chosen.put("disable_parallel_tool_use", true);
        }
        if (chosen != null) {
            body.put("tool_choice", chosen);
        }
    }

    private static Map<String, @Nullable Object> tool(@Nullable Object value, String path) throws UpstreamException {
        Map<String, @Nullable Object> tool = Json.asObject(value);
        Map<String, @Nullable Object> function = tool == null ? null : Json.asObject(tool.get("function"));
        if (tool == null || function == null || !"function".equals(tool.get("type"))) {
            throw UpstreamErrors.unsupported(path + ".type", "Anthropic calls functions only. Send type function.");
        }
        String name = String.valueOf(function.get("name"));
        if (!NAME.matcher(name).matches()) {
            throw UpstreamErrors.unsupported(
                    path + ".function.name",
                    "Anthropic's tool names hold letters, digits, underscores and dashes only.");
        }
        Map<String, @Nullable Object> written = new LinkedHashMap<>();
        written.put("name", name);
        if (function.get("description") != null) {
            written.put("description", function.get("description"));
        }
        written.put("input_schema", schema(Json.asObject(function.get("parameters"))));
        if (Boolean.TRUE.equals(function.get("strict"))) {
            written.put("strict", true);
        }
        CacheMark.copy(tool, written, path);
        return written;
    }

    /** A function without parameters has an empty object of them; and the type of every schema must be said. */
    private static Map<String, @Nullable Object> schema(@Nullable Map<String, @Nullable Object> parameters) {
        if (parameters != null && parameters.get("type") != null) {
            return parameters;
        }
        Map<String, @Nullable Object> schema = typed("object");
        if (parameters == null || parameters.isEmpty()) {
            schema.put("properties", Map.of());
        } else {
            parameters.forEach(schema::putIfAbsent);
        }
        return schema;
    }

    private static @Nullable Map<String, @Nullable Object> choice(@Nullable Object choice) throws UpstreamException {
        return switch (choice) {
            case null -> null;
            case String word when word.equals("required") -> typed("any");
            case String word -> typed(word);
            case Map<?, ?> object
            when object.get("function") instanceof Map<?, ?> function
                    && function.get("name") instanceof String name -> {
                Map<String, @Nullable Object> named = typed("tool");
                named.put("name", name);
                yield named;
            }
            default ->
                throw UpstreamErrors.unsupported(
                        "tool_choice",
                        "Anthropic takes none, auto, required or the name of a function as tool_choice.");
        };
    }

    private static Map<String, @Nullable Object> typed(String type) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("type", type);
        return object;
    }
}
