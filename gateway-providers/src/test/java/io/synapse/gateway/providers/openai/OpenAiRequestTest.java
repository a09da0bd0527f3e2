package io.synapse.gateway.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.OpenAiFormat;
import io.synapse.gateway.testkit.fake.PlainJson;
import io.synapse.gateway.testkit.fake.RecordingSink;
import io.synapse.gateway.testkit.fake.Request;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What reaches the upstream, field by field. */
class OpenAiRequestTest {
    private static final String USER = "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]";
    private static final String TOOLS =
            "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}}]";

    private static final String CUSTOM = "\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"c\"}}]";
    private static final String EFFORT = ",\"reasoning_effort\":\"high\"";

    private final Wire wire = new Wire();

    @AfterEach
    void close() {
        wire.close();
    }

    @Test
    void everything_known_and_unknown_is_carried_as_it_stands() throws Exception {
        String body = "{\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":\"Be brief\",\"name\":\"s\"},"
            + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"x\"},{\"type\":\"image_url\",\"image_url\":"
            + "{\"url\":\"https://a.example/b.png\",\"detail\":\"low\"}}]},"
            + "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{bad"
            + " json\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"call_1\",\"content\":\"4\"}],"
            + "\"temperature\":0.70,\"top_p\":1,\"n\":2,\"stop\":[\"a\"],\"seed\":9007199254740993,\"user\":\"u\","
            + "\"logprobs\":true,\"top_logprobs\":3,\"logit_bias\":{\"5\":-1},\"metadata\":{\"k\":\"v\"},"
            + "\"response_format\":{\"type\":\"json_object\"},\"parallel_tool_calls\":false,\"store\":null,"
                + TOOLS + ",\"tool_choice\":\"auto\",\"of_tomorrow\":{\"deep\":[1,2.50,null,{\"x\":1E-8}]}}";
        assertThat(wire.sent("under-test", OpenAiDialect.PLAIN, Wire.call("up/model", OptionalLong.empty()), body))
                .isEqualTo(
                        PlainJson.object(body.replace("\"model\":\"m\"", "\"model\":\"up/model\",\"stream\":false")));
    }

    @Test
    void head_of_the_request() throws Exception {
        wire.sent("under-test", OpenAiDialect.builder().header("X-Title", "T").build(), Wire.call(), "{" + USER + "}");
        Request whole = wire.upstream.lastRequest();
        assertThat(whole.method()).isEqualTo("POST");
        assertThat(whole.path()).isEqualTo("/v1/chat/completions");
        assertThat(whole.header("Authorization")).isEqualTo("Bearer sk-test-0123456789");
        assertThat(whole.header("Content-Type")).isEqualTo("application/json");
        assertThat(whole.header("Accept")).isEqualTo("application/json");
        assertThat(whole.header("X-Title")).isEqualTo("T");
    }

