package io.synapse.gateway.chat;

import io.synapse.gateway.chat.ChatMessage.Role;
import io.synapse.gateway.chat.ChatMessage.ToolCall;
import io.synapse.gateway.fault.InvalidRequestException;
import io.synapse.gateway.internal.RequestFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a chat request must be like: the rules of OpenAI's chat completions, with the gateway's own limits. */
final class ChatRules {
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool", "function");
    private static final int MOST_CHOICES = 128;
    private static final int MOST_TOOLS = 128;
    private static final int MOST_STOPS = 4;
    private static final double MOST_BIAS = 100;

    private ChatRules() {}

    /** Checks a body and returns the typed view of its messages. */
    static List<ChatMessage> check(Map<String, @Nullable Object> body) {
        RequestFields fields = new RequestFields(body, "");
        fields.model();
        List<ChatMessage> messages = messages(fields);
        sampling(fields);
        output(fields);
        tools(fields);
        fields.string("user", 256);
        fields.object("metadata");
        fields.providerOptions();
        return messages;
    }

    private static void sampling(RequestFields fields) {
        fields.number("temperature", 0, 2);
        fields.number("top_p", 0, 1);
        fields.number("frequency_penalty", -2, 2);
        fields.number("presence_penalty", -2, 2);
        fields.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE);
        logitBias(fields);
        fields.bool("logprobs");
        if (fields.integer("top_logprobs", 0, 20) != null && !Boolean.TRUE.equals(fields.bool("logprobs"))) {
            throw fields.wrong("top_logprobs", "needs 'logprobs' to be true");
        }
        fields.string("reasoning_effort", 32);
        stop(fields);
    }

    private static void logitBias(RequestFields fields) {
        RequestFields bias = fields.object("logit_bias");
        if (bias != null && fields.raw("logit_bias") instanceof Map<?, ?> map) {
            map.keySet().forEach(token -> bias.number(String.valueOf(token), -MOST_BIAS, MOST_BIAS));
        }
    }

    private static void stop(RequestFields fields) {
        if (!(fields.raw("stop") instanceof List<?>)) {
            fields.string("stop");
            return;
        }
        List<@Nullable Object> stops = fields.list("stop");
        if (stops == null || stops.size() > MOST_STOPS) {
            throw fields.wrong("stop", "must hold at most " + MOST_STOPS + " strings");
        }
        for (Object stop : stops) {
            if (!(stop instanceof String)) {
                throw fields.wrong("stop", "must be a string or an array of strings");
            }
        }
    }

    private static void output(RequestFields fields) {
        Long byOldName = fields.integer("max_tokens", 1, ChatRequest.MOST_TOKENS);
        Long byNewName = fields.integer("max_completion_tokens", 1, ChatRequest.MOST_TOKENS);
        if (byOldName != null && byNewName != null && !byOldName.equals(byNewName)) {
            throw fields.wrong("max_tokens", "and 'max_completion_tokens' mean the same; send one of them");
        }
        fields.integer("n", 1, MOST_CHOICES);
        boolean stream = Boolean.TRUE.equals(fields.bool("stream"));
        RequestFields options = fields.object("stream_options");
        if (options != null) {
            if (!stream) {
                throw fields.wrong("stream_options", "needs 'stream' to be true");
            }
            options.bool("include_usage");
        }
        RequestFields format = fields.object("response_format");
        if (format != null) {
            format.requiredString("type");
            if ("json_schema".equals(format.oneOf("type", Set.of("text", "json_object", "json_schema")))) {
                RequestFields schema = format.object("json_schema");
                if (schema == null) {
                    throw format.wrong("json_schema", "is required with type json_schema");
                }
                schema.requiredString("name");
                schema.object("schema");
                schema.bool("strict");
            }
        }
    }

    private static void tools(RequestFields fields) {
        List<RequestFields> tools = fields.objects("tools");
        if (tools.size() > MOST_TOOLS) {
            throw fields.wrong("tools", "must hold at most " + MOST_TOOLS + " tools");
        }
        for (RequestFields tool : tools) {
            if ("function".equals(tool.requiredString("type"))) {
                RequestFields function = tool.object("function");
                if (function == null) {
                    throw tool.wrong("function", "is required with type function");
                }
                String name = function.requiredString("name");
                if (!name.matches("[A-Za-z0-9_.-]{1,64}")) {
                    throw function.wrong("name", "must be 1 to 64 letters, digits, underscores or dashes");
                }
                function.object("parameters");
            }
        }
        Object choice = fields.raw("tool_choice");
        if (choice instanceof String word) {
            if (!Set.of("none", "auto", "required").contains(word)) {
                throw fields.wrong("tool_choice", "must be none, auto, required or an object that names a tool");
            }
        } else {
            fields.object("tool_choice");
        }
        fields.bool("parallel_tool_calls");
    }

    private static List<ChatMessage> messages(RequestFields fields) {
        if (!fields.has("messages")) {
            throw fields.wrong("messages", "is required: an array of at least one message");
        }
        List<RequestFields> messages = fields.objects("messages");
        if (messages.isEmpty()) {
            throw fields.wrong("messages", "must hold at least one message");
        }
        List<ChatMessage> checked = new ArrayList<>(messages.size());
        for (RequestFields message : messages) {
            checked.add(message(message));
        }
        return List.copyOf(checked);
    }

    private static ChatMessage message(RequestFields fields) {
        fields.requiredString("role");
        String word = fields.oneOf("role", ROLES);
        Role role = Role.valueOf(String.valueOf(word).toUpperCase(Locale.ROOT));
        List<ToolCall> calls = role == Role.ASSISTANT ? toolCalls(fields) : List.of();
        boolean mayBeSilent =
                role == Role.FUNCTION || (role == Role.ASSISTANT && (!calls.isEmpty() || hasOtherThanContent(fields)));
        if (!fields.has("content") && !mayBeSilent) {
            throw fields.wrong("content", "is required: a string or an array of parts");
        }
        String toolCallId = role == Role.TOOL ? fields.requiredString("tool_call_id") : null;
        return new ChatMessage(role, content(fields), fields.string("name"), calls, toolCallId);
    }

    private static boolean hasOtherThanContent(RequestFields message) {
        return message.has("function_call")
                || message.has("refusal")
                || message.has("audio")
                || message.has("tool_calls");
    }

    private static List<ContentPart> content(RequestFields message) {
        Object content = message.raw("content");
        if (content == null) {
            return List.of();
        }
        if (content instanceof String text) {
            return List.of(new ContentPart.Text(text));
        }
        if (!(content instanceof List<?>)) {
            throw message.wrong("content", "must be a string or an array of parts");
        }
        List<ContentPart> parts = new ArrayList<>();
        for (RequestFields part : message.objects("content")) {
            parts.add(part(part));
        }
        if (parts.isEmpty()) {
            throw message.wrong("content", "must hold at least one part");
        }
        return parts;
    }

    private static ContentPart part(RequestFields part) {
        String type = part.requiredString("type");
        return switch (type) {
            case "text" -> new ContentPart.Text(part.requiredString("text"));
            case "refusal" -> new ContentPart.Refusal(part.requiredString("refusal"));
            case "image_url" -> image(part);
            case "input_audio" -> {
                RequestFields audio = inner(part, "input_audio");
                yield new ContentPart.Audio(audio.requiredString("data"), audio.requiredString("format"));
            }
            case "file" -> {
                RequestFields file = inner(part, "file");
                if (!file.has("file_id") && !file.has("file_data")) {
                    throw file.wrong(
                            "file_data", "is required, or 'file_id': the file, or the name of one that is there");
                }
                yield new ContentPart.File(file.string("file_id"), file.string("filename"), file.string("file_data"));
            }
            default -> throw part.wrong("type", "must be one of text, image_url, input_audio, file");
        };
    }

    private static ContentPart image(RequestFields part) {
        RequestFields image = inner(part, "image_url");
        String url = image.requiredString("url");
        if (!url.startsWith("https://") && !url.startsWith("data:image/")) {
            throw image.wrong("url", "must be an https URL or a data:image/…;base64,… URI");
        }
        return new ContentPart.Image(url, image.string("detail"));
    }

    private static RequestFields inner(RequestFields part, String name) {
        RequestFields inner = part.object(name);
        if (inner == null) {
            throw part.wrong(name, "is required in a part of this type");
        }
        return inner;
    }

    private static List<ToolCall> toolCalls(RequestFields message) {
        List<ToolCall> calls = new ArrayList<>();
        for (RequestFields call : message.objects("tool_calls")) {
            String id = call.requiredString("id");
            RequestFields function = call.object("function");
            if (function != null) {
                String arguments = function.string("arguments");
                calls.add(new ToolCall(id, function.requiredString("name"), arguments == null ? "" : arguments));
            } else if (!call.has("custom")) {
                throw new InvalidRequestException(
                        call.path("function"), "'" + call.path("function") + "' is required in a tool call.");
            }
        }
        return calls;
    }
}
