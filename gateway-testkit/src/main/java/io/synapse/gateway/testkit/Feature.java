package io.synapse.gateway.testkit;

import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.testkit.fake.PlainJson;
import org.jspecify.annotations.Nullable;

/**
 * What chat providers may or may not be able to do. A provider that can passes it on; one that cannot refuses it by the
 * field's name, and never drops it in silence.
 */
public enum Feature {
    /** Tools that the model can call. */
    TOOLS("tools", """
        [{"type": "function", "function": {
            "name": "get_temperature",
            "description": "How warm it is in a town",
            "parameters": {
                "type": "object",
                "properties": {"town_name": {"type": "string"}},
                "required": ["town_name"]}}}]
        """, "get_temperature"),
    /** Several answers to one request. */
    SEVERAL_CHOICES("n", "2", null),
    /** How likely each token was. */
    LOGPROBS("logprobs", "true", null),
    /** Tokens that are to be more or less likely. */
    LOGIT_BIAS("logit_bias", "{\"50256\": -100}", "50256"),
    /** Words at which to stop. */
    STOP("stop", "[\"HALT-HERE\"]", "HALT-HERE"),
    /** Answers that follow a JSON schema. */
    JSON_SCHEMA("response_format", """
        {"type": "json_schema", "json_schema": {
            "name": "sky",
            "schema": {
                "type": "object",
                "properties": {"colour_of_the_sky": {"type": "string"}},
                "required": ["colour_of_the_sky"],
                "additionalProperties": false}}}
        """, "colour_of_the_sky"),
    /** Pictures within the request. */
    IMAGES("messages", picture("data:image/png;base64," + Pictures.DOT), Pictures.DOT),
    /** Pictures that the upstream fetches itself. */
    IMAGE_URLS("messages", picture("https://pictures.example/cat-1234.png"), "pictures.example/cat-1234.png"),
    /** Fields that nobody here knows. Where they cannot be passed on they are left out. */
    UNKNOWN_FIELDS("a_field_of_tomorrow", "\"value-of-tomorrow\"", "value-of-tomorrow");

    private final String field;
    private final String json;
    private final @Nullable String trace;

    Feature(String field, String json, @Nullable String trace) {
        this.field = field;
        this.json = json;
        this.trace = trace;
    }

    /** The field of the request that asks for it. */
    public String field() {
        return field;
    }

    /** A request that asks for it. */
    public ChatRequest request() {
        ChatRequest.Builder request = ChatRequest.builder().model("a-model");
        if (!field.equals("messages")) {
            request.user("Hello");
        }
        return request.set(field, PlainJson.read(json)).build();
    }

    /** What the upstream's request must contain in whatever format, or null if that cannot be told. */
    public @Nullable String trace() {
        return trace;
    }

    private static String picture(String url) {
        return """
            [{"role": "user", "content": [
                {"type": "text", "text": "What is this?"},
                {"type": "image_url", "image_url": {"url": "%s"}}]}]
            """.formatted(url);
    }

    private static final class Pictures {
        /** A PNG of one pixel. */
        static final String DOT =
                "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    }
}
