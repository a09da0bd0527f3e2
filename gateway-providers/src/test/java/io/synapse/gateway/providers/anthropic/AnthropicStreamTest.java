package io.synapse.gateway.providers.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatCollector;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.anthropic.Wire.Streamed;
import io.synapse.gateway.testkit.ChatGrammar;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.PlainJson;
import io.synapse.gateway.testkit.fake.RecordingSink;
import java.util.ArrayList;
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

/** Messages as Anthropic writes them, streamed and whole. */
@Timeout(60)
class AnthropicStreamTest {
    private static final String START =
            "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_01\",\"type\":\"message\",\"role\":\"assistant\","
                + "\"model\":\"c\",\"content\":[],\"stop_reason\":null,\"usage\":{\"input_tokens\":20,\"output_tokens\":1}}}";
    private static final String STOP = "{\"type\":\"message_stop\"}";
    static final List<String> HELLO = List.of(
            START,
            "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"Hel\"}}",
            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"lo\"}}",
            "{\"type\":\"content_block_stop\",\"index\":0}",
            last("end_turn", "{\"output_tokens\":30}"),
            STOP);

    private final Wire wire = new Wire();

    @AfterEach
    void close() {
        wire.close();
    }

    private static String last(String reason, String usage) {
        return "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"" + reason
                + "\",\"stop_sequence\":null},\"usage\":" + usage + "}";
    }

    private static String block(int index, String block) {
        return "{\"type\":\"content_block_start\",\"index\":" + index + ",\"content_block\":" + block + "}";
    }

    private static String delta(int index, String delta) {
        return "{\"type\":\"content_block_delta\",\"index\":" + index + ",\"delta\":" + delta + "}";
    }

    private static String stop(int index) {
        return "{\"type\":\"content_block_stop\",\"index\":" + index + "}";
    }

    private Streamed stream(String fields, String... events) throws UpstreamException {
        Streamed streamed = wire.stream(fields, List.of(events));
        ChatGrammar.check(streamed.sink().chunks());
        return streamed;
    }

    private static Map<?, ?> message(ChatAnswer answer) {
        List<?> choices = (List<?>) answer.body().get("choices");
        return (Map<?, ?>) ((Map<?, ?>) choices.getFirst()).get("message");
    }

    private static ChatAnswer collected(Streamed streamed) {
        ChatCollector collector = new ChatCollector();
        streamed.sink().chunks().forEach(collector::chunk);
        return collector.answer(null);
    }

    @Test
    void tool_calls_have_numbers_of_their_own() throws Exception {
        Streamed streamed = stream(
                "",
                START,
                block(0, "{\"type\":\"text\",\"text\":\"\"}"),
                delta(0, "{\"type\":\"text_delta\",\"text\":\"Checking.\"}"),
                stop(0),
                "{\"type\":\"ping\"}",
                block(1, "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"get_temp\",\"input\":{}}"),
                delta(1, "{\"type\":\"input_json_delta\",\"partial_json\":\"\"}"),
                delta(1, "{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"city\\\":\"}"),
                delta(1, "{\"type\":\"input_json_delta\",\"partial_json\":\"\\\"Oslo\\\"}\"}"),
                stop(1),
                block(2, "{\"type\":\"tool_use\",\"id\":\"toolu_2\",\"name\":\"now\",\"input\":{}}"),
                stop(2),
                "{\"type\":\"of_tomorrow\"}",
                last("tool_use", "{\"output_tokens\":30}"),
                STOP);
        assertThat(streamed.sink().text(0)).isEqualTo("Checking.");
        assertThat(streamed.sink().finishReasons(0)).containsExactly("tool_calls");
        assertThat(message(collected(streamed)).get("tool_calls")).isEqualTo(PlainJson.read("""
            [{"id": "toolu_1", "type": "function", "function": {"name": "get_temp", "arguments": "{\\"city\\":\\"Oslo\\"}"}},
             {"id": "toolu_2", "type": "function", "function": {"name": "now", "arguments": "{}"}}]
            """));
    }

    @Test
    void whole_message() throws Exception {
        ChatAnswer answer = wire.whole("""
            {"id": "msg_01", "type": "message", "role": "assistant", "model": "claude-haiku-4-5-20251001",
             "content": [{"type": "text", "text": "Checking."},
                {"type": "tool_use", "id": "toolu_1", "name": "get_temp", "input": {"city": "Oslo"}}],
             "stop_reason": "tool_use", "stop_sequence": null,
             "usage": {"input_tokens": 20, "cache_creation_input_tokens": 5, "cache_read_input_tokens": 100,
                "output_tokens": 30, "service_tier": "standard"}}
            """, "");
        assertThat(message(answer)).isEqualTo(PlainJson.object("""
            {"role": "assistant", "content": "Checking.", "refusal": null, "tool_calls": [
                {"id": "toolu_1", "type": "function", "function": {"name": "get_temp", "arguments": "{\\"city\\":\\"Oslo\\"}"}}]}
            """));
        ChatUsage usage = answer.usage();
        assertThat(usage.billed().quantities())
                .isEqualTo(Map.of(
                        Unit.INPUT_TOKENS, 20L,
                        Unit.CACHED_INPUT_TOKENS, 100L,
                        Unit.CACHE_WRITE_TOKENS, 5L,
                        Unit.OUTPUT_TOKENS, 30L));
        assertThat(usage.wire()).containsEntry("prompt_tokens", 125L).containsEntry("completion_tokens", 30L);
    }