    static Stream<Arguments> rewritten() {
        OptionalLong none = OptionalLong.empty();
        OptionalLong hundred = OptionalLong.of(100);
        return Stream.of(
                // The bound on the output.
                arguments("openai", "gpt-4o-mini", hundred, "", "\"max_tokens\":100"),
                arguments("openai", "gpt-4.1-mini", hundred, "\"max_completion_tokens\":7", "\"max_tokens\":7"),
                arguments("openai", "o3", hundred, "\"max_tokens\":7", "\"max_completion_tokens\":7"),
                arguments("openai", "o4-mini", hundred, "\"max_tokens\":700", "\"max_completion_tokens\":100"),
                arguments("openai", "gpt-5-mini", hundred, "", "\"max_completion_tokens\":100"),
                arguments("openai", "gpt-5-chat-latest", hundred, "", "\"max_completion_tokens\":100"),
                arguments("openai", "gpt-5.6-luna", none, "\"max_tokens\":7", "\"max_completion_tokens\":7"),
                arguments("openai", "gpt-6-luna", hundred, "", "\"max_completion_tokens\":100"),
                arguments("openai", "ft:gpt-5-mini:acme", hundred, "", "\"max_completion_tokens\":100"),
                arguments("openai", "gpt-oss-20b", hundred, "", "\"max_tokens\":100"),
                arguments("openai", "gpt-4o", none, "", ""),
                arguments("groq", "x", hundred, "\"max_tokens\":50", "\"max_completion_tokens\":50"),
                arguments("mistral", "x", hundred, "\"max_completion_tokens\":50", "\"max_tokens\":50"),
                arguments("llamacpp", "x", hundred, "\"n_predict\":5000", "\"max_tokens\":100"),
                arguments(
                        "vllm",
                        "x",
                        hundred,
                        "\"providerOptions\":{\"vllm\":{\"max_tokens\":5000}}",
                        "\"max_tokens\":100"),
                arguments(
                        "vllm",
                        "x",
                        hundred,
                        "\"providerOptions\":{\"vllm\":{\"max_tokens\":50}}",
                        "\"max_tokens\":50"),
                // Models that reason.
                arguments(
                        "openai",
                        "o3",
                        none,
                        "\"temperature\":1.0,\"top_p\":1,\"presence_penalty\":0,\"frequency_penalty\":0,\"stop\":[]",
                        ""),
                arguments("openai", "o3-mini", none, "\"stop\":\"x\"", "\"stop\":\"x\""),
                arguments("openai", "gpt-4o-mini", none, "\"stop\":[\"x\"]", "\"stop\":[\"x\"]"),
                arguments(
                        "openai",
                        "gpt-5-mini",
                        none,
                        "\"temperature\":1,\"reasoning_effort\":\"low\"",
                        "\"reasoning_effort\":\"low\""),
                arguments(
                        "openai",
                        "gpt-5.2",
                        none,
                        "\"temperature\":0.5,\"reasoning_effort\":\"none\"",
                        "\"temperature\":0.5,\"reasoning_effort\":\"none\""),
                arguments("openai", "gpt-5-chat-latest", none, "\"temperature\":0.5", "\"temperature\":0.5"),
                arguments(
                        "openai", "gpt-4o-mini", none, "\"temperature\":0.5," + TOOLS, "\"temperature\":0.5," + TOOLS),
                arguments("openai", "gpt-5-mini", none, TOOLS, TOOLS),
                arguments("openai", "gpt-6-luna", none, TOOLS, TOOLS + ",\"reasoning_effort\":\"none\""),
                arguments(
                        "openai",
                        "gpt-5.6-luna",
                        none,
                        "\"temperature\":0.5," + TOOLS,
                        "\"temperature\":0.5," + TOOLS + ",\"reasoning_effort\":\"none\""),
                arguments(
                        "openai",
                        "gpt-6-luna",
                        none,
                        TOOLS + ",\"reasoning_effort\":\"none\"",
                        TOOLS + ",\"reasoning_effort\":\"none\""),
                arguments("openai", "gpt-6-luna", none, CUSTOM + EFFORT, CUSTOM + EFFORT),
                arguments("openai", "gpt-5.2", none, TOOLS + EFFORT, TOOLS + EFFORT),
                arguments("groq", "openai/gpt-oss-20b", none, EFFORT.substring(1), EFFORT.substring(1)),
                arguments(
                        "groq",
                        "qwen/qwen3.8-27b",
                        none,
                        "\"reasoning_effort\":\"none\"",
                        "\"reasoning_effort\":\"none\""),
                arguments("openai", "gpt-6-luna", none, "\"tools\":[]", "\"tools\":[]"),
                arguments("xai", "grok-4.3", none, "\"presence_penalty\":0,\"temperature\":0.5", "\"temperature\":0.5"),
                arguments("xai", "grok-4-fast-non-reasoning", none, "\"presence_penalty\":1", "\"presence_penalty\":1"),
                // Fields with other names, and hints that nobody takes.
                arguments("mistral", "x", none, "\"seed\":5", "\"random_seed\":5"),
                arguments(
                        "mistral",
                        "x",
                        none,
                        "\"user\":\"u\",\"store\":true,\"metadata\":{},\"service_tier\":\"auto\"",
                        ""),
                arguments(
                        "mistral",
                        "x",
                        none,
                        TOOLS + ",\"tool_choice\":\"required\"",
                        TOOLS + ",\"tool_choice\":\"any\""),
                arguments(
                        "mistral", "x", none, TOOLS + ",\"tool_choice\":\"auto\"", TOOLS + ",\"tool_choice\":\"auto\""),
                arguments(
                        "groq",
                        "x",
                        none,
                        "\"n\":1,\"logprobs\":false,\"logit_bias\":{},\"store\":true,\"metadata\":{},"
                                + "\"presence_penalty\":0.0,\"frequency_penalty\":0",
                        ""),
                arguments("groq", "x", none, "\"n\":null,\"logprobs\":null", ""),
                arguments(
                        "ollama",
                        "x",
                        none,
                        "\"user\":\"u\",\"tool_choice\":\"auto\",\"n\":1,\"parallel_tool_calls\":true,"
                                + "\"modalities\":[\"text\"],\"functions\":[]",
                        ""),
                arguments("openai", "x", none, "\"service_tier\":\"flex\"", "\"service_tier\":\"flex\""),
                arguments(
                        "mistral",
                        "x",
                        none,
                        "\"prompt_cache_key\":\"k\",\"prompt_cache_retention\":\"24h\",\"modalities\":[\"text\"]",
                        ""),
                arguments("deepseek", "x", none, "\"service_tier\":\"flex\",\"top_p\":0.5", "\"top_p\":0.5"),
                arguments(
                        "openrouter",
                        "x",
                        none,
                        "\"provider\":{\"order\":[\"a\"]}",
                        "\"provider\":{\"order\":[\"a\"]}"),
                // The caller's own options for this provider.
                arguments(
                        "openai",
                        "x",
                        none,
                        "\"providerOptions\":{\"openai\":{\"verbosity\":\"low\"},\"groq\":{\"a\":1}}",
                        "\"verbosity\":\"low\""),
                arguments(
                        "openai",
                        "x",
                        none,
                        "\"verbosity\":\"high\",\"providerOptions\":{\"openai\":{\"verbosity\":\"low\"}}",
                        "\"verbosity\":\"low\""),
                arguments("groq", "x", none, "\"providerOptions\":{\"openai\":{\"verbosity\":\"low\"}}", ""),
                // A stream is not asked for here, so neither are its options.
                arguments("openai", "x", none, "\"stream\":true,\"stream_options\":{\"include_usage\":true}", ""));
    }

