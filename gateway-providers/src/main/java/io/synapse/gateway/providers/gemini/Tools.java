package io.synapse.gateway.providers.gemini;

import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.internal.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes the tools of a chat request as {@code functionDeclarations}, and which of them to call. */
final class Tools {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.:-]{0,127}");

    private Tools() {}

    static void write(Map<String, @Nullable Object> into, Map<String, @Nullable Object> request)
            throws UpstreamException {
        List<@Nullable Object> tools = Json.asList(request.get("tools"));
        Object choice = request.get("tool_choice");
        if (tools == null || tools.isEmpty()) {
            if (choice != null && !"none".equals(choice) && !"auto".equals(choice)) {
                throw UpstreamErrors.rejected("tool_choice", "'tool_choice' needs 'tools' to choose from.");
            }
            return;
        }
        if (Boolean.FALSE.equals(request.get("parallel_tool_calls"))) {
            throw UpstreamErrors.unsupported(
                    "parallel_tool_calls", "gemini cannot be kept from calling several tools at once. Leave it out.");
        }
        List<@Nullable Object> declarations = new ArrayList<>(tools.size());
        boolean strict = false;
        for (int i = 0; i < tools.size(); i++) {
            Map<String, @Nullable Object> tool = Json.asObject(tools.get(i));
            Map<String, @Nullable Object> function = tool == null ? null : Json.asObject(tool.get("function"));
            if (function == null) {
                throw UpstreamErrors.unsupported(
                        "tools[" + i + "].type", "gemini calls tools of the type function alone. Leave others out.");
            }
            declarations.add(declaration(function, "tools[" + i + "].function.name"));
            strict |= Boolean.TRUE.equals(function.get("strict"));
        }
        into.put("tools", List.of(Map.of("functionDeclarations", declarations)));
        if (strict && (choice == null || choice.equals("auto"))) {
            // Arguments follow their schema to the letter then, as they do by themselves where a call is required.
            into.put("toolConfig", Map.of("functionCallingConfig", Map.of("mode", "VALIDATED")));
        } else if (choice != null) {
            into.put("toolConfig", Map.of("functionCallingConfig", choice(choice)));
        }
    }

    private static Map<String, @Nullable Object> declaration(Map<String, @Nullable Object> function, String path)
            throws UpstreamException {
        Map<String, @Nullable Object> declaration = new LinkedHashMap<>();
        String name = String.valueOf(function.get("name"));
        if (!NAME.matcher(name).matches()) {
            throw UpstreamErrors.unsupported(
                    path, "The names of gemini's tools begin with a letter or an underscore. Choose another name.");
        }
        declaration.put("name", name);
        if (function.get("description") instanceof String description) {
            declaration.put("description", description);
        }
        if (function.get("parameters") instanceof Map<?, ?> schema && !schema.isEmpty()) {
            // Plain JSON Schema; the field "parameters" takes a dialect of it that knows less.
            declaration.put("parametersJsonSchema", schema);
        }
        return declaration;
    }

    private static Map<String, @Nullable Object> choice(Object choice) throws UpstreamException {
        if (choice instanceof String word) {
            return Map.of("mode", word.equals("required") ? "ANY" : word.equals("none") ? "NONE" : "AUTO");
        }
        if (choice instanceof Map<?, ?> object
                && object.get("function") instanceof Map<?, ?> function
                && function.get("name") instanceof String name) {
            return Map.of("mode", "ANY", "allowedFunctionNames", List.of(name));
        }
        throw UpstreamErrors.unsupported(
                "tool_choice", "'tool_choice' must be none, auto, required or name one function for gemini.");
    }
}