    @Test
    void message_that_came_whole_though_a_stream_was_asked_for() throws Exception {
        wire.upstream.answer(Answer.json(200, Wire.HI));
        RecordingSink sink = new RecordingSink();
        assertThat(wire.provider().stream(Wire.call("claude-haiku-4-5"), Wire.hello(""), sink))
                .isNull();
        assertThat(sink.text(0)).isEqualTo("Hi");
        ChatGrammar.check(sink.chunks());
    }

    @Test
    void thoughts_are_told_and_with_tools_handed_on_with_their_signature() throws Exception {
        String[] events = {
            START,
            block(0, "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}"),
            delta(0, "{\"type\":\"thinking_delta\",\"thinking\":\"Hm, \"}"),
            delta(0, "{\"type\":\"thinking_delta\",\"thinking\":\"yes\"}"),
            delta(0, "{\"type\":\"signature_delta\",\"signature\":\"c2ln\"}"),
            stop(0),
            block(1, "{\"type\":\"redacted_thinking\",\"data\":\"ZGF0YQ\"}"),
            stop(1),
            block(2, "{\"type\":\"text\",\"text\":\"Yes.\"}"),
            stop(2),
            last("end_turn", "{\"output_tokens\":30,\"output_tokens_details\":{\"thinking_tokens\":21}}"),
            STOP
        };
        Streamed plain = stream("", events);
        assertThat(message(collected(plain))).isEqualTo(PlainJson.object("""
            {"role": "assistant", "content": "Yes.", "refusal": null, "reasoning_content": "Hm, yes"}
            """));
        assertThat(plain.usage().billed().quantities())
                .isEqualTo(Map.of(Unit.INPUT_TOKENS, 20L, Unit.OUTPUT_TOKENS, 9L, Unit.REASONING_TOKENS, 21L));
        Streamed withTools = stream("\"tools\":[" + Wire.TOOL + "]", events);
        assertThat(message(collected(withTools)).get("thinking_blocks")).isEqualTo(PlainJson.read("""
            [{"type": "thinking", "thinking": "Hm, yes", "signature": "c2ln"},
             {"type": "redacted_thinking", "data": "ZGF0YQ"}]
            """));
    }

    @ParameterizedTest
    @CsvSource({
        "end_turn, stop",
        "stop_sequence, stop",
        "pause_turn, stop",
        "of_tomorrow, stop",
        "max_tokens, length",
        "model_context_window_exceeded, length",
        "refusal, content_filter"
    })
    void reason_for_the_end(String reason, String finish) throws Exception {
        List<String> events = new ArrayList<>(HELLO);
        events.set(4, last(reason, "{\"output_tokens\":3}"));
        Streamed streamed = stream("", events.toArray(String[]::new));
        assertThat(streamed.sink().text(0)).isEqualTo("Hello");
        assertThat(streamed.sink().finishReasons(0)).containsExactly(finish);
    }

    @ParameterizedTest
    @CsvSource({"refusal, content_filter", "max_tokens, length", "stop_sequence, stop"})
    void some_answers_end_before_the_first_word(String reason, String finish) throws Exception {
        Streamed streamed = stream("", START, last(reason, "{\"output_tokens\":0}"), STOP);
        assertThat(streamed.sink().finishReasons(0)).containsExactly(finish);
        assertThat(streamed.usage().billed().quantity(Unit.OUTPUT_TOKENS)).isZero();
    }

    @Test
    void last_figures_of_the_usage_count() throws Exception {
        Streamed streamed = stream(
                "",
                START,
                HELLO.get(1),
                stop(0),
                last(
                        "end_turn",
                        "{\"input_tokens\":22,\"cache_read_input_tokens\":7,\"cache_creation_input_tokens\":0,\"output_tokens\":3}"),
                STOP);
        assertThat(streamed.usage().billed().quantities())
                .isEqualTo(Map.of(Unit.INPUT_TOKENS, 22L, Unit.CACHED_INPUT_TOKENS, 7L, Unit.OUTPUT_TOKENS, 3L));
    }

