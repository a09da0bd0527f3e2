package io.synapse.gateway.providers.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatCollector;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.testkit.ChatGrammar;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.PlainJson;
import io.synapse.gateway.testkit.fake.RecordingSink;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class GeminiAnswerTest {
    private static final String MODEL = "gemini-3.5-flash-lite";
    private static final String HELLO = "{\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
    private static final String STOPPED = "{\"candidates\":[{\"content\":{},\"finishReason\":\"STOP\"}]}";

    private final GeminiWire wire = new GeminiWire();
    private final RecordingSink sink = new RecordingSink();

    @AfterEach
    void close() {
        wire.close();
    }

    private ChatAnswer whole(String answer) throws UpstreamException {
        wire.upstream.answer(Answer.json(200, answer));
        return wire.provider.chat(GeminiWire.call(MODEL), GeminiWire.chat(HELLO));
    }

    private ChatUsage streamed(Answer answer) throws UpstreamException {
        wire.upstream.answer(answer);
        return wire.provider.stream(GeminiWire.call(MODEL), GeminiWire.chat(HELLO), sink);
    }

    private static String ended(String parts, String reason) {
        return "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":" + parts + "},\"finishReason\":\"" + reason
                + "\",\"index\":0,\"safetyRatings\":[]}],\"modelVersion\":\"gemini-x\",\"responseId\":\"abc\"}";
    }

    private static String used(String figures) {
        return "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hi\"}]},\"finishReason\":\"STOP\"}],"
                + "\"usageMetadata\":" + figures + "}";
    }

    private static Map<?, ?> choice(ChatAnswer answer) {
        return (Map<?, ?>) ((List<?>) answer.body().get("choices")).getFirst();
    }

    @Test
    void whole_answer() throws Exception {
        ChatAnswer answer = whole("""
            {"candidates":[{"content":{"role":"model","parts":[{"text":"A cat."}]},"finishReason":"STOP","index":0,
               "safetyRatings":[]}],
             "usageMetadata":{"promptTokenCount":270,"candidatesTokenCount":4,"thoughtsTokenCount":31,
               "cachedContentTokenCount":0,"totalTokenCount":305,"promptTokensDetails":[
               {"modality":"TEXT","tokenCount":12},{"modality":"IMAGE","tokenCount":258}]},
             "modelVersion":"gemini-x","responseId":"abc"}
            """);
        assertThat(answer.text()).isEqualTo("A cat.");
        assertThat(choice(answer).get("finish_reason")).isEqualTo("stop");
        ChatUsage usage = answer.usage();
        assertThat(usage.billed())
                .isEqualTo(
                        new Usage(Map.of(Unit.INPUT_TOKENS, 270L, Unit.OUTPUT_TOKENS, 4L, Unit.REASONING_TOKENS, 31L)));
        assertThat(usage.wire())
                .containsEntry("prompt_tokens", 270L)
                .containsEntry("completion_tokens", 35L)
                .containsEntry("total_tokens", 305L);
    }

    static Stream<Arguments> usages() {
        return Stream.of(
                arguments("{\"promptTokenCount\":5}", Usage.of(Unit.INPUT_TOKENS, 5, Unit.OUTPUT_TOKENS, 0)),
                arguments(
                        "{\"promptTokenCount\":100,\"cachedContentTokenCount\":60,\"toolUsePromptTokenCount\":7,"
                            + "\"candidatesTokenCount\":3,\"promptTokensDetails\":[{\"modality\":\"AUDIO\","
                            + "\"tokenCount\":30}],\"cacheTokensDetails\":[{\"modality\":\"AUDIO\",\"tokenCount\":10}]}",
                        new Usage(Map.of(
                                Unit.INPUT_TOKENS, 27L,
                                Unit.CACHED_INPUT_TOKENS, 60L,
                                Unit.AUDIO_INPUT_TOKENS, 20L,
                                Unit.OUTPUT_TOKENS, 3L))),
                // Parts that are more than the whole.
                arguments(
                        "{\"promptTokenCount\":10,\"cachedContentTokenCount\":60,\"candidatesTokenCount\":3}",
                        Usage.of(Unit.INPUT_TOKENS, 10, Unit.OUTPUT_TOKENS, 3)),
                // Thoughts counted within the answer, by the total.
                arguments(
                        "{\"promptTokenCount\":10,\"candidatesTokenCount\":30,\"thoughtsTokenCount\":20,"
                                + "\"totalTokenCount\":40}",
                        new Usage(
                                Map.of(Unit.INPUT_TOKENS, 10L, Unit.OUTPUT_TOKENS, 10L, Unit.REASONING_TOKENS, 20L))));
    }

    @ParameterizedTest
    @MethodSource("usages")
    void usage_in_disjoint_units(String figures, Usage billed) throws Exception {
        assertThat(whole(used(figures)).usage().billed()).isEqualTo(billed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "7",
                "{\"candidatesTokenCount\":3,\"totalTokenCount\":3}",
                "{\"promptTokenCount\":-1}",
                "{\"promptTokenCount\":\"5\"}",
                "{\"promptTokenCount\":5,\"candidatesTokenCount\":1.5}",
                "{\"promptTokenCount\":5,\"thoughtsTokenCount\":9000000000000000}",
                "{\"promptTokenCount\":1000000000000,\"toolUsePromptTokenCount\":1000000000000}"
            })
    void figures_that_cannot_be_are_no_usage(String figures) throws Exception {
        assertThat(whole(used(figures)).usage()).isNull();
    }

    @Test
    void stream_counts_up_and_the_last_figures_stand() throws Exception {
        ChatUsage usage = streamed(
                Answer.eventStream(
                        "data:"
                            + " {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"He\"}]}}],\"usageMetadata\":{\"promptTokenCount\":5,\"candidatesTokenCount\":1}}\r\n\r\n"
                            + "data:"
                            + " {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"llo\"}]},\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":5,\"candidatesTokenCount\":2}}\r\n\r\n"));
        assertThat(sink.text(0)).isEqualTo("Hello");
        assertThat(usage.billed()).isEqualTo(Usage.of(Unit.INPUT_TOKENS, 5, Unit.OUTPUT_TOKENS, 2));
        assertThat(wire.upstream.lastRequest().toString())
                .isEqualTo("POST /v1beta/models/" + MODEL + ":streamGenerateContent?alt=sse");
        ChatGrammar.check(sink.chunks());
    }

    @Test
    void figures_from_before_the_last_words_are_not_the_usage() throws Exception {
        assertThat(streamed(Answer.events(
                        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"He\"}]}}],"
                                + "\"usageMetadata\":{\"promptTokenCount\":5,\"candidatesTokenCount\":1}}",
                        ended("[{\"text\":\"llo\"}]", "STOP"))))
                .isNull();
    }

    @Test
    void stream_that_comes_as_one_array_is_read_as_well() throws Exception {
        streamed(Answer.json(
                200,
                "[{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"He\"}]}}]},"
                        + ended("[{\"text\":\"llo\"}]", "STOP") + "]"));
        assertThat(sink.text(0)).isEqualTo("Hello");
        ChatGrammar.check(sink.chunks());
    }

    @Test
    void tools_are_called_with_their_signatures_and_ids() throws Exception {
        streamed(Answer.events(
                "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"id\":\"up-1\",\"name\":\"warm\","
                        + "\"args\":{\"town\":\"Oslo\"}},\"thoughtSignature\":\"c2ln\"}]}}]}",
                ended(
                        "[{\"functionCall\":{\"name\":\"wet\"}},{\"text\":\"\",\"thoughtSignature\":\"eA==\"}]",
                        "STOP")));
        ChatGrammar.check(sink.chunks());
        ChatCollector collector = new ChatCollector();
        sink.chunks().forEach(collector::chunk);
        Map<?, ?> choice = choice(collector.answer(null));
        assertThat(choice.get("finish_reason")).isEqualTo("tool_calls");
        List<?> calls = (List<?>) ((Map<?, ?>) choice.get("message")).get("tool_calls");
        assertThat(calls.getFirst()).isEqualTo(PlainJson.object("""
            {"id":"up-1","type":"function","function":{"name":"warm","arguments":"{\\"town\\":\\"Oslo\\"}"},
             "extra_content":{"google":{"thought_signature":"c2ln"}}}
            """));
        Map<?, ?> second = (Map<?, ?>) calls.getLast();
        assertThat((String) second.get("id")).matches("call_[0-9A-Za-z]{24}");
        assertThat(second.get("function")).isEqualTo(Map.of("name", "wet", "arguments", "{}"));
    }

    @Test
    void thoughts_are_told_apart_from_what_is_said() throws Exception {
        ChatAnswer answer = whole(ended("[{\"text\":\"Hm.\",\"thought\":true},{\"text\":\"A cat.\"}]", "STOP"));
        assertThat(answer.text()).isEqualTo("A cat.");
        assertThat((Map<?, ?>) choice(answer).get("message"))
                .isEqualTo(PlainJson.object("{\"role\":\"assistant\",\"content\":\"A"
                        + " cat.\",\"refusal\":null,\"reasoning_content\":\"Hm.\"}"));
    }

    @ParameterizedTest
    @CsvSource({
        "STOP,stop",
        "MAX_TOKENS,length",
        "SAFETY,content_filter",
        "RECITATION,content_filter",
        "LANGUAGE,content_filter",
        "BLOCKLIST,content_filter",
        "PROHIBITED_CONTENT,content_filter",
        "SPII,content_filter",
        "IMAGE_SAFETY,content_filter",
        "IMAGE_PROHIBITED_CONTENT,content_filter",
        "IMAGE_RECITATION,content_filter",
        "IMAGE_OTHER,content_filter",
        "OTHER,stop",
        "MALFORMED_RESPONSE,stop",
        "MALFORMED_FUNCTION_CALL,stop",
        "TOO_MANY_TOOL_CALLS,stop",
        "A_REASON_OF_TOMORROW,stop"
    })
    void why_an_answer_ended(String reason, String told) throws Exception {
        assertThat(choice(whole(ended("[{\"text\":\"Hi\"}]", reason))).get("finish_reason"))
                .isEqualTo(told);
    }

    @ParameterizedTest
    @CsvSource({
        "STOP,MALFORMED",
        "A_REASON_OF_TOMORROW,MALFORMED",
        "OTHER,FAILED",
        "MALFORMED_FUNCTION_CALL,FAILED",
        "MALFORMED_RESPONSE,FAILED",
        "UNEXPECTED_TOOL_CALL,FAILED",
        "TOO_MANY_TOOL_CALLS,FAILED",
        "MISSING_THOUGHT_SIGNATURE,FAILED"
    })
    void empty_answer_is_a_failure(String reason, Kind kind) {
        assertThat(GeminiWire.failure(() -> whole(ended("[]", reason))).kind()).isEqualTo(kind);
        assertThat(GeminiWire.failure(() -> streamed(Answer.events(ended("[{\"text\":\"\"}]", reason))))
                        .kind())
                .isEqualTo(kind);
        assertThat(sink.finishReasons(0)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAX_TOKENS", "SAFETY"})
    void empty_answer_with_a_reason_is_empty(String reason) throws Exception {
        ChatAnswer answer = whole("{\"candidates\":[{\"content\":{},\"finishReason\":\"" + reason + "\"}]}");
        assertThat(answer.text()).isEmpty();
        assertThat(choice(answer).get("finish_reason")).isIn("length", "content_filter");
    }

    @Test
    void blocked_prompt_is_a_filtered_answer() throws Exception {
        String blocked = "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"},\"usageMetadata\":{\"promptTokenCount\":4}}";
        ChatAnswer answer = whole(blocked);
        assertThat(answer.text()).isEmpty();
        assertThat(choice(answer).get("finish_reason")).isEqualTo("content_filter");
        assertThat(answer.usage().billed().quantity(Unit.INPUT_TOKENS)).isEqualTo(4);
        streamed(Answer.events(blocked));
        ChatGrammar.check(sink.chunks());
        assertThat(sink.finishReasons(0)).containsExactly("content_filter");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "not json",
                "<html></html>",
                "{\"candidates\":[]}",
                "{\"candidates\":[7]}",
                "{\"candidates\":[{\"content\":{\"parts\":[7]},\"finishReason\":\"STOP\"}]}",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hi\"}]},\"index\":1,\"finishReason\":\"STOP\"}]}",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hi\"}]},\"index\":-1,\"finishReason\":\"STOP\"}]}",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hi\"}]}}]}",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{}}]},\"finishReason\":\"STOP\"}]}",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"inlineData\":{\"data\":\"AA==\"}}]},\"finishReason\":\"STOP\"}]}"
            })
    void what_is_no_answer_is_malformed(String answer) {
        assertThat(GeminiWire.failure(() -> whole(answer)).kind()).isEqualTo(Kind.MALFORMED);
    }

    @Test
    void candidates_with_a_gap_are_malformed() {
        wire.upstream.answer(
                Answer.json(
                        200,
                        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hi\"}]},\"index\":1,\"finishReason\":\"STOP\"}]}"));
        assertThat(GeminiWire.failure(() -> wire.provider.chat(
                                GeminiWire.call(MODEL),
                                GeminiWire.chat("{\"n\":2,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}")))
                        .kind())
                .isEqualTo(Kind.MALFORMED);
        assertThat(((Map<?, ?>) wire.upstream.lastRequest().json().get("generationConfig")).get("candidateCount"))
                .isEqualTo(2);
    }

    @Test
    void web_page_instead_of_a_stream_is_malformed() {
        assertThat(GeminiWire.failure(() -> streamed(
                                Answer.whole(200, Map.of("Content-Type", "text/html"), "<html>Sign in</html>")))
                        .kind())
                .isEqualTo(Kind.MALFORMED);
    }

    @Test
    void connection_that_breaks_after_the_end_breaks_nothing() {
        assertThatCode(() -> streamed(exchange -> {
                    Answer.events(ended("[{\"text\":\"Hi\"}]", "STOP")).write(exchange);
                    exchange.close();
                }))
                .doesNotThrowAnyException();
        assertThat(sink.finishReasons(0)).containsExactly("stop");
    }

    @Test
    void stream_without_a_reason_at_its_end_was_cut_off() {
        assertThat(GeminiWire.failure(() -> streamed(
                                Answer.events("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hi\"}]}}]}")))
                        .kind())
                .isEqualTo(Kind.UNREACHABLE);
    }

    static Stream<Arguments> errors() {
        return Stream.of(
                arguments(400, error("INVALID_ARGUMENT", "API key not valid.", ""), Kind.UNAUTHORIZED),
                arguments(
                        400,
                        error("INVALID_ARGUMENT", "API key expired.", "{\"reason\":\"API_KEY_INVALID\"}"),
                        Kind.UNAUTHORIZED),
                arguments(
                        400,
                        error("FAILED_PRECONDITION", "User location is not supported for the API use.", ""),
                        Kind.UNAUTHORIZED),
                arguments(
                        403, error("PERMISSION_DENIED", "Your API key was reported as leaked.", ""), Kind.UNAUTHORIZED),
                arguments(404, error("NOT_FOUND", "models/x is not found", ""), Kind.MODEL_GONE),
                arguments(429, error("RESOURCE_EXHAUSTED", "m", "{\"retryDelay\":\"37s\"}"), Kind.RATE_LIMITED),
                arguments(
                        429,
                        error(
                                "RESOURCE_EXHAUSTED",
                                "m",
                                "{\"violations\":[{\"quotaId\":\"GenerateRequestsPerDayPerProject\"}]}"),
                        Kind.QUOTA_EXHAUSTED),
                arguments(500, error("INTERNAL", "m", ""), Kind.FAILED),
                arguments(503, error("UNAVAILABLE", "The model is overloaded.", ""), Kind.OVERLOADED),
                arguments(504, error("DEADLINE_EXCEEDED", "m", ""), Kind.TIMED_OUT));
    }

    private static String error(String status, String message, String detail) {
        return "{\"error\":{\"code\":400,\"message\":\"" + message + "\",\"status\":\"" + status + "\",\"details\":["
                + detail + "]}}";
    }

    @ParameterizedTest
    @MethodSource("errors")
    void failures_by_their_kinds(int status, String body, Kind kind) {
        wire.upstream.answer(Answer.json(status, body), Answer.json(status, "[" + body + "]"));
        for (int i = 0; i < 2; i++) {
            UpstreamException failure = GeminiWire.failure(
                    () -> wire.provider.stream(GeminiWire.call(MODEL), GeminiWire.chat(HELLO), sink));
            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure.getMessage()).doesNotContain(GeminiWire.KEY);
            if (kind == Kind.RATE_LIMITED) {
                assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(37));
            }
        }
    }

    @Test
    void quota_of_a_day_with_all_its_details() {
        wire.upstream.answer(Answer.json(429, """
            {"error":{"code":429,"message":"Quota exceeded for the day","status":"RESOURCE_EXHAUSTED",
             "details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"37.5s"},
               {"@type":"type.googleapis.com/google.rpc.QuotaFailure",
                "violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]}]}}
            """));
        UpstreamException failure =
                GeminiWire.failure(() -> wire.provider.chat(GeminiWire.call(MODEL), GeminiWire.chat(HELLO)));
        assertThat(failure.kind()).isEqualTo(Kind.QUOTA_EXHAUSTED);
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofMillis(37_500));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "{\"fieldViolations\":[{\"field\":\"generation_config.stop_sequences\"}]} | m | stop",
                "{\"fieldViolations\":[{\"field\":\"generation_config.response_json_schema\"}]} | m | response_format",
                "{\"fieldViolations\":[{\"field\":\"contents[1].parts[0].function_response\"}]} | m | messages",
                "{\"fieldViolations\":[{\"field\":\"tools[0].function_declarations[0].name\"}]} | m | tools",
                "{\"fieldViolations\":[{\"field\":\"a_thing_of_tomorrow\"}]} | m | -",
                "{} | Invalid value at 'generation_config.temperature' (TYPE_FLOAT) | temperature",
                "{} | * GenerateContentRequest.tool_config.function_calling_config: no such name | tool_choice",
                "{} | The input token count (2000000) exceeds the maximum number of tokens allowed | messages",
                "{} | Something else | -"
            })
    void refusal_names_the_callers_field(String detail, String message, String field) {
        wire.upstream.answer(Answer.json(400, error("INVALID_ARGUMENT", message, detail)));
        UpstreamException failure =
                GeminiWire.failure(() -> wire.provider.chat(GeminiWire.call(MODEL), GeminiWire.chat(HELLO)));
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.param()).isEqualTo(field);
        assertThat(failure).hasMessage(message);
    }

    @Test
    void error_with_a_status_of_success_is_an_error() {
        assertThat(GeminiWire.failure(() -> whole(GeminiFormat.error(503, "UNAVAILABLE", "m", null)))
                        .kind())
                .isEqualTo(Kind.OVERLOADED);
        assertThat(GeminiWire.failure(() -> streamed(Answer.events(
                                STOPPED.replace("STOP", ""), GeminiFormat.error(429, "RESOURCE_EXHAUSTED", "m", null))))
                        .kind())
                .isEqualTo(Kind.RATE_LIMITED);
    }
}
