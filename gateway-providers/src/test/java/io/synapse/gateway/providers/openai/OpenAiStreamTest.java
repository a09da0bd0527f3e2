package io.synapse.gateway.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.synapse.gateway.chat.ChatCollector;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.openai.Wire.Streamed;
import io.synapse.gateway.testkit.ChatGrammar;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.CutException;
import io.synapse.gateway.testkit.fake.Gate;
import io.synapse.gateway.testkit.fake.PlainJson;
import io.synapse.gateway.testkit.fake.RecordingSink;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Streams as upstreams really write them. */
@Timeout(60)
class OpenAiStreamTest {
    private static final String DONE = "[DONE]";
    private static final String USAGE =
            "{\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2,\"total_tokens\":11}}";

    private final Wire wire = new Wire();

    @AfterEach
    void close() {
        wire.close();
    }

    private static String piece(String delta) {
        return "{\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":null}]}";
    }

    private static String end(String reason) {
        return "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"" + reason + "\"}]}";
    }

    private static final String HI = piece("{\"role\":\"assistant\",\"content\":\"Hi\"}");

    private Streamed stream(String... events) throws UpstreamException {
        return stream(OpenAiDialect.PLAIN, events);
    }

    private Streamed stream(OpenAiDialect dialect, String... events) throws UpstreamException {
        Streamed streamed = wire.stream(dialect, Answer.events(events));
        ChatGrammar.check(streamed.sink().chunks());
        return streamed;
    }

    private UpstreamException failure(Answer answer) {
        return catchThrowableOfType(UpstreamException.class, () -> wire.stream(OpenAiPreset.GROQ.dialect(), answer));
    }

    @Test
    void fields_of_chunks_pass_through() throws Exception {
        String chunk =
                "{\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"system_fingerprint\":\"fp\","
                    + "\"service_tier\":\"default\",\"obfuscation\":\"abc\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Hi\","
                    + "\"reasoning_content\":\"hm\",\"of_tomorrow\":[1.50]},\"logprobs\":{\"content\":[{\"token\":\"Hi\",\"logprob\":-0.10,\"bytes\":null,\"top_logprobs\":[]}]},"
                    + "\"finish_reason\":null}]}";
        Streamed streamed = stream(chunk, end("stop"), DONE);
        assertThat(streamed.chunks().getFirst()).isEqualTo(PlainJson.object(chunk));
    }

    @Test
    void stream_as_openai_documents_it() throws Exception {
        String head =
                "{\"id\":\"chatcmpl-B\",\"object\":\"chat.completion.chunk\",\"created\":1795000000,\"model\":\"m\",";
        List<String> chunks = List.of(
                "\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"index\":0,\"id\":\"call_9\","
                    + "\"type\":\"function\",\"function\":{\"name\":\"get_temp\",\"arguments\":\"\"}}]},\"logprobs\":null,\"finish_reason\":null}]",
                "\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"city\\\":\"}}]},"
                    + "\"logprobs\":null,\"finish_reason\":null}]",
                "\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"\\\"Oslo\\\"}\"}}]},"
                    + "\"logprobs\":null,\"finish_reason\":null}]",
                "\"choices\":[{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"tool_calls\"}]");
        Stream<String> events = chunks.stream().map(chunk -> head + chunk + ",\"usage\":null}");
        Streamed streamed = stream(
                OpenAiPreset.OPENAI.dialect(),
                Stream.concat(events, Stream.of(head + USAGE.substring(1), DONE))
                        .toArray(String[]::new));
        assertThat(streamed.chunks())
                .isEqualTo(chunks.stream()
                        .map(chunk -> PlainJson.object(head + chunk + "}"))
                        .toList());
        assertThat(streamed.usage().wire())
                .isEqualTo(PlainJson.object("{\"prompt_tokens\":9,\"completion_tokens\":2,\"total_tokens\":11}"));
    }

    @Test
    void usage_is_taken_out_and_returned() throws Exception {
        Streamed streamed = stream(
                "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}],\"usage\":null}",
                end("stop"),
                USAGE,
                DONE);
        assertThat(streamed.usage().billed().quantity(Unit.INPUT_TOKENS)).isEqualTo(9);
        assertThat(streamed.usage().wire()).containsEntry("total_tokens", 11);
        assertThat(streamed.chunks())
                .hasSize(2)
                .allSatisfy(chunk -> assertThat(chunk).doesNotContainKey("usage"));
    }

    @Test
    void of_usages_that_grow_the_last_counts() throws Exception {
        Streamed streamed = stream(
                "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"H\"}}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1}}",
                "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"i\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2}}",
                DONE);
        assertThat(streamed.usage().billed().quantity(Unit.OUTPUT_TOKENS)).isEqualTo(2);
    }

    @Test
    void last_usage_that_is_nonsense_is_none() throws Exception {
        Streamed streamed = stream(
                "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"H\"}}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1}}",
                end("stop"),
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":-2}}",
                DONE);
        assertThat(streamed.usage()).isNull();
    }

    @Test
    void groqs_own_envelope_is_read_and_removed() throws Exception {
        Streamed streamed = stream(
                OpenAiPreset.GROQ.dialect(),
                "{\"x_groq\":{\"id\":\"req_1\"},\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Hi\"}}]}",
                "{\"x_groq\":{\"id\":\"req_1\",\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2,\"total_tokens\":11,\"queue_time\":0.1},\"seed\":5},"
                    + "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}",
                DONE);
        assertThat(streamed.usage().billed().quantity(Unit.INPUT_TOKENS)).isEqualTo(9);
        assertThat(streamed.chunks()).allSatisfy(chunk -> assertThat(chunk).doesNotContainKey("x_groq"));
    }

    @Test
    void role_is_added_where_it_is_missing_and_not_repeated() throws Exception {
        Streamed streamed = stream(
                piece("{\"content\":\"H\"}"),
                piece("{\"role\":\"assistant\",\"content\":\"i\"}"),
                piece("{\"role\":null,\"content\":\"!\"}"),
                end("stop"),
                DONE);
        assertThat(streamed.sink().text(0)).isEqualTo("Hi!");
    }

    @Test
    void choices_may_interleave() throws Exception {
        Streamed streamed = stream(
                "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}},{\"index\":1,\"delta\":{\"content\":\"b\"}}]}",
                "{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"B\"},\"finish_reason\":\"length\"}]}",
                "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"A\"},\"finish_reason\":\"stop\"}]}",
                DONE);
        assertThat(streamed.sink().text(0)).isEqualTo("aA");
        assertThat(streamed.sink().text(1)).isEqualTo("bB");
        assertThat(streamed.sink().finishReasons(1)).containsExactly("length");
    }

    static Stream<Arguments> reasons() {
        return Stream.of(
                arguments("stop", "stop"),
                arguments("length", "length"),
                arguments("content_filter", "content_filter"),
                arguments("function_call", "function_call"),
                arguments("eos", "stop"),
                arguments("model_length", "length"),
                arguments("MAX_TOKENS", "length"),
                arguments("end_turn", "stop"),
                arguments("something_new", "stop"));
    }

    @ParameterizedTest
    @MethodSource
    void reasons(String word, String legal) throws Exception {
        assertThat(stream(HI, end(word), DONE).sink().finishReasons(0)).containsExactly(legal);
    }

    static Stream<Arguments> failingReasons() {
        return Stream.of(
                arguments(OpenAiPreset.MISTRAL, "error", Kind.FAILED),
                arguments(OpenAiPreset.VLLM, "abort", Kind.FAILED),
                arguments(OpenAiPreset.DEEPSEEK, "insufficient_system_resource", Kind.OVERLOADED));
    }

    @ParameterizedTest
    @MethodSource
    void failingReasons(OpenAiPreset preset, String word, Kind kind) {
        UpstreamException e = catchThrowableOfType(
                UpstreamException.class, () -> wire.stream(preset.dialect(), Answer.events(HI, end(word), DONE)));
        assertThat(e.kind()).isEqualTo(kind);
    }

    @Test
    void end_without_a_reason_is_given_one() throws Exception {
        assertThat(stream(HI, DONE).sink().finishReasons(0)).containsExactly("stop");
        assertThat(stream(
                                piece(
                                        "{\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}"),
                                DONE)
                        .sink()
                        .finishReasons(0))
                .containsExactly("tool_calls");
    }

    @Test
    void reason_of_an_empty_string_is_none() throws Exception {
        Streamed streamed = stream(
                "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"\"}]}",
                end("stop"),
                DONE);
        assertThat(streamed.sink().finishReasons(0)).containsExactly("stop");
    }

    @Test
    void what_repeats_the_end_is_dropped() throws Exception {
        Streamed streamed = stream(
                HI,
                end("stop"),
                end("stop"),
                "{\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2}}",
                DONE);
        assertThat(streamed.usage()).isNotNull();
    }

    @Test
    void done_is_not_needed_where_every_choice_has_ended() throws Exception {
        assertThat(stream(HI, end("stop"), USAGE).usage()).isNotNull();
    }

    @Test
    void loss_of_the_connection_after_every_choice_has_ended_costs_only_the_usage() throws Exception {
        Streamed streamed = wire.stream(OpenAiDialect.PLAIN, exchange -> {
            Answer.events(HI, end("stop")).write(exchange);
            throw new CutException();
        });
        assertThat(streamed.sink().text(0)).isEqualTo("Hi");
        assertThat(streamed.usage()).isNull();
    }

    @Test
    void comments_pings_and_blank_lines_are_nothing() throws Exception {
        Streamed streamed = wire.stream(
                OpenAiDialect.PLAIN,
                Answer.eventStream(": OPENROUTER PROCESSING\r\n\r\n: keep-alive\n\nevent: ping\n\ndata:\n\ndata: " + HI
                        + "\r\n\r\ndata:" + end("stop") + "\n\ndata:[DONE]"));
        assertThat(streamed.sink().text(0)).isEqualTo("Hi");
    }

    @Test
    void nothing_after_done_is_read() throws Exception {
        Streamed streamed = stream(HI, end("stop"), DONE, "garbage");
        assertThat(streamed.sink().text(0)).isEqualTo("Hi");
    }

    @Test
    void stream_that_stays_open_after_done_is_left() throws Exception {
        Streamed streamed = wire.stream(
                OpenAiDialect.PLAIN, Answer.eventsAround(List.of(HI, end("stop"), DONE), new Gate(), List.of()));
        assertThat(streamed.sink().text(0)).isEqualTo("Hi");
        wire.upstream.awaitHangUps(1);
    }

    @Test
    void pieces_are_passed_on_as_they_come() throws Exception {
        Gate gate = new Gate();
        wire.upstream.answer(Answer.eventsAround(List.of(HI), gate, List.of(end("stop"), DONE)));
        RecordingSink sink = new RecordingSink();
        FutureTask<Object> running = new FutureTask<>(() -> wire.provider("under-test", OpenAiDialect.PLAIN).stream(
                Wire.call(), ChatRequest.of("m", "Hello"), sink));
        Thread.ofVirtual().start(running);
        sink.awaitChunks(1);
        assertThat(running.isDone()).isFalse();
        gate.open();
        running.get(20, TimeUnit.SECONDS);
        assertThat(sink.chunks()).hasSize(2);
    }

    @Test
    void json_in_place_of_a_stream_is_passed_on_as_one() throws Exception {
        Streamed streamed = wire.stream(
                OpenAiDialect.PLAIN,
                Answer.json(
                        200,
                        "{\"id\":\"x\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hi\",\"tool_calls\":["
                            + "{\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}},"
                            + "{\"id\":\"b\",\"type\":\"function\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}]},"
                            + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2}}"));
        ChatGrammar.check(streamed.sink().chunks());
        assertThat(streamed.sink().text(0)).isEqualTo("Hi");
        assertThat(streamed.sink().finishReasons(0)).containsExactly("tool_calls");
        assertThat(streamed.usage()).isNotNull();
    }

    @Test
    void parts_of_content_become_text_and_reasoning() throws Exception {
        Streamed streamed = stream(
                OpenAiPreset.MISTRAL.dialect(),
                piece(
                        "{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"hm\"}]}]}"),
                piece("{\"content\":[{\"type\":\"text\",\"text\":\"H\"},{\"type\":\"text\",\"text\":\"i\"}]}"),
                end("stop"),
                DONE);
        assertThat(streamed.sink().text(0)).isEqualTo("Hi");
        assertThat(((Map<?, ?>) streamed.sink().pieces(0).getFirst().get("delta")).get("reasoning_content"))
                .isEqualTo("hm");
    }

    static Stream<Arguments> toolCalls() {
        String head = "\"id\":\"%s\",\"type\":\"function\",\"function\":{\"name\":\"%s\",\"arguments\":\"%s\"}";
        String a = head.formatted("a", "f", "{");
        String b = head.formatted("b", "g", "[");
        String two = "a f {}, b g []";
        return Stream.of(
                arguments(
                        "as they should be",
                        List.of(
                                "{\"index\":0," + a + "}",
                                "{\"index\":0,\"function\":{\"arguments\":\"}\"}}",
                                "{\"index\":1," + b + "}",
                                "{\"index\":1,\"function\":{\"arguments\":\"]\"}}"),
                        two),
                arguments(
                        "interleaved",
                        List.of(
                                "{\"index\":0," + a + "}",
                                "{\"index\":1," + b + "}",
                                "{\"index\":1,\"function\":{\"arguments\":\"]\"}}",
                                "{\"index\":0,\"function\":{\"arguments\":\"}\"}}"),
                        two),
                arguments(
                        "without numbers",
                        List.of(
                                "{" + a + "}",
                                "{\"function\":{\"arguments\":\"}\"}}",
                                "{" + b + "}",
                                "{\"function\":{\"arguments\":\"]\"}}"),
                        two),
                arguments(
                        "numbered from one",
                        List.of(
                                "{\"index\":1," + a + "}",
                                "{\"index\":1,\"function\":{\"arguments\":\"}\"}}",
                                "{\"index\":2," + b + "}",
                                "{\"index\":2,\"function\":{\"arguments\":\"]\"}}"),
                        two),
                arguments(
                        "all numbered zero",
                        List.of(
                                "{\"index\":0," + head.formatted("a", "f", "{}") + "}",
                                "{\"index\":0," + head.formatted("b", "g", "[]") + "}"),
                        two),
                arguments(
                        "id and name repeated",
                        List.of(
                                "{\"index\":0," + a + "}",
                                "{\"index\":0," + head.formatted("a", "f", "}") + "}",
                                "{\"index\":1," + b + "}",
                                "{\"index\":1,\"id\":\"\",\"function\":{\"name\":null,\"arguments\":\"]\"}}"),
                        two),
                arguments(
                        "arguments as an object",
                        List.of("{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":{\"x\":[1,2.50]}}}"),
                        "a f {\"x\":[1,2.50]}"),
                arguments("without arguments", List.of("{\"id\":\"a\",\"function\":{\"name\":\"f\"}}"), "a f "));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void toolCalls(String name, List<String> pieces, String expected) throws Exception {
        String[] events = Stream.concat(
                        pieces.stream().map(piece -> piece("{\"tool_calls\":[" + piece + "]}")),
                        Stream.of(end("stop"), DONE))
                .toArray(String[]::new);
        Streamed streamed = stream(events);
        assertThat(streamed.sink().finishReasons(0)).containsExactly("tool_calls");
        ChatCollector collector = new ChatCollector();
        streamed.sink().chunks().forEach(collector::chunk);
        StringBuilder calls = new StringBuilder();
        Map<?, ?> choice = (Map<?, ?>) ((List<?>) collector.answer(null).body().get("choices")).getFirst();
        for (Object each : (List<?>) ((Map<?, ?>) choice.get("message")).get("tool_calls")) {
            Map<?, ?> call = (Map<?, ?>) each;
            Map<?, ?> function = (Map<?, ?>) call.get("function");
            calls.append(calls.isEmpty() ? "" : ", ").append(call.get("id")).append(' ');
            calls.append(function.get("name")).append(' ').append(function.get("arguments"));
        }
        assertThat(calls).hasToString(expected);
    }

    @Test
    void tool_call_without_an_id_is_given_one() throws Exception {
        Streamed streamed = stream(
                piece("{\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}"),
                end("tool_calls"),
                DONE);
        assertThat(streamed.sink().pieces(0).getFirst().toString()).containsPattern("id=call_[A-Za-z0-9]{24}");
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                arguments(
                        Answer.events(
                                HI,
                                "{\"error\":{\"message\":\"m\",\"type\":\"server_error\",\"param\":null,\"code\":null}}"),
                        Kind.FAILED),
                arguments(
                        Answer.events(HI, "{\"error\":{\"message\":\"m\",\"type\":\"server_error\"}}", DONE),
                        Kind.FAILED),
                arguments(
                        Answer.events(
                                "{\"id\":\"x\",\"error\":{\"code\":429,\"message\":\"m\"},\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\"}]}"),
                        Kind.RATE_LIMITED),
                arguments(
                        Answer.events(HI, "{\"x_groq\":{\"id\":\"r\",\"error\":\"over capacity\"},\"choices\":[]}"),
                        Kind.FAILED),
                arguments(Answer.events("{\"object\":\"error\",\"message\":\"m\",\"code\":400}"), Kind.REJECTED),
                arguments(
                        Answer.eventStream("event: error\ndata: {\"message\":\"m\",\"code\":503}\n\n"),
                        Kind.OVERLOADED),
                arguments(Answer.eventStream("event: error\ndata: it broke\n\n"), Kind.FAILED),
                arguments(Answer.json(200, "{\"error\":{\"code\":502,\"message\":\"m\"}}"), Kind.FAILED),
                arguments(Answer.events(), Kind.UNREACHABLE),
                arguments(Answer.events(HI), Kind.UNREACHABLE),
                arguments(
                        Answer.events(HI, "{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"b\"}}]}", end("stop")),
                        Kind.UNREACHABLE),
                arguments(Answer.cut(20, Answer.events(HI, end("stop"), DONE)), Kind.UNREACHABLE),
                arguments(Answer.events(DONE), Kind.MALFORMED),
                arguments(Answer.events(USAGE, DONE), Kind.MALFORMED),
                arguments(Answer.events(HI, "{\"choices\":"), Kind.MALFORMED),
                arguments(Answer.events(HI, "[1]"), Kind.MALFORMED),
                arguments(Answer.events("{\"choices\":[7]}"), Kind.MALFORMED),
                arguments(Answer.events("{\"choices\":[{\"index\":-1,\"delta\":{}}]}"), Kind.MALFORMED),
                arguments(Answer.events("{\"choices\":[{\"index\":99999,\"delta\":{}}]}"), Kind.MALFORMED),
                arguments(Answer.events(piece("{\"content\":7}")), Kind.MALFORMED),
                arguments(Answer.events(piece("{\"tool_calls\":[7]}")), Kind.MALFORMED),
                arguments(Answer.events(HI, end("stop"), HI), Kind.MALFORMED),
                arguments(Answer.events(end("nobody_knows"), DONE), Kind.MALFORMED),
                arguments(Answer.eventStream("data: " + "x".repeat(9_000_000)), Kind.MALFORMED),
                arguments(Answer.whole(200, Map.of("Content-Type", "text/html"), "<html>x</html>"), Kind.MALFORMED),
                arguments(
                        Answer.whole(200, Map.of("Content-Type", "application/json"), "<html>x</html>"),
                        Kind.MALFORMED));
    }

    @ParameterizedTest
    @MethodSource
    void failures(Answer answer, Kind kind) {
        assertThat(failure(answer).kind()).isEqualTo(kind);
    }

    @Test
    void failure_midway_leaves_what_came_before() {
        wire.upstream.answer(Answer.events(HI, "{\"error\":{\"message\":\"m\"}}"));
        RecordingSink sink = new RecordingSink();
        UpstreamException e = catchThrowableOfType(
                UpstreamException.class,
                () -> wire.provider("under-test", OpenAiDialect.PLAIN).stream(
                        Wire.call(), ChatRequest.of("m", "Hello"), sink));
        assertThat(e.kind()).isEqualTo(Kind.FAILED);
        assertThat(sink.text(0)).isEqualTo("Hi");
    }

    @Test
    void connection_is_used_again_after_done() throws Exception {
        for (int i = 0; i < 5; i++) {
            stream(HI, end("stop"), USAGE, DONE);
        }
        assertThat(wire.upstream.connections()).isEqualTo(1);
    }

    @Test
    void cut_at_any_byte_is_never_a_whole_answer() {
        String whole =
                "data: " + HI + "\n\ndata: " + piece("{\"content\":\" there\"}") + "\n\ndata: " + end("stop") + "\n\n";
        int endsAt = whole.indexOf("\"stop\"") + "\"stop\"}]}".length();
        for (int bytes = 0; bytes < endsAt; bytes += 7) {
            UpstreamException e = failure(Answer.cut(bytes, Answer.eventStream(whole)));
            assertThat(e).as("cut after %d bytes", bytes).isNotNull();
            assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE);
        }
    }
}
