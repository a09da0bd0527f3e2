package io.synapse.gateway.testkit;

import static io.synapse.gateway.testkit.ChatAssertions.assertTokens;
import static io.synapse.gateway.testkit.ChatAssertions.assertToolCall;
import static io.synapse.gateway.testkit.ChatAssertions.object;
import static io.synapse.gateway.testkit.ChatAssertions.onlyChoice;
import static io.synapse.gateway.testkit.ChatAssertions.upstreamFailure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatCollector;
import io.synapse.gateway.provider.ChatProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.testkit.fake.ChatUpstream.Tokens;
import io.synapse.gateway.testkit.fake.RecordingSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * What every {@link ChatProvider} owes the gateway. The author of one extends this class with two methods: one that
 * starts an upstream that can be told what to do, and one that makes the provider that speaks to it. For a provider
 * behind HTTP extend {@link HttpChatProviderContract}. The names of the tests are the rules.
 */
public abstract class ChatProviderContract extends ChatCalls {
    @Test
    void id_is_lower_case_letters_digits_and_dashes() {
        assertThat(provider.id()).matches("[a-z0-9]+(-[a-z0-9]+)*");
    }

    @Test
    void streamed_answer_is_what_the_upstream_said_piece_by_piece() throws Exception {
        upstream.says(new Tokens(3, 2), "Hel", "lo, ", "wörld \uD83C\uDF0D");
        RecordingSink sink = new RecordingSink();
        stream(call(), ask(), sink).result();
        assertThat(sink.text(0)).isEqualTo("Hello, wörld \uD83C\uDF0D");
        assertThat(sink.finishReasons(0)).containsExactly("stop");
    }

    @Test
    void choice_begins_with_its_role_and_ends_with_exactly_one_finish_reason() throws Exception {
        upstream.says(new Tokens(3, 2), "Hel", "lo");
        RecordingSink sink = new RecordingSink();
        stream(call(), ask(), sink).result();
        ChatGrammar.check(sink.chunks());
    }

    @Test
    void whole_answer_equals_the_pieces_joined() throws Exception {
        upstream.says(new Tokens(3, 2), "Hel", "lo");
        ChatAnswer answer = chat(call(), ask()).result();
        assertThat(answer.text()).isEqualTo("Hello");
        Map<?, ?> choice = onlyChoice(answer);
        assertThat(choice.get("finish_reason")).isEqualTo("stop");
        assertThat(object(choice.get("message"), "the message").get("role")).isEqualTo("assistant");
    }

    @Test
    void usage_that_the_upstream_reports_is_returned() throws Exception {
        upstream.says(new Tokens(31, 17), "Hello");
        assertTokens(stream(call(), ask(), new RecordingSink()).result(), 31, 17);
        assertTokens(chat(call(), ask()).result().usage(), 31, 17);
    }

    @Test
    void usage_of_zero_is_reported_as_zero() throws Exception {
        upstream.says(new Tokens(5, 0), "Hello");
        assertTokens(stream(call(), ask(), new RecordingSink()).result(), 5, 0);
        assertTokens(chat(call(), ask()).result().usage(), 5, 0);
    }

    @Test
    void usage_that_the_upstream_does_not_report_is_null_and_not_zero() throws Exception {
        upstream.says(null, "Hello");
        assertThat(stream(call(), ask(), new RecordingSink()).result()).isNull();
        assertThat(chat(call(), ask()).result().usage()).isNull();
    }

    @Test
    void tool_calls_are_numbered_and_their_arguments_whole() throws Exception {
        assumeTrue(features().contains(Feature.TOOLS));
        upstream.callsTool("get_temperature", "{\"town_", "name\":\"Oslo\"}");
        RecordingSink sink = new RecordingSink();
        stream(call(), Feature.TOOLS.request(), sink).result();
        ChatGrammar.check(sink.chunks());
        assertThat(sink.finishReasons(0)).containsExactly("tool_calls");
        ChatCollector collector = new ChatCollector();
        sink.chunks().forEach(collector::chunk);
        assertToolCall(collector.answer(null), "get_temperature", "{\"town_name\":\"Oslo\"}");
        assertToolCall(chat(call(), Feature.TOOLS.request()).result(), "get_temperature", "{\"town_name\":\"Oslo\"}");
    }

