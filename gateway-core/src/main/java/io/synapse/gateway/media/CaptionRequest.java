package io.synapse.gateway.media;

import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.fault.InvalidRequestException;
import io.synapse.gateway.internal.RequestFields;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to say what is in a picture, checked. Immutable.
 *
 * @param body the caller's whole body, as plain Java values
 * @param model the model asked for, or null for the gateway's default
 * @param image the picture
 * @param prompt what to say about it
 * @param maxTokens the most output tokens, or null for the model's own bound
 */
public record CaptionRequest(
        Map<String, @Nullable Object> body,
        @Nullable String model,
        Media image,
        String prompt,
        @Nullable Integer maxTokens) {
    /** The longest prompt, in characters. */
    public static final int LONGEST_PROMPT = 2_000;

    private static final List<String> PASSED_ON = List.of("user", "providerOptions");
    private static final String PLAIN = "Describe this image in one or two plain sentences.";

    /**
     * Checks a body.
     *
     * @param image the picture that the body refers to, fetched and checked
     * @throws InvalidRequestException naming the first field that is missing, ill-typed or out of range
     */
    public static CaptionRequest of(Map<String, @Nullable Object> body, Media image) {
        RequestFields fields = new RequestFields(body, "");
        String prompt = fields.string("prompt", LONGEST_PROMPT);
        Long maxTokens = fields.integer("max_tokens", 1, ChatRequest.MOST_TOKENS);
        fields.string("user", 256);
        fields.providerOptions();
        return new CaptionRequest(
                Collections.unmodifiableMap(new LinkedHashMap<>(body)),
                fields.model(),
                image,
                prompt == null || prompt.isBlank() ? PLAIN : prompt,
                maxTokens == null ? null : maxTokens.intValue());
    }

    /** The same as a chat with a model that sees. */
    public ChatRequest asChat() {
        String dataUri =
                "data:" + image.type() + ";base64," + Base64.getEncoder().encodeToString(image.bytes());
        Map<String, @Nullable Object> chat = new LinkedHashMap<>();
        chat.put("model", model);
        chat.put(
                "messages",
                List.of(Map.of(
                        "role",
                        "user",
                        "content",
                        // Some models see better what they are asked about afterwards; to the others it is all one.
                        List.of(
                                Map.of("type", "image_url", "image_url", Map.of("url", dataUri)),
                                Map.of("type", "text", "text", prompt)))));
        if (maxTokens != null) {
            chat.put("max_tokens", maxTokens);
        }
        PASSED_ON.forEach(name -> {
            Object value = body.get(name);
            if (value != null) {
                chat.put(name, value);
            }
        });
        return ChatRequest.of(chat);
    }
}
