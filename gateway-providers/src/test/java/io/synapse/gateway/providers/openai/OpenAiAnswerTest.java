package io.synapse.gateway.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.PlainJson;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole answers as upstreams really write them. */
class OpenAiAnswerTest {
    private final Wire wire = new Wire();

    @AfterEach
    void close() {
        wire.close();
    }

    @Test
    void fields_pass_through() throws Exception {
        String json =
                "{\"id\":\"x\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"of_tomorrow\":{\"a\":1.50},\"choices\":[{\"index\":0,"
                    + "\"message\":{\"role\":\"assistant\",\"content\":\"Hi\",\"refusal\":null,\"annotations\":[],\"reasoning_content\":\"hm\"},\"logprobs\":null,\"finish_reason\":\"stop\"}],"
                    + "\"system_fingerprint\":\"fp\"}";
        assertThat(wire.whole(OpenAiDialect.PLAIN, json).body()).isEqualTo(PlainJson.object(json));
    }

    @Test
    void answer_as_openai_documents_it() throws Exception {
        String json = """
            {"id":"chatcmpl-A1","object":"chat.completion","created":1795000000,"model":"gpt-4o-mini-2024-07-18",
             "choices":[{"index":0,"message":{"role":"assistant","content":"Hi","refusal":null,"annotations":[]},
                         "logprobs":null,"finish_reason":"stop"}],%s
             "service_tier":"default","system_fingerprint":"fp_x"}
            """;
        String usage = """
            {"prompt_tokens":9,"completion_tokens":2,"total_tokens":11,
             "prompt_tokens_details":{"cached_tokens":4,"audio_tokens":0},
             "completion_tokens_details":{"reasoning_tokens":1,"audio_tokens":0,"accepted_prediction_tokens":0,
               "rejected_prediction_tokens":0}}
            """;
        ChatAnswer answer = wire.whole(OpenAiPreset.OPENAI.dialect(), json.formatted("\"usage\":" + usage + ","));
        assertThat(answer.body()).isEqualTo(PlainJson.object(json.formatted("")));
        assertThat(answer.usage().wire()).isEqualTo(PlainJson.object(usage));
        assertThat(answer.usage().billed().quantities())
                .isEqualTo(Map.of(
                        Unit.INPUT_TOKENS, 5L,
                        Unit.CACHED_INPUT_TOKENS, 4L,
                        Unit.OUTPUT_TOKENS, 1L,
                        Unit.REASONING_TOKENS, 1L));
    }

    @Test
    void field_at_fault_has_the_callers_name() {
        wire.upstream.answer(Answer.json(
                422,
                "{\"object\":\"error\",\"message\":{\"detail\":[{\"type\":\"int_type\",\"loc\":[\"body\",\"random_seed\"],\"msg\":\"not"
                    + " a number\"}]},\"type\":\"invalid_request_error\",\"param\":null,\"code\":null}"));
        UpstreamException e = catchThrowableOfType(
                UpstreamException.class,
                () -> wire.provider("mistral", OpenAiPreset.MISTRAL.dialect())
                        .chat(Wire.call(), ChatRequest.of("m", "Hello")));
        assertThat(e.kind()).isEqualTo(Kind.REJECTED);
        assertThat(e.param()).isEqualTo("seed");
    }