    @Test
    void several_choices_are_kept_apart() throws Exception {
        assumeTrue(features().contains(Feature.SEVERAL_CHOICES));
        upstream.saysSeveral(new Tokens(3, 2), "one", "two");
        RecordingSink sink = new RecordingSink();
        stream(call(), Feature.SEVERAL_CHOICES.request(), sink).result();
        ChatGrammar.check(sink.chunks());
        assertThat(sink.text(0)).isEqualTo("one");
        assertThat(sink.text(1)).isEqualTo("two");
    }

    @Test
    void upstream_is_asked_for_its_own_name_of_the_model() throws Exception {
        upstream.says(new Tokens(3, 2), "Hello");
        stream(call(), ask(), new RecordingSink()).result();
        assertThat(upstream.lastRequest()).contains(UPSTREAM_MODEL);
        chat(call(), ask()).result();
        assertThat(upstream.lastRequest()).contains(UPSTREAM_MODEL);
    }

    @Test
    void bound_on_the_output_is_sent_upstream() throws Exception {
        upstream.says(new Tokens(3, 2), "Hello");
        stream(call(), ask(), new RecordingSink()).result();
        assertThat(upstream.lastBound()).hasValue(64);
        chat(call(), ask()).result();
        assertThat(upstream.lastBound()).hasValue(64);
    }

    @Test
    void the_lesser_of_two_bounds_counts() throws Exception {
        upstream.says(new Tokens(3, 2), "Hello");
        stream(call(), ask(7), new RecordingSink()).result();
        assertThat(upstream.lastBound()).hasValue(7);
        stream(call(), ask(700), new RecordingSink()).result();
        assertThat(upstream.lastBound()).hasValue(64);
    }

