package io.synapse.gateway.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.synapse.gateway.fault.InvalidRequestException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ChatRequestTest {
    private static final List<Object> HELLO = List.of(Map.of("role", "user", "content", "Hello"));

    @Test
    void keeps_what_it_does_not_know() {
        Map<String, Object> body = new HashMap<>(Map.of("messages", HELLO, "top_k", 40, "x_vendor", Map.of("a", 1)));
        body.put("stop", null);
        ChatRequest request = ChatRequest.of(body);
        assertThat(request.body()).isEqualTo(body);
        assertThat(request.model()).isNull();
        assertThat(request.choices()).isEqualTo(1);
        assertThat(request.maxTokens()).isEmpty();
    }

    @Test
    void reads_the_conversation() {
        ChatRequest request = ChatRequest.of(Map.of(
                "model",
                "m",
                "max_completion_tokens",
                7,
                "messages",
                List.of(
                        Map.of("role", "developer", "content", "Be brief."),
                        Map.of(
                                "role",
                                "user",
                                "content",
                                List.of(
                                        Map.of("type", "text", "text", "What is this?"),
                                        Map.of(
                                                "type",
                                                "image_url",
                                                "image_url",
                                                Map.of("url", "https://x.test/a.png")))),
                        Map.of(
                                "role",
                                "assistant",
                                "tool_calls",
                                List.of(Map.of(
                                        "id",
                                        "call_1",
                                        "type",
                                        "function",
                                        "function",
                                        Map.of("name", "look", "arguments", "{}")))),
                        Map.of("role", "tool", "tool_call_id", "call_1", "content", "a cat"))));
        assertThat(request.maxTokens()).hasValue(7);
        assertThat(request.messages()).hasSize(4);
        assertThat(request.messages().get(1).content().get(1)).isInstanceOf(ContentPart.Image.class);
        assertThat(request.messages().get(2).toolCalls()).hasSize(1);
        assertThat(request.messages().get(3).toolCallId()).isEqualTo("call_1");
        assertThat(request.messages().get(3).text()).isEqualTo("a cat");
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of("messages", Map.of()),
                Arguments.of("messages", Map.of("messages", List.of())),
                Arguments.of("messages", Map.of("messages", "Hello")),
                Arguments.of("messages[0]", Map.of("messages", List.of("Hello"))),
                Arguments.of("messages[0].role", Map.of("messages", List.of(Map.of("content", "x")))),
                Arguments.of("messages[0].role", Map.of("messages", List.of(Map.of("role", "robot", "content", "x")))),
                Arguments.of("messages[0].content", Map.of("messages", List.of(Map.of("role", "user")))),
                Arguments.of("messages[0].content", Map.of("messages", List.of(Map.of("role", "user", "content", 5)))),
                Arguments.of(
                        "messages[0].content",
                        Map.of("messages", List.of(Map.of("role", "user", "content", List.of())))),
                Arguments.of(
                        "messages[0].content[0].type",
                        Map.of(
                                "messages",
                                List.of(Map.of("role", "user", "content", List.of(Map.of("type", "film")))))),
                Arguments.of(
                        "messages[0].content[0].image_url.url",
                        Map.of(
                                "messages",
                                List.of(Map.of(
                                        "role",
                                        "user",
                                        "content",
                                        List.of(Map.of(
                                                "type", "image_url", "image_url", Map.of("url", "http://x.test"))))))),
                Arguments.of(
                        "messages[0].tool_call_id",
                        Map.of("messages", List.of(Map.of("role", "tool", "content", "x")))),
                Arguments.of("model", Map.of("messages", HELLO, "model", 5)),
                Arguments.of("temperature", Map.of("messages", HELLO, "temperature", 2.1)),
                Arguments.of("temperature", Map.of("messages", HELLO, "temperature", "hot")),
                Arguments.of("temperature", Map.of("messages", HELLO, "temperature", new BigDecimal("1e400"))),
                Arguments.of("top_p", Map.of("messages", HELLO, "top_p", -0.1)),
                Arguments.of("max_tokens", Map.of("messages", HELLO, "max_tokens", 0)),
                Arguments.of("max_tokens", Map.of("messages", HELLO, "max_tokens", 32_001)),
                Arguments.of("max_tokens", Map.of("messages", HELLO, "max_tokens", 1.5)),
                Arguments.of("max_tokens", Map.of("messages", HELLO, "max_tokens", "1")),
                Arguments.of("max_tokens", Map.of("messages", HELLO, "max_tokens", BigInteger.TWO.pow(63))),
                Arguments.of("max_tokens", Map.of("messages", HELLO, "max_tokens", 5, "max_completion_tokens", 6)),
                Arguments.of("n", Map.of("messages", HELLO, "n", 0)),
                Arguments.of("n", Map.of("messages", HELLO, "n", new BigInteger("18446744073709551615"))),
                Arguments.of("stop", Map.of("messages", HELLO, "stop", List.of("a", "b", "c", "d", "e"))),
                Arguments.of("stop", Map.of("messages", HELLO, "stop", List.of(1))),
                Arguments.of("stream", Map.of("messages", HELLO, "stream", "yes")),
                Arguments.of("stream_options", Map.of("messages", HELLO, "stream_options", Map.of())),
                Arguments.of(
                        "stream_options.include_usage",
                        Map.of("messages", HELLO, "stream", true, "stream_options", Map.of("include_usage", 1))),
                Arguments.of("tools[0].type", Map.of("messages", HELLO, "tools", List.of(Map.of()))),
                Arguments.of(
                        "tools[0].function.name",
                        Map.of("messages", HELLO, "tools", List.of(Map.of("type", "function", "function", Map.of())))),
                Arguments.of("tool_choice", Map.of("messages", HELLO, "tool_choice", "always")),
                Arguments.of(
                        "response_format.type", Map.of("messages", HELLO, "response_format", Map.of("type", "xml"))),
                Arguments.of(
                        "response_format.json_schema",
                        Map.of("messages", HELLO, "response_format", Map.of("type", "json_schema"))),
                Arguments.of("top_logprobs", Map.of("messages", HELLO, "logprobs", true, "top_logprobs", 21)),
                Arguments.of("logprobs", Map.of("messages", HELLO, "logprobs", 1)),
                Arguments.of("user", Map.of("messages", HELLO, "user", "u".repeat(257))));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void a_wrong_field_is_named(String param, Map<String, Object> body) {
        InvalidRequestException e =
                catchThrowableOfType(InvalidRequestException.class, () -> ChatRequest.of(new HashMap<>(body)));
        assertThat(e).isNotNull();
        assertThat(e.param()).isEqualTo(param);
        assertThat(e).hasMessageContaining(param);
    }
}
