package io.synapse.gateway.chat;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One turn of a conversation, as code that looks inside reads it. Immutable.
 *
 * @param role who speaks
 * @param content what is said, part by part; empty for an assistant turn that only calls tools
 * @param name the speaker's name, or null
 * @param toolCalls the tools that an assistant turn calls
 * @param toolCallId which call a tool's turn answers, or null
 */
public record ChatMessage(
        Role role,
        List<ContentPart> content,
        @Nullable String name,
        List<ToolCall> toolCalls,
        @Nullable String toolCallId) {
    public ChatMessage {
        content = List.copyOf(content);
        toolCalls = List.copyOf(toolCalls);
    }

    /** Who speaks. */
    public enum Role {
        /** The application's instructions. */
        SYSTEM,
        /** The application's instructions, in OpenAI's newer word. */
        DEVELOPER,
        /** The person. */
        USER,
        /** The model. */
        ASSISTANT,
        /** A tool's result. */
        TOOL,
        /** A function's result, in OpenAI's older form. */
        FUNCTION;

        /** The word in requests: {@code user}. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A call of a tool.
     *
     * @param id the call's id
     * @param name the tool
     * @param arguments its arguments, a JSON text (not necessarily valid: models write it)
     */
    public record ToolCall(String id, String name, String arguments) {}

    /** All text parts, joined. */
    public String text() {
        return content.stream()
                .filter(ContentPart.Text.class::isInstance)
                .map(part -> ((ContentPart.Text) part).text())
                .collect(Collectors.joining("\n"));
    }
}