    @ParameterizedTest
    @EnumSource
    void declared_feature_reaches_the_upstream(Feature feature) throws Exception {
        assumeTrue(features().contains(feature));
        upstream.says(new Tokens(3, 2), "Hello");
        stream(call(), feature.request(), new RecordingSink()).result();
        String trace = feature.trace();
        if (trace != null) {
            assertThat(upstream.lastRequest()).contains(trace);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "UNKNOWN_FIELDS")
    void undeclared_feature_is_refused_by_its_name_and_not_dropped(Feature feature) {
        assumeFalse(features().contains(feature));
        upstream.says(new Tokens(3, 2), "Hello");
        UpstreamException refusal = upstreamFailure(stream(call(), feature.request(), new RecordingSink()));
        assertThat(refusal.kind()).isIn(Kind.REJECTED, Kind.UNSUPPORTED);
        assertThat(refusal.param()).isNotNull().startsWith(feature.field());
        assertThat(upstream.calls()).as("calls of the upstream").isZero();
    }

    @ParameterizedTest
    @EnumSource(
            names = {"MALFORMED", "UNREACHABLE", "TIMED_OUT", "UNSUPPORTED"},
            mode = Mode.EXCLUDE)
    void failure_is_told_by_its_kind(Kind kind) {
        upstream.fails(kind, null, null);
        RecordingSink sink = new RecordingSink();
        assertThat(upstreamFailure(stream(call(), ask(), sink)).kind()).isEqualTo(kind);
        assertThat(upstreamFailure(chat(call(), ask())).kind()).isEqualTo(kind);
        assertThat(sink.chunks()).isEmpty();
    }

    @Test
    void nonsense_is_malformed() {
        upstream.talksNonsense();
        assertThat(upstreamFailure(stream(call(), ask(), new RecordingSink())).kind())
                .isEqualTo(Kind.MALFORMED);
        assertThat(upstreamFailure(chat(call(), ask())).kind()).isEqualTo(Kind.MALFORMED);
    }

    @Test
    void answer_that_is_cut_off_is_an_exception_and_never_a_normal_return() {
        upstream.cutsOff("Hel", "lo");
        RecordingSink sink = new RecordingSink();
        assertThat(upstreamFailure(stream(call(), ask(), sink)).kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(sink.finishReasons(0)).isEmpty();
        assertThat(upstreamFailure(chat(call(), ask())).kind()).isEqualTo(Kind.UNREACHABLE);
    }

    @Test
    void connection_that_breaks_before_the_answer_is_unreachable() {
        upstream.cutsOff();
        assertThat(upstreamFailure(stream(call(), ask(), new RecordingSink())).kind())
                .isEqualTo(Kind.UNREACHABLE);
        assertThat(upstreamFailure(chat(call(), ask())).kind()).isEqualTo(Kind.UNREACHABLE);
    }

    @Test
    void failure_midway_is_an_exception() {
        upstream.failsMidway("Hel", "lo");
        RecordingSink sink = new RecordingSink();
        UpstreamException failure = upstreamFailure(stream(call(), ask(), sink));
        assertThat(failure.kind().anotherMayServe()).isTrue();
        assertThat(sink.finishReasons(0)).isEmpty();
    }

    @Test
    void exception_of_the_sink_passes_through_and_the_upstream_is_left() {
        IllegalStateException enough = new IllegalStateException("enough");
        upstream.stalls("Hel", "lo", " again");
        Throwable thrown =
                stream(call(), ask(), RecordingSink.refusingAfter(1, enough)).failure();
        assertThat(thrown).isSameAs(enough);
        upstream.awaitHangUps(1);
    }

    @Test
    void cancelling_ends_a_call_that_waits_for_its_answer() {
        upstream.stalls();
        for (int i = 1; i <= 2; i++) {
            UpstreamCall call = call();
            Patiently<?> running = i == 1 ? stream(call, ask(), new RecordingSink()) : chat(call, ask());
            upstream.awaitCalls(i);
            call.stop(UpstreamCall.Stop.CALLER_GONE);
            assertThat(running.failure()).isInstanceOf(Exception.class);
            upstream.awaitHangUps(i);
        }
    }

    @Test
    void cancelling_ends_a_call_in_the_middle_of_its_answer() {
        upstream.stalls("Hel", "lo");
        UpstreamCall call = call();
        RecordingSink sink = new RecordingSink();
        Patiently<?> running = stream(call, ask(), sink);
        sink.awaitChunks(1);
        call.stop(UpstreamCall.Stop.CALLER_GONE);
        assertThat(running.failure()).isInstanceOf(Exception.class);
        upstream.awaitHangUps(1);
    }

    @Test
    void call_that_was_cancelled_before_does_not_return_an_answer() {
        upstream.says(new Tokens(3, 2), "Hello");
        UpstreamCall call = call();
        call.stop(UpstreamCall.Stop.CALLER_GONE);
        assertThat(stream(call, ask(), new RecordingSink()).failure()).isInstanceOf(Exception.class);
    }

    @Test
    void call_ends_when_its_time_is_up() {
        upstream.stalls();
        UpstreamCall brief = new UpstreamCall("call-1", UPSTREAM_MODEL, OptionalLong.of(64), Duration.ofMillis(400));
        assertThat(upstreamFailure(stream(brief, ask(), new RecordingSink())).kind())
                .isEqualTo(Kind.TIMED_OUT);
    }

    @Test
    void many_threads_may_call_at_once() throws Exception {
        upstream.says(new Tokens(3, 2), "Hel", "lo");
        List<RecordingSink> sinks = new ArrayList<>();
        List<Patiently<?>> running = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            RecordingSink sink = new RecordingSink();
            sinks.add(sink);
            running.add(stream(call(), ask(), sink));
        }
        for (Patiently<?> each : running) {
            each.result();
        }
        assertThat(sinks).allSatisfy(sink -> {
            assertThat(sink.text(0)).isEqualTo("Hello");
            ChatGrammar.check(sink.chunks());
        });
    }
}