    @Test
    void figures_of_the_beginning_stand_where_the_end_does_not_repeat_them() throws Exception {
        String start = START.replace(
                "\"input_tokens\":20,",
                "\"input_tokens\":20,\"cache_read_input_tokens\":100,\"cache_creation_input_tokens\":5,");
        Streamed streamed = stream("", start, HELLO.get(1), stop(0), last("end_turn", "{\"output_tokens\":3}"), STOP);
        assertThat(streamed.usage().billed().quantities())
                .isEqualTo(Map.of(
                        Unit.INPUT_TOKENS, 20L,
                        Unit.CACHED_INPUT_TOKENS, 100L,
                        Unit.CACHE_WRITE_TOKENS, 5L,
                        Unit.OUTPUT_TOKENS, 3L));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{}",
                "{\"output_tokens\":-1}",
                "{\"output_tokens\":1.5}",
                "{\"output_tokens\":\"9\"}",
                "{\"output_tokens\":9000000000000}",
                "{\"output_tokens\":9,\"input_tokens\":-5}"
            })
    void usage_that_cannot_be_is_none(String usage) throws Exception {
        assertThat(stream("", START, HELLO.get(1), stop(0), last("end_turn", usage), STOP)
                        .usage())
                .isNull();
    }

    @Test
    void more_thoughts_than_words_are_no_part_of_them() throws Exception {
        String usage = "{\"output_tokens\":3,\"output_tokens_details\":{\"thinking_tokens\":5}}";
        assertThat(stream("", START, HELLO.get(1), stop(0), last("end_turn", usage), STOP)
                        .usage()
                        .billed()
                        .quantities())
                .isEqualTo(Map.of(Unit.INPUT_TOKENS, 20L, Unit.OUTPUT_TOKENS, 3L));
    }

    static Stream<Arguments> nonsense() {
        String text = HELLO.get(1);
        return Stream.of(
                arguments("nothing said", List.of(START, last("end_turn", "{}"), STOP)),
                arguments("an unknown end of nothing", List.of(START, last("of_tomorrow", "{}"), STOP)),
                arguments("no reason", List.of(START, text, stop(0), STOP)),
                arguments("an end alone", List.of(STOP)),
                arguments(
                        "a block that is not open",
                        List.of(START, delta(0, "{\"type\":\"text_delta\",\"text\":\"x\"}"))),
                arguments("another block", List.of(START, text, delta(1, "{\"type\":\"text_delta\",\"text\":\"x\"}"))),
                arguments("no number", List.of("{\"type\":\"content_block_start\",\"content_block\":{}}")),
                arguments("no block", List.of("{\"type\":\"content_block_start\",\"index\":0}")),
                arguments("no delta", List.of("{\"type\":\"message_delta\"}")),
                arguments("no name", List.of(START, block(0, "{\"type\":\"tool_use\",\"id\":\"t\"}"))),
                arguments("no type", List.of("{\"what\":\"is this?\"}")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("nonsense")
    void what_is_no_message_is_malformed(String name, List<String> events) {
        RecordingSink sink = new RecordingSink();
        assertThat(wire.failure(AnthropicFormat.events(events), sink).kind()).isEqualTo(Kind.MALFORMED);
        assertThat(sink.finishReasons(0)).isEmpty();
    }

    @Test
    void what_is_no_stream_is_malformed() {
        assertThat(wire.failure(Answer.whole(200, Map.of("Content-Type", "text/html"), "<html>"))
                        .kind())
                .isEqualTo(Kind.MALFORMED);
        assertThat(wire.failure(Answer.json(200, "{\"content\":[7]}")).kind()).isEqualTo(Kind.MALFORMED);
        assertThat(wire.failure(Answer.json(200, "[]")).kind()).isEqualTo(Kind.MALFORMED);
        assertThat(wire.failure(Answer.json(200, AnthropicFormat.error("api_error", "m")))
                        .kind())
                .isEqualTo(Kind.FAILED);
    }

    @Test
    void stream_without_its_end_is_cut_off() {
        for (int events = 1; events < HELLO.size(); events++) {
            RecordingSink sink = new RecordingSink();
            assertThat(wire.failure(AnthropicFormat.events(HELLO.subList(0, events)), sink)
                            .kind())
                    .isEqualTo(Kind.UNREACHABLE);
            assertThat(sink.finishReasons(0)).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "overloaded_error, OVERLOADED",
        "rate_limit_error, RATE_LIMITED",
        "api_error, FAILED",
        "timeout_error, TIMED_OUT",
        "billing_error, QUOTA_EXHAUSTED",
        "invalid_request_error, REJECTED"
    })
    void error_within_a_stream(String type, Kind kind) {
        List<String> events = new ArrayList<>(HELLO.subList(0, 3));
        events.add(AnthropicFormat.error(type, "m"));
        RecordingSink sink = new RecordingSink();
        assertThat(wire.failure(AnthropicFormat.events(events), sink).kind()).isEqualTo(kind);
        assertThat(sink.text(0)).isEqualTo("Hello");
        assertThat(sink.finishReasons(0)).isEmpty();
    }
}
