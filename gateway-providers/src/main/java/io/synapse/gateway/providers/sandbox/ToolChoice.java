package io.synapse.gateway.providers.sandbox;

import io.synapse.gateway.chat.ChatMessage;
import io.synapse.gateway.chat.ChatMessage.Role;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.provider.UpstreamException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which tools the sandbox calls. None with {@code tool_choice} "none"; the named one; with "required" those that the last
 * user message asks for ({@link Tool#isAskedForIn}), else the first; with "auto" those that it asks for, and none once
 * the last message is a tool's result. Several only where {@code parallel_tool_calls} is not false. Stateless.
 */
final class ToolChoice {
    private ToolChoice() {}

    /** The tools to call, none or more. Refuses a choice that names no tool, as an upstream would. */
    static List<Tool> of(ChatRequest request, String asked) throws UpstreamException {
        Object choice = request.body().get("tool_choice");
        List<Tool> tools = Tool.of(request.body());
        if ("none".equals(choice)) {
            return List.of();
        }
        if (!(choice instanceof Map<?, ?> object)) {
            return among(tools, "required".equals(choice), request, asked);
        }
        if (object.get("allowed_tools") instanceof Map<?, ?> allowed) {
            List<Tool> few = new ArrayList<>();
            if (allowed.get("tools") instanceof List<?> list) {
                for (Object entry : list) {
                    few.add(named(tools, entry));
                }
            }
            return among(few, "required".equals(allowed.get("mode")), request, asked);
        }
        return List.of(named(tools, object));
    }

    private static List<Tool> among(List<Tool> tools, boolean required, ChatRequest request, String asked)
            throws UpstreamException {
        if (tools.isEmpty()) {
            if (required) {
                throw refused("'tool_choice' asks for a tool, but 'tools' holds none.");
            }
            return List.of();
        }
        List<ChatMessage> messages = request.messages();
        Role last = messages.getLast().role();
        if (!required && (last == Role.TOOL || last == Role.FUNCTION)) {
            return List.of();
        }
        List<String> words = Tool.words(asked);
        List<Tool> wanted = new ArrayList<>();
        for (Tool tool : tools) {
            if (tool.isAskedForIn(asked, words)) {
                wanted.add(tool);
            }
        }
        if (wanted.isEmpty()) {
            return required ? List.of(tools.getFirst()) : List.of();
        }
        boolean parallel = !Boolean.FALSE.equals(request.body().get("parallel_tool_calls"));
        return parallel ? wanted : List.of(wanted.getFirst());
    }

    private static Tool named(List<Tool> tools, @Nullable Object entry) throws UpstreamException {
        Object name = null;
        if (entry instanceof Map<?, ?> map) {
            if (map.get("function") instanceof Map<?, ?> function) {
                name = function.get("name");
            } else if (map.get("custom") instanceof Map<?, ?> custom) {
                name = custom.get("name");
            }
        }
        for (Tool tool : tools) {
            if (tool.name().equals(name)) {
                return tool;
            }
        }
        throw refused("'tool_choice' names a tool that is not among 'tools'.");
    }

    private static UpstreamException refused(String message) {
        return new UpstreamException(UpstreamException.Kind.REJECTED, message, null, "tool_choice", null);
    }
}