    @Test
    void what_openai_always_sends_is_added_where_it_is_missing() throws Exception {
        ChatAnswer answer = wire.whole(
                OpenAiDialect.PLAIN,
                "\n\n\n"
                    + "{\"choices\":[{\"message\":{\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":{\"x\":1}}}]}}]}");
        Map<?, ?> choice = (Map<?, ?>) ((List<?>) answer.body().get("choices")).getFirst();
        assertThat(choice.get("index")).isEqualTo(0);
        assertThat(choice.containsKey("logprobs")).isTrue();
        assertThat(choice.get("finish_reason")).isEqualTo("tool_calls");
        Map<?, ?> message = (Map<?, ?>) choice.get("message");
        assertThat(message.get("role")).isEqualTo("assistant");
        assertThat(message.containsKey("content")).isTrue();
        assertThat(message.containsKey("refusal")).isTrue();
        Map<?, ?> call = (Map<?, ?>) ((List<?>) message.get("tool_calls")).getFirst();
        assertThat((String) call.get("id")).startsWith("call_");
        assertThat(call.get("type")).isEqualTo("function");
        assertThat(call.get("function")).isEqualTo(Map.of("name", "f", "arguments", "{\"x\":1}"));
    }

    @Test
    void usage_is_returned_and_taken_out_of_the_body() throws Exception {
        ChatAnswer answer = wire.whole(
                OpenAiPreset.GROQ.dialect(),
                Wire.COMPLETION.replaceFirst(
                        "\\{", "{\"x_groq\":{\"id\":\"r\"},\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2},"));
        assertThat(answer.usage().billed().quantity(Unit.INPUT_TOKENS)).isEqualTo(9);
        assertThat(answer.body()).containsOnlyKeys("choices");
    }

    @Test
    void empty_list_of_tool_calls_is_none() throws Exception {
        ChatAnswer answer = wire.whole(
                OpenAiDialect.PLAIN,
                "{\"choices\":[{\"message\":{\"content\":\"Hi\",\"tool_calls\":[]},\"finish_reason\":\"stop\"}]}");
        assertThat(answer.body().toString()).contains("finish_reason=stop").doesNotContain("tool_calls");
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                arguments(Answer.json(200, "{\"error\":{\"code\":402,\"message\":\"m\"}}"), Kind.QUOTA_EXHAUSTED),
                arguments(
                        Answer.json(200, "{\"error\":{\"code\":429,\"message\":\"m\"},\"choices\":[]}"),
                        Kind.RATE_LIMITED),
                arguments(
                        Answer.json(
                                200,
                                "{\"error\":{\"message\":\"m\",\"type\":\"invalid_request_error\",\"param\":\"x\"}}"),
                        Kind.REJECTED),
                arguments(
                        Answer.json(200, "{\"object\":\"error\",\"message\":\"m\",\"code\":\"503\"}"), Kind.OVERLOADED),
                arguments(
                        Answer.json(
                                200,
                                "{\"result\":null,\"success\":false,\"errors\":[{\"code\":3036,\"message\":\"m\"}]}"),
                        Kind.QUOTA_EXHAUSTED),
                arguments(
                        Answer.json(
                                200,
                                "{\"choices\":[{\"message\":{\"content\":\"\"},\"finish_reason\":\"error\",\"error\":{\"code\":503,\"message\":\"m\"}}]}"),
                        Kind.OVERLOADED),
                arguments(
                        Answer.json(
                                200, "{\"choices\":[{\"message\":{\"content\":\"\"},\"finish_reason\":\"error\"}]}"),
                        Kind.FAILED),
                arguments(Answer.json(200, "{}"), Kind.MALFORMED),
                arguments(Answer.json(200, "[]"), Kind.MALFORMED),
                arguments(Answer.json(200, ""), Kind.MALFORMED),
                arguments(Answer.json(200, "null"), Kind.MALFORMED),
                arguments(Answer.json(200, "<html>"), Kind.MALFORMED),
                arguments(Answer.json(200, "{\"choices\":[]}"), Kind.MALFORMED),
                arguments(Answer.json(200, "{\"choices\":{}}"), Kind.MALFORMED),
                arguments(Answer.json(200, "{\"choices\":[null]}"), Kind.MALFORMED),
                arguments(Answer.json(200, "{\"choices\":[{\"text\":\"Hi\"}]}"), Kind.MALFORMED),
                arguments(Answer.json(200, "{\"choices\":[{\"message\":{\"content\":{\"a\":1}}}]}"), Kind.MALFORMED),
                arguments(Answer.json(200, Wire.COMPLETION + "}"), Kind.MALFORMED),
                arguments(Answer.json(307, Map.of("Location", "/x"), ""), Kind.MALFORMED),
                arguments(Answer.json(502, "<html><body>Bad gateway</body></html>"), Kind.FAILED),
                arguments(Answer.cut(30, Answer.json(200, Wire.COMPLETION)), Kind.UNREACHABLE));
    }

    @ParameterizedTest
    @MethodSource
    void failures(Answer answer, Kind kind) {
        wire.upstream.answer(answer);
        UpstreamException e = catchThrowableOfType(
                UpstreamException.class,
                () -> wire.provider("under-test", OpenAiDialect.PLAIN).chat(Wire.call(), ChatRequest.of("m", "Hello")));
        assertThat(e.kind()).isEqualTo(kind);
    }
}
