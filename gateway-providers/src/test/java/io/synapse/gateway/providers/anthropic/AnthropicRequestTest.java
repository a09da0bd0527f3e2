package io.synapse.gateway.providers.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.testkit.fake.PlainJson;
import io.synapse.gateway.testkit.fake.RecordingSink;
import io.synapse.gateway.testkit.fake.Request;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What reaches the upstream, field by field. */
@Timeout(60)
class AnthropicRequestTest {
    private static final String EARLIER = "claude-haiku-4-5-20251001";
    private static final String LATER = "claude-haiku-5-5";

    private final Wire wire = new Wire();

    @AfterEach
    void close() {
        wire.close();
    }

    @Test
    void request_in_anthropics_own_words() throws Exception {
        String asked = """
            {"model": "m", "max_tokens": 512, "stream": false,
             "messages": [
                {"role": "system", "content": "Be terse."},
                {"role": "user", "content": [
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo=", "detail": "low"}},
                    {"type": "text", "text": "Caption this"}]}],
             "tools": [{"type": "function", "function": {"name": "get_temp", "description": "…",
                "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}}],
             "tool_choice": "auto", "parallel_tool_calls": false}
            """;
        String expected = """
            {"model": "claude-haiku-4-5-20251001", "max_tokens": 512, "system": "Be terse.",
             "messages": [{"role": "user", "content": [
                {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}},
                {"type": "text", "text": "Caption this"}]}],
             "tools": [{"name": "get_temp", "description": "…",
                "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}}}],
             "tool_choice": {"type": "auto", "disable_parallel_tool_use": true}, "stream": %s}
            """;
        assertThat(wire.sent(Wire.call(EARLIER), Wire.request(asked)))
                .isEqualTo(PlainJson.object(expected.formatted("false")));
        wire.upstream.answer(AnthropicFormat.events(AnthropicStreamTest.HELLO));
        wire.provider().stream(Wire.call(EARLIER), Wire.request(asked), new RecordingSink());
        assertThat(wire.upstream.lastRequest().json()).isEqualTo(PlainJson.object(expected.formatted("true")));
        assertThat(wire.upstream.lastRequest().header("Accept")).isEqualTo("text/event-stream");
    }

    @Test
    void head_of_the_request() throws Exception {
        wire.sent(Wire.call(EARLIER), Wire.hello(""));
        Request arrived = wire.upstream.lastRequest();
        assertThat(arrived.method() + " " + arrived.path()).isEqualTo("POST /v1/messages");
        assertThat(arrived.header("x-api-key")).isEqualTo(Wire.KEY);
        assertThat(arrived.header("anthropic-version")).isEqualTo("2023-06-01");
        assertThat(arrived.header("Content-Type")).isEqualTo("application/json");
        assertThat(arrived.header("Accept")).isEqualTo("application/json");
        assertThat(arrived.header("Authorization")).isNull();
    }

    @Test
    void conversation_takes_turns_and_results_come_first() throws Exception {
        String asked = """
            {"messages": [
                {"role": "developer", "content": "Be brief."},
                {"role": "user", "content": "How warm is it?"},
                {"role": "user", "content": [{"type": "text", "text": ""}, {"type": "text", "text": "In Oslo."}]},
                {"role": "assistant", "content": "", "tool_calls": [
                    {"id": "call.1", "type": "function", "function": {"name": "f", "arguments": "{\\"city\\":\\"Oslo\\"}"}},
                    {"id": "call_2", "type": "function", "function": {"name": "g", "arguments": ""}}]},
                {"role": "tool", "tool_call_id": "call.1", "content": "4"},
                {"role": "user", "content": "And?"},
                {"role": "tool", "tool_call_id": "call_2", "content": [{"type": "text", "text": "5"}]},
                {"role": "system", "content": "In German."}],
             "tools": [%s]}
            """.formatted(Wire.TOOL);
        Map<String, Object> sent = wire.sent(Wire.call(LATER), Wire.request(asked));
        String rewritten = ToolCallIds.accepted("call.1");
        assertThat(rewritten).matches("[a-zA-Z0-9_-]+").isEqualTo(ToolCallIds.accepted("call.1"));
        assertThat(sent.get("system")).isEqualTo(PlainJson.read("""
            [{"type": "text", "text": "Be brief."}, {"type": "text", "text": "In German."}]
            """));
        assertThat(sent.get("messages")).isEqualTo(PlainJson.read("""
            [{"role": "user", "content": [
                {"type": "text", "text": "How warm is it?"}, {"type": "text", "text": "In Oslo."}]},
             {"role": "assistant", "content": [
                {"type": "tool_use", "id": "%s", "name": "f", "input": {"city": "Oslo"}},
                {"type": "tool_use", "id": "call_2", "name": "g", "input": {}}]},
             {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "%s", "content": "4"},
                {"type": "tool_result", "tool_use_id": "call_2", "content": [{"type": "text", "text": "5"}]},
                {"type": "text", "text": "And?"}]}]
            """.formatted(rewritten, rewritten)));
    }

