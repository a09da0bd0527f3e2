package io.synapse.gateway.chat;

import io.synapse.gateway.chat.ChatMessage.Role;
import io.synapse.gateway.fault.InvalidRequestException;
import io.synapse.gateway.internal.RequestFields;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A request for a chat completion, checked. Its body is OpenAI's JSON object as plain Java values; what the gateway does
 * not know is kept and passed on. Immutable, provided that nobody changes the body's nested values.
 */
public final class ChatRequest {
    /** The most output tokens that a request may ask for. */
    public static final int MOST_TOKENS = 32_000;

    private final Map<String, @Nullable Object> body;
    private final List<ChatMessage> messages;

    private ChatRequest(Map<String, @Nullable Object> body, List<ChatMessage> messages) {
        this.body = body;
        this.messages = messages;
    }

    /**
     * Checks a body.
     *
     * @throws InvalidRequestException naming the first field that is missing, ill-typed or out of range
     */
    public static ChatRequest of(Map<String, @Nullable Object> body) {
        Map<String, @Nullable Object> copy = Collections.unmodifiableMap(new LinkedHashMap<>(body));
        return new ChatRequest(copy, ChatRules.check(copy));
    }

    /** A request to say one thing to a model. */
    public static ChatRequest of(String model, String userText) {
        return builder().model(model).user(userText).build();
    }

    /** Starts a request written in Java. */
    public static Builder builder() {
        return new Builder();
    }

    /** The whole body. Unmodifiable. */
    public Map<String, @Nullable Object> body() {
        return body;
    }

    /** The model asked for, or null for the gateway's default. */
    public @Nullable String model() {
        return (String) body.get("model");
    }

    /** The conversation. */
    public List<ChatMessage> messages() {
        return messages;
    }

    /** The bound on output tokens that the caller set, by either of its names. */
    public OptionalLong maxTokens() {
        Object most = body.get("max_completion_tokens");
        if (most == null) {
            most = body.get("max_tokens");
        }
        return most instanceof Number number ? OptionalLong.of(number.longValue()) : OptionalLong.empty();
    }

    /** How many answers are asked for. */
    public int choices() {
        return body.get("n") instanceof Number number ? number.intValue() : 1;
    }

    /** Whether the answer is to be streamed. */
    public boolean stream() {
        return Boolean.TRUE.equals(body.get("stream"));
    }

    /** Whether a stream is to end with a chunk that tells the usage. */
    public boolean includeUsage() {
        return body.get("stream_options") instanceof Map<?, ?> options
                && Boolean.TRUE.equals(options.get("include_usage"));
    }

    /** The object {@code providerOptions.<provider>}: fields that the caller wants merged into that upstream's body. */
    public Map<String, @Nullable Object> providerOptions(String provider) {
        return RequestFields.providerOptions(body, provider);
    }

    @Override
    public String toString() {
        return "ChatRequest[model=" + model() + ", messages=" + messages.size() + "]";
    }

    /** Writes a request in Java. Not for use by several threads. */
    public static final class Builder {
        private final Map<String, @Nullable Object> body = new LinkedHashMap<>();
        private final List<Object> messages = new ArrayList<>();

        private Builder() {}

        /** Which model. */
        public Builder model(String model) {
            return set("model", model);
        }

        /** Adds the application's instructions. */
        public Builder system(String text) {
            return message(Role.SYSTEM, text);
        }

        /** Adds what the person says. */
        public Builder user(String text) {
            return message(Role.USER, text);
        }

        /** Adds what the model said earlier. */
        public Builder assistant(String text) {
            return message(Role.ASSISTANT, text);
        }

        /** Bounds the output. */
        public Builder maxTokens(int most) {
            return set("max_tokens", most);
        }

        /** How random: 0 to 2. */
        public Builder temperature(double temperature) {
            return set("temperature", temperature);
        }

        /** Sets any field of OpenAI's request to a JSON value in plain Java. */
        public Builder set(String field, @Nullable Object value) {
            body.put(field, value);
            return this;
        }

        private Builder message(Role role, String text) {
            messages.add(Map.of("role", role.wireName(), "content", text));
            return this;
        }

        /** The request; throws {@link InvalidRequestException} as {@link ChatRequest#of(Map)} does. */
        public ChatRequest build() {
            Map<String, @Nullable Object> whole = new LinkedHashMap<>(body);
            whole.putIfAbsent("messages", messages);
            return ChatRequest.of(whole);
        }
    }
}