    @ParameterizedTest(name = "{0} {1}: {3}")
    @MethodSource
    void rewritten(String preset, String model, OptionalLong bound, String fields, String expected) throws Exception {
        String asked = "{\"model\":\"m\"," + USER + (fields.isEmpty() ? "" : ",") + fields + "}";
        String reaches = "{\"model\":\"" + model + "\",\"stream\":false," + USER
                + (expected.isEmpty() ? "" : "," + expected) + "}";
        assertThat(wire.sent(preset, dialect(preset), Wire.call(model, bound), asked))
                .isEqualTo(PlainJson.object(reaches));
    }

    static Stream<Arguments> messages() {
        String calls =
                "[{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"%1$s\",\"type\":\"function\",\"function\":"
                    + "{\"name\":\"f\",\"arguments\":\"{}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"%1$s\",\"content\":\"4\"}]";
        String shortened = ToolCallIds.shortened("call_abcdefghijklmnopqrstuvwx");
        return Stream.of(
                arguments(
                        "openai",
                        "[{\"role\":\"developer\",\"content\":\"x\",\"name\":\"a\"}]",
                        "[{\"role\":\"developer\",\"content\":\"x\",\"name\":\"a\"}]"),
                arguments(
                        "groq",
                        "[{\"role\":\"developer\",\"content\":\"x\",\"name\":\"a\"}]",
                        "[{\"role\":\"system\",\"content\":\"x\"}]"),
                arguments(
                        "vllm",
                        "[{\"role\":\"developer\",\"content\":\"x\",\"name\":\"a\"}]",
                        "[{\"role\":\"system\",\"content\":\"x\",\"name\":\"a\"}]"),
                arguments(
                        "mistral",
                        "[{\"role\":\"assistant\",\"content\":\"x\",\"refusal\":null,\"annotations\":[],\"audio\":null}]",
                        "[{\"role\":\"assistant\",\"content\":\"x\"}]"),
                arguments(
                        "mistral",
                        "[{\"role\":\"assistant\",\"content\":null,\"refusal\":\"I would rather not.\"}]",
                        "[{\"role\":\"assistant\",\"content\":\"I would rather not.\"}]"),
                arguments(
                        "mistral",
                        "[{\"role\":\"assistant\",\"content\":[{\"type\":\"refusal\",\"refusal\":\"No.\"}]}]",
                        "[{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"No.\"}]}]"),
                arguments(
                        "openai",
                        "[{\"role\":\"assistant\",\"content\":null,\"refusal\":\"No.\",\"audio\":{\"id\":\"a\"}}]",
                        "[{\"role\":\"assistant\",\"content\":null,\"refusal\":\"No.\",\"audio\":{\"id\":\"a\"}}]"),
                arguments("mistral", calls.formatted("call_abcdefghijklmnopqrstuvwx"), calls.formatted(shortened)),
                arguments("mistral", calls.formatted("aB3dE6gH9"), calls.formatted("aB3dE6gH9")),
                arguments("openai", calls.formatted("call_x"), calls.formatted("call_x")),
                arguments(
                        "ollama",
                        "[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AAAA\"}}]}]",
                        "[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AAAA\"}}]}]"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource
    void messages(String preset, String asked, String expected) throws Exception {
        assertThat(wire.sent(preset, dialect(preset), Wire.call(), "{\"messages\":" + asked + "}"))
                .containsEntry("messages", PlainJson.read(expected));
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                arguments("groq", "\"n\":2", "n"),
                arguments("groq", "\"logprobs\":true", "logprobs"),
                arguments("groq", "\"logit_bias\":{\"5\":1}", "logit_bias"),
                arguments("groq", "\"presence_penalty\":0.5", "presence_penalty"),
                arguments("groq", "\"frequency_penalty\":-0.5", "frequency_penalty"),
                arguments("groq", "\"providerOptions\":{\"groq\":{\"logprobs\":true}}", "logprobs"),
                arguments("mistral", "\"logprobs\":true", "logprobs"),
                arguments("deepseek", "\"n\":2", "n"),
                arguments("ollama", "\"n\":2", "n"),
                arguments("ollama", "\"tool_choice\":\"required\"", "tool_choice"),
                arguments(
                        "ollama",
                        "\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"f\"}}",
                        "tool_choice"),
                arguments("vllm", "\"best_of\":5", "best_of"),
                arguments("openrouter", "\"models\":[\"a/b\"]", "models"),
                arguments("openrouter", "\"providerOptions\":{\"openrouter\":{\"models\":[\"a/b\"]}}", "models"),
                arguments("openai", "\"providerOptions\":{\"openai\":{\"n\":9}}", "providerOptions.openai.n"),
                arguments(
                        "openai",
                        "\"providerOptions\":{\"openai\":{\"model\":\"gpt-99\"}}",
                        "providerOptions.openai.model"),
                arguments(
                        "openai",
                        "\"providerOptions\":{\"openai\":{\"stream\":true}}",
                        "providerOptions.openai.stream"),
                arguments(
                        "openai",
                        "\"providerOptions\":{\"openai\":{\"messages\":[]}}",
                        "providerOptions.openai.messages"),
                arguments("openai", "\"providerOptions\":{\"openai\":{\"max_tokens\":\"all\"}}", "max_tokens"),
                arguments("openai", "\"providerOptions\":{\"openai\":{\"max_tokens\":-1}}", "max_tokens"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource
    void refused(String preset, String fields, String param) {
        UpstreamException e = catchThrowableOfType(
                UpstreamException.class,
                () -> wire.sent(preset, dialect(preset), Wire.call(), "{" + USER + "," + fields + "}"));
        boolean wrongEverywhere = param.startsWith("providerOptions") || param.equals("max_tokens");
        assertThat(e.kind()).isEqualTo(wrongEverywhere ? Kind.REJECTED : Kind.UNSUPPORTED);
        assertThat(e.param()).isEqualTo(param);
        assertThat(e.getMessage()).endsWith(".");
        assertThat(wire.upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "openai | o3 | temperature | 0",
                "openai | gpt-5-mini | temperature | 0.5",
                "openai | gpt-6-luna | top_p | 0.9",
                "openai | o3 | presence_penalty | 1",
                "openai | o3 | frequency_penalty | -1",
                "openai | o3 | stop | \"x\"",
                "openai | o4-mini | stop | [\"x\"]",
                "openai | gpt-5-mini | stop | \"x\"",
                "openai | gpt-6-luna | reasoning_effort | \"low\"," + TOOLS,
                "openai | gpt-4o-mini | service_tier | \"priority\"",
                "openrouter | openai/gpt-6-luna | service_tier | \"priority\"",
                "groq | openai/gpt-oss-120b | reasoning_effort | \"none\"",
                "groq | openai/gpt-oss-20b | reasoning_effort | \"xhigh\"",
                "xai | grok-4.3 | presence_penalty | 1",
                "xai | grok-4.3 | frequency_penalty | 0.1",
                "xai | grok-4.3 | stop | \"x\""
            })
    void some_models_do_not_take_what_others_do(String preset, String model, String field, String value) {
        UpstreamException e = catchThrowableOfType(
                UpstreamException.class,
                () -> wire.sent(
                        preset,
                        dialect(preset),
                        Wire.call(model, OptionalLong.empty()),
                        "{" + USER + ",\"" + field + "\":" + value + "}"));
        assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(e.param()).isEqualTo(field);
        assertThat(e.getMessage()).contains(model).endsWith(".");
        assertThat(wire.upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"audio", "function_call"})
    void what_was_said_or_done_in_a_form_that_is_not_known_is_refused(String field) {
        String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"assistant\",\"content\":null,\""
                + field + "\":{\"id\":\"a\"}}]}";
        UpstreamException e = catchThrowableOfType(
                UpstreamException.class, () -> wire.sent("mistral", OpenAiPreset.MISTRAL.dialect(), Wire.call(), body));
        assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(e.param()).isEqualTo("messages[1]." + field);
        assertThat(wire.upstream.requests()).isEmpty();
    }

    @Test
    void requests_as_openai_and_groq_document_them() throws Exception {
        String tools = """
            {"model":"gpt-4o-mini","tools":[{"type":"function","function":{"name":"get_temp","parameters":
               {"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false},
               "strict":true}}],
             "messages":[{"role":"user","content":"Temp in Oslo?"},
               {"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function",
                 "function":{"name":"get_temp","arguments":"{\\"city\\":\\"Oslo\\"}"}}]},
               {"role":"tool","tool_call_id":"call_1","content":"{\\"c\\":4}"}]%s}
            """;
        assertThat(wire.sent(
                        "openai",
                        dialect("openai"),
                        Wire.call("gpt-4o-mini", OptionalLong.empty()),
                        tools.formatted("")))
                .isEqualTo(PlainJson.object(tools.formatted(",\"stream\":false")));
        String parts = """
            {"model":"gpt-4o-mini","messages":[{"role":"user","content":[
               {"type":"text","text":"Describe this."},
               {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo=","detail":"low"}},
               {"type":"input_audio","input_audio":{"data":"UklGRg==","format":"wav"}},
               {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBERi0="}}]}]%s}
            """;
        assertThat(wire.sent(
                        "openai",
                        dialect("openai"),
                        Wire.call("gpt-4o-mini", OptionalLong.empty()),
                        parts.formatted("")))
                .isEqualTo(PlainJson.object(parts.formatted(",\"stream\":false")));
        String groq = """
            {"model":"openai/gpt-oss-20b","messages":[{"role":"user","content":"hi"}],"reasoning_effort":"low",
             "max_completion_tokens":200%s}
            """;
        assertThat(wire.sent(
                        "groq",
                        dialect("groq"),
                        Wire.call("openai/gpt-oss-20b", OptionalLong.of(200)),
                        groq.formatted("")))
                .isEqualTo(PlainJson.object(groq.formatted(",\"stream\":false")));
    }

    @ParameterizedTest
    @EnumSource(
            value = OpenAiPreset.class,
            names = {"OLLAMA", "VLLM", "LLAMACPP"})
    void url_of_a_picture_is_refused_by_servers_that_would_fetch_it_from_within(OpenAiPreset preset) {
        String body =
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"x\"},"
                    + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://a.example/b.png\"}}]}]}";
        UpstreamException e = catchThrowableOfType(
                UpstreamException.class, () -> wire.sent(preset.id(), preset.dialect(), Wire.call(), body));
        assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(e.param()).isEqualTo("messages[1].content[1].image_url.url");
        assertThat(e).hasMessageContaining("data:image/");
    }

    @ParameterizedTest
    @EnumSource(OpenAiPreset.class)
    void stream_asks_for_its_usage_where_that_is_allowed(OpenAiPreset preset) throws Exception {
        wire.upstream.answerAll(request -> exchange ->
                new OpenAiFormat().says(request, null, java.util.List.of("Hi")).write(exchange));
        wire.provider(preset.id(), preset.dialect()).stream(
                Wire.call(),
                Wire.request(
                        "{" + USER
                                + ",\"stream\":true,\"stream_options\":{\"include_usage\":false,\"include_obfuscation\":false}}"),
                new RecordingSink());
        assertThat(wire.upstream.lastRequest().header("Accept")).isEqualTo("text/event-stream");
        assertThat(wire.upstream.lastRequest().json()).containsEntry("stream", true);
        if (preset == OpenAiPreset.MISTRAL) {
            assertThat(wire.upstream.lastRequest().json()).doesNotContainKey("stream_options");
        } else {
            assertThat(wire.upstream.lastRequest().json().get("stream_options"))
                    .isEqualTo(PlainJson.read("{\"include_usage\":true,\"include_obfuscation\":false}"));
        }
    }

    @Test
    void server_without_a_key_is_sent_none() throws Exception {
        wire.upstream.answer(Answer.json(200, Wire.COMPLETION));
        try (var http = new io.synapse.gateway.providers.http.UpstreamHttp()) {
            new OpenAiProvider(http, "ollama", wire.upstream.uri(), null, OpenAiDialect.PLAIN)
                    .chat(Wire.call(), Wire.request("{" + USER + "}"));
        }
        assertThat(wire.upstream.lastRequest().headers()).doesNotContainKey("Authorization");
        assertThat(wire.upstream.lastRequest().path()).isEqualTo("/chat/completions");
    }

    private static OpenAiDialect dialect(String preset) {
        return Stream.of(OpenAiPreset.values())
                .filter(each -> each.id().equals(preset))
                .findFirst()
                .orElseThrow()
                .dialect();
    }
}