    @Test
    void thoughts_go_back_as_they_came() throws Exception {
        String thoughts = "[{\"type\":\"thinking\",\"thinking\":\"Hm\",\"signature\":\"s1\"},"
                + "{\"type\":\"redacted_thinking\",\"data\":\"d\"}]";
        Map<String, Object> sent = wire.sent(Wire.call(LATER), Wire.request("""
            {"messages": [{"role": "user", "content": "Hi"},
                {"role": "assistant", "content": "Let me see.", "thinking_blocks": %s},
                {"role": "user", "content": "Well?"}]}
            """.formatted(thoughts)));
        assertThat(PlainJson.write(sent.get("messages")))
                .contains(
                        "\"content\":" + thoughts.replace("]", "") + ",{\"type\":\"text\",\"text\":\"Let me see.\"}]");
    }

    @Test
    void refusal_of_before_is_what_the_model_said() throws Exception {
        Map<String, Object> sent = wire.sent(Wire.call(LATER), Wire.request("""
            {"messages": [{"role": "user", "content": "Hi"},
                {"role": "assistant", "content": null, "refusal": "I would rather not."},
                {"role": "user", "content": "Why?"},
                {"role": "assistant", "content": [{"type": "refusal", "refusal": "Because."}], "refusal": ""},
                {"role": "user", "content": "Well?"}]}
            """));
        assertThat(sent.get("messages")).isEqualTo(PlainJson.read("""
            [{"role": "user", "content": [{"type": "text", "text": "Hi"}]},
             {"role": "assistant", "content": [{"type": "text", "text": "I would rather not."}]},
             {"role": "user", "content": [{"type": "text", "text": "Why?"}]},
             {"role": "assistant", "content": [{"type": "text", "text": "Because."}]},
             {"role": "user", "content": [{"type": "text", "text": "Well?"}]}]
            """));
    }

    @Test
    void marks_for_the_cache_are_carried() throws Exception {
        String mark = "\"cache_control\":{\"type\":\"ephemeral\"}";
        Map<String, Object> sent = wire.sent(Wire.call(LATER), Wire.request("""
            {"messages": [{"role": "system", "content": [{"type": "text", "text": "Long.", %1$s}]},
                {"role": "user", "content": [{"type": "text", "text": "Hi", %1$s}]},
                {"role": "assistant", "content": "Yes?", %1$s},
                {"role": "user", "content": "Go on"}],
             "tools": [{"type": "function", %1$s, "function": {"name": "f"}}]}
            """.formatted(mark)));
        assertThat(sent.get("system"))
                .isEqualTo(PlainJson.read("[{\"type\":\"text\",\"text\":\"Long.\"," + mark + "}]"));
        assertThat(sent.get("tools"))
                .isEqualTo(PlainJson.read(
                        "[{\"name\":\"f\",\"input_schema\":{\"type\":\"object\",\"properties\":{}}," + mark + "}]"));
        assertThat(sent.get("messages")).isEqualTo(PlainJson.read("""
            [{"role": "user", "content": [{"type": "text", "text": "Hi", %1$s}]},
             {"role": "assistant", "content": [{"type": "text", "text": "Yes?", %1$s}]},
             {"role": "user", "content": [{"type": "text", "text": "Go on"}]}]
            """.formatted(mark)));
    }

    @Test
    void pictures_and_documents() throws Exception {
        Map<String, Object> sent = wire.sent(Wire.call(LATER), Wire.request("""
            {"messages": [{"role": "user", "content": [
                {"type": "image_url", "image_url": {"url": "https://pictures.example/a.png"}},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,/9j/4AAQSkZJRg=="}},
                {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERi0="}},
                {"type": "file", "file": {"file_data": "data:text/plain;base64,R3LDvMOfZQ=="}}]}]}
            """));
        assertThat(sent.get("messages")).isEqualTo(PlainJson.read("""
            [{"role": "user", "content": [
                {"type": "image", "source": {"type": "url", "url": "https://pictures.example/a.png"}},
                {"type": "image", "source": {"type": "base64", "media_type": "image/jpeg", "data": "/9j/4AAQSkZJRg=="}},
                {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "JVBERi0="},
                    "title": "a.pdf"},
                {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "Grüße"}}]}]
            """));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // How freely to speak.
                "claude-haiku-4-5 | \"temperature\":0.5,\"top_p\":1 | \"temperature\":0.5",
                "claude-haiku-4-5 | \"temperature\":1.7 | \"temperature\":1",
                "claude-haiku-4-5 | \"top_p\":0.9 | \"top_p\":0.9",
                "claude-haiku-5-5 | \"temperature\":1,\"top_p\":1.0 | ``",
                "claude-opus-4-6 | \"temperature\":0.5 | \"temperature\":0.5",
                "claude-opus-4-20250514 | \"temperature\":0.5 | \"temperature\":0.5",
                // How hard to think.
                "claude-haiku-5-5 | \"reasoning_effort\":\"high\" |"
                        + " \"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"high\"}",
                "claude-haiku-5-5 | \"reasoning_effort\":\"minimal\" |"
                        + " \"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"low\"}",
                "claude-haiku-5-5 | \"reasoning_effort\":\"none\" | \"thinking\":{\"type\":\"disabled\"}",
                "claude-haiku-4-5 | \"reasoning_effort\":\"low\",\"temperature\":1 |"
                        + " \"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}",
                "claude-haiku-4-5 | \"reasoning_effort\":\"medium\" |"
                        + " \"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000}",
                "claude-haiku-4-5 | \"reasoning_effort\":\"high\",\"max_tokens\":1024 | \"max_tokens\":1024",
                "claude-haiku-4-5 | \"reasoning_effort\":\"none\",\"temperature\":0 |"
                        + " \"thinking\":{\"type\":\"disabled\"},\"temperature\":0",
                // The rest.
                "claude-haiku-5-5 | \"stop\":\"END\" | \"stop_sequences\":[\"END\"]",
                "claude-haiku-5-5 | \"stop\":[\"a\",\"b\"] | \"stop_sequences\":[\"a\",\"b\"]",
                "claude-haiku-5-5 | \"user\":\"u-1\" | \"metadata\":{\"user_id\":\"u-1\"}",
                "claude-haiku-5-5 | \"max_completion_tokens\":7 | \"max_tokens\":7",
                "claude-haiku-5-5 | \"max_tokens\":7000 | \"max_tokens\":4000",
                "claude-haiku-5-5 |"
                    + " \"response_format\":{\"type\":\"text\"},\"n\":1,\"logprobs\":false,\"logit_bias\":{},\"presence_penalty\":0"
                    + " | ``",
                "claude-haiku-5-5 |"
                        + " \"store\":true,\"metadata\":{\"a\":\"b\"},\"service_tier\":\"flex\",\"of_tomorrow\":1 | ``",
                "claude-haiku-5-5 | \"tool_choice\":\"auto\" | ``",
                "claude-haiku-5-5 |"
                    + " \"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"schema\":{\"type\":\"object\"}}},\"reasoning_effort\":\"low\""
                    + " | \"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":{\"type\":\"object\"}},\"effort\":\"low\"},\"thinking\":{\"type\":\"adaptive\"}",
                "claude-haiku-4-5 | \"providerOptions\":{\"anthropic\":{\"top_k\":5},\"openai\":{\"x\":1}} |"
                        + " \"top_k\":5",
                "claude-haiku-4-5 |"
                    + " \"temperature\":1,\"providerOptions\":{\"anthropic\":{\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000}}}"
                    + " | \"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000}",
                "claude-opus-5-5 |"
                    + " \"reasoning_effort\":\"low\",\"providerOptions\":{\"anthropic\":{\"output_config\":{\"effort\":\"max\",\"x\":1}}}"
                    + " | \"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"low\",\"x\":1}",
                "claude-opus-5-5 | \"providerOptions\":{\"anthropic\":{\"cache_control\":{\"type\":\"ephemeral\"}}} |"
                        + " \"cache_control\":{\"type\":\"ephemeral\"}"
            })
    void fields_that_have_a_counterpart(String model, String asked, String expected) throws Exception {
        Map<String, Object> sent = wire.sent(Wire.call(model, OptionalLong.of(4000)), Wire.hello(asked));
        String bound = expected.contains("max_tokens") ? "" : "\"max_tokens\":4000,";
        assertThat(sent)
                .isEqualTo(PlainJson.object("{\"model\":\"" + model + "\"," + bound
                        + "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Hello\"}]}],\"stream\":false"
                        + (expected.isEmpty() ? "" : "," + expected) + "}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "claude-haiku-5-5 | \"temperature\":0.5,\"top_p\":0.9 | temperature",
                "claude-haiku-5-5 | \"top_p\":0.9 | top_p",
                "claude-sonnet-5 | \"temperature\":0.5 | temperature",
                "claude-opus-4-7 | \"temperature\":0 | temperature",
                "claude-fable-5-1 | \"temperature\":0.5 | temperature",
                "claude-haiku-4-5 | \"temperature\":0.5,\"top_p\":0.9 | top_p",
                "claude-haiku-4-5 | \"reasoning_effort\":\"low\",\"temperature\":0 | temperature",
                "claude-haiku-4-5 | \"temperature\":0,\"providerOptions\":{\"anthropic\":"
                        + "{\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000}}} | temperature"
            })
    void how_to_sample_is_refused_by_models_that_are_not_told(String model, String asked, String param) {
        UpstreamException refusal = wire.refusal(Wire.call(model, OptionalLong.of(4000)), Wire.hello(asked));
        assertThat(refusal.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(refusal.param()).isEqualTo(param);
        assertThat(refusal.getMessage()).endsWith(".");
    }

    @Test
    void bound_is_always_sent() throws Exception {
        assertThat(wire.sent(Wire.call(LATER, OptionalLong.empty()), Wire.hello("")))
                .containsEntry("max_tokens", 4096);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"none\" | {\"type\":\"none\"}",
                "\"required\" | {\"type\":\"any\"}",
                "{\"type\":\"function\",\"function\":{\"name\":\"f\"}} | {\"type\":\"tool\",\"name\":\"f\"}"
            })
    void choice_of_a_tool(String choice, String expected) throws Exception {
        Map<String, Object> sent = wire.sent(
                Wire.call(LATER),
                Wire.hello("\"reasoning_effort\":\"high\",\"tools\":[" + Wire.TOOL + "],\"tool_choice\":" + choice));
        assertThat(sent.get("tool_choice")).isEqualTo(PlainJson.read(expected));
        assertThat(sent.containsKey("thinking"))
                .as("thinks, unless it must call a tool")
                .isEqualTo(choice.equals("\"none\""));
    }

    @Test
    void tools_are_strict_if_asked_and_one_at_a_time() throws Exception {
        Map<String, Object> sent = wire.sent(
                Wire.call(LATER),
                Wire.hello(
                        "\"parallel_tool_calls\":false,\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\","
                                + "\"strict\":true,\"parameters\":{\"properties\":{}}}}]"));
        assertThat(sent.get("tools"))
                .isEqualTo(PlainJson.read(
                        "[{\"name\":\"f\",\"input_schema\":{\"type\":\"object\",\"properties\":{}},\"strict\":true}]"));
        assertThat(sent.get("tool_choice"))
                .isEqualTo(PlainJson.read("{\"type\":\"auto\",\"disable_parallel_tool_use\":true}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"n\":2 | n",
                "\"seed\":5 | seed",
                "\"logprobs\":true | logprobs",
                "\"logit_bias\":{\"5\":1} | logit_bias",
                "\"frequency_penalty\":0.5 | frequency_penalty",
                "\"presence_penalty\":-1 | presence_penalty",
                "\"functions\":[] | functions",
                "\"modalities\":[\"text\",\"audio\"] | modalities",
                "\"audio\":{\"voice\":\"alloy\"} | audio",
                "\"web_search_options\":{} | web_search_options",
                "\"moderation\":{\"policy\":\"p\"} | moderation",
                "\"stop\":[\"a\",\" \\n\"] | stop",
                "\"response_format\":{\"type\":\"json_object\"} | response_format",
                "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\"}} | response_format",
                "\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"c\"}}] | tools[0].type",
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a.b\"}}] | tools[0].function.name",
                "\"providerOptions\":{\"anthropic\":{\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}}} |"
                        + " providerOptions.anthropic.cache_control.ttl"
            })
    void what_anthropic_cannot_do_is_refused(String fields, String param) {
        UpstreamException refusal = wire.refusal(LATER, Wire.hello(fields));
        assertThat(refusal.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(refusal.param()).isEqualTo(param);
        assertThat(refusal.getMessage()).endsWith(".");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"reasoning_effort\":\"utmost\" | reasoning_effort",
                "\"tool_choice\":\"required\" | tool_choice",
                "\"providerOptions\":{\"anthropic\":{\"max_tokens\":9}} | providerOptions.anthropic.max_tokens",
                "\"providerOptions\":{\"anthropic\":{\"service_tier\":\"auto\"}} |"
                        + " providerOptions.anthropic.service_tier",
                "\"providerOptions\":{\"anthropic\":{\"cache_control\":true}} | providerOptions.anthropic.cache_control"
            })
    void what_is_wrong_anywhere_is_rejected(String fields, String param) {
        UpstreamException refusal = wire.refusal(LATER, Wire.hello(fields));
        assertThat(refusal.kind()).isEqualTo(Kind.REJECTED);
        assertThat(refusal.param()).isEqualTo(param);
        assertThat(refusal.getMessage()).endsWith(".");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"role\":\"assistant\",\"content\":\"Hi\"} | messages[0]",
                "{\"role\":\"system\",\"content\":\"Hi\"} | messages",
                "{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":\"Well,\"} | messages[1]",
                "{\"role\":\"function\",\"name\":\"f\",\"content\":\"4\"} | messages[0].role",
                "{\"role\":\"assistant\",\"content\":null,\"function_call\":{\"name\":\"f\"}} |"
                        + " messages[0].function_call",
                "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{bad\"}}]}"
                    + " | messages[0].tool_calls[0].function.arguments",
                "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c\",\"type\":\"custom\",\"custom\":{\"name\":\"f\"}}]}"
                    + " | messages[0].tool_calls",
                "{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"assistant\",\"content\":null,\"audio\":{\"id\":\"a\"}}"
                    + " | messages[1].audio",
                "{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"AAAA\",\"format\":\"wav\"}}]}"
                    + " | messages[0].content[0].input_audio",
                "{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":{\"file_id\":\"file-1\"}}]} |"
                        + " messages[0].content[0].file",
                "{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/tiff;base64,SUkqAA==\"}}]}"
                    + " | messages[0].content[0].image_url.url",
                "{\"role\":\"system\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://a.example/b.png\"}}]}"
                    + " | messages[0].content[0]",
                "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"x\",\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}}]}"
                    + " | messages[0].content[0].cache_control.ttl"
            })
    void messages_that_anthropic_does_not_take_are_refused(String messages, String param) {
        UpstreamException refusal = wire.refusal(LATER, Wire.request("{\"messages\":[" + messages + "]}"));
        assertThat(refusal.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(refusal.param()).isEqualTo(param);
        assertThat(refusal.getMessage()).endsWith(".");
    }

    @ParameterizedTest
    @ValueSource(strings = {"data:image/png,raw", "data:image/png;base64,!!!!!!!!"})
    void picture_that_is_none_is_rejected(String url) {
        UpstreamException refusal = wire.refusal(
                LATER,
                Wire.request("{\"messages\":[{\"role\":\"user\",\"content\":["
                        + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"" + url + "\"}}]}]}"));
        assertThat(refusal.kind()).isEqualTo(Kind.REJECTED);
        assertThat(refusal.param()).isEqualTo("messages[0].content[0].image_url.url");
    }

    @Test
    void earlier_models_continue_what_they_said() throws Exception {
        Map<String, Object> sent = wire.sent(
                Wire.call(EARLIER),
                Wire.request("{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},"
                        + "{\"role\":\"assistant\",\"content\":\"Well, \"}]}"));
        assertThat(PlainJson.write(sent.get("messages"))).endsWith("\"text\":\"Well,\"}]}]");
    }

    @Test
    void long_answers_are_streamed_though_nobody_asked() throws Exception {
        wire.upstream.answer(AnthropicFormat.events(AnthropicStreamTest.HELLO));
        assertThat(wire.provider()
                        .chat(Wire.call(LATER, OptionalLong.of(20_000)), Wire.hello(""))
                        .text())
                .isEqualTo("Hello");
        assertThat(wire.upstream.lastRequest().json()).containsEntry("stream", true);
        assertThat(wire.upstream.lastRequest().header("Accept")).isEqualTo("text/event-stream");
    }
}
