package io.synapse.gateway.testkit;

import static io.synapse.gateway.testkit.ChatAssertions.upstreamFailure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.provider.Provider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * The rules that are the same for everything but chat.
 *
 * @param <P> what the provider is
 * @param <R> what it is asked
 * @param <A> what it answers
 * @param <F> what it may or may not be able to do
 */
abstract class MediaRules<P extends Provider, R, A, F extends Enum<F> & MediaFeature> extends MediaCalls<P, R, A, F> {
    @Test
    void id_is_lower_case_letters_digits_and_dashes() {
        assertThat(provider.id()).matches("[a-z0-9]+(-[a-z0-9]+)*");
    }

    @Test
    void answer_is_what_the_upstream_answered() throws Exception {
        A answer = answer((Usage) null);
        upstream.answers(answer);
        assertSame(ask(call(), request()).result(), answer);
    }

    @Test
    void upstream_is_asked_for_its_own_name_of_the_model() throws Exception {
        upstream.answers(answer((Usage) null));
        ask(call(), request()).result();
        assertThat(upstream.heard()).contains(modelAsSent());
    }

    @Test
    void usage_that_the_upstream_reports_is_returned() throws Exception {
        assumeTrue(usageTold() != UsageTold.NEVER, "an upstream that tells what it used");
        Usage told = Usage.of(unit(), 7_000);
        assertThat(usageAfter(told)).isEqualTo(told);
    }

    @Test
    void usage_of_zero_is_reported_as_zero() throws Exception {
        assumeTrue(usageTold() == UsageTold.EXACTLY, "an upstream that tells zero where it used nothing");
        Usage told = usageAfter(Usage.of(unit(), 0));
        assertThat(told).as("the usage").isNotNull();
        if (told != null) {
            assertThat(told.quantities().values()).as("what was used").allMatch(quantity -> quantity == 0);
        }
    }

    @Test
    void usage_of_zero_that_means_nothing_was_counted_is_null() throws Exception {
        assumeTrue(usageTold() == UsageTold.ABOVE_ZERO, "an upstream that tells zero where it did not count");
        assertThat(usageAfter(Usage.of(unit(), 0))).isNull();
    }

    @Test
    void usage_that_the_upstream_does_not_report_is_null_and_not_zero() throws Exception {
        upstream.answers(answer((Usage) null));
        A answer = ask(call(), request()).result();
        Usage usage = usage(answer);
        if (usage != null) {
            assertThat(usage).as("a usage that nobody told").isEqualTo(counted(answer));
        }
    }

    private @Nullable Usage usageAfter(Usage told) throws Exception {
        upstream.answers(answer(told));
        return usage(ask(call(), request()).result());
    }

    /** What anybody can count in an answer, if anything. */
    @Nullable
    Usage counted(A answer) {
        return null;
    }

    /** To be a test of every feature. */
    final void assertDeclaredReachesTheUpstream(F feature) throws Exception {
        assumeTrue(features().contains(feature));
        upstream.answers(answer((Usage) null));
        ask(call(), request()).result();
        String plain = upstream.heard();
        A answer = answer(feature);
        upstream.answers(answer);
        A answered = ask(call(), request(feature)).result();
        if (feature.trace() != null) {
            boolean usual = feature.example().equals(value(feature));
            assertThat(upstream.heard()).contains(usual ? feature.trace() : String.valueOf(value(feature)));
        } else if (!comesUnasked(feature)) {
            assertThat(upstream.heard()).as("what asks for " + feature).isNotEqualTo(plain);
        }
        assertKept(feature, answered, answer);
    }

    /** To be a test where requests have provider options: they cannot have another model asked than the one that is paid. */
    final void assertModelCannotBeReplaced(Function<Map<String, String>, R> withOptions) throws Exception {
        upstream.answers(answer((Usage) null));
        ask(call(), request()).result();
        for (String field : fieldsThatName(upstreamModel(), upstream.heard())) {
            upstream.answers(answer((Usage) null));
            Patiently<A> running = ask(call(), withOptions.apply(Map.of(field, "a-dearer-model")));
            try {
                running.result();
            } catch (UpstreamException e) {
                assertThat(e.param()).isNotNull().startsWith("providerOptions");
            }
            assertThat(upstream.heard()).doesNotContain("a-dearer-model");
        }
    }

    /** The JSON fields of a request that have that value. */
    private static List<String> fieldsThatName(String value, String heard) {
        Pattern field = Pattern.compile("\"([A-Za-z_]+)\"\\s*:\\s*\"" + Pattern.quote(value) + "\"");
        return field.matcher(heard)
                .results()
                .map(found -> found.group(1))
                .distinct()
                .toList();
    }

    /** The fields by any of which a feature may be refused. */
    List<String> fieldsThatAskFor(F feature) {
        return List.of(feature.field());
    }

    /** Whether an upstream may do that for everybody, so that there is nothing to ask for. */
    boolean comesUnasked(F feature) {
        return false;
    }

    /** Checks that an answer has what a feature asked for. */
    void assertKept(F feature, A answered, A upstreams) {}

    /** To be a test of every feature. */
    final void assertUndeclaredIsRefused(F feature) {
        assumeFalse(features().contains(feature) || hints().contains(feature));
        upstream.answers(answer(feature));
        UpstreamException refusal = upstreamFailure(ask(call(), request(feature)));
        assertThat(refusal.kind()).isIn(Kind.REJECTED, Kind.UNSUPPORTED);
        assertThat(refusal.param()).as("the field at fault").isNotNull();
        assertThat(fieldsThatAskFor(feature))
                .anyMatch(field -> String.valueOf(refusal.param()).startsWith(field));
        assertThat(upstream.requests()).as("requests to the upstream").isZero();
    }

    @ParameterizedTest
    @EnumSource(
            names = {"MALFORMED", "UNREACHABLE", "TIMED_OUT", "UNSUPPORTED"},
            mode = Mode.EXCLUDE)
    void failure_is_told_by_its_kind(Kind kind) {
        upstream.fails(kind, null, null);
        assertThat(upstreamFailure(ask(call(), request())).kind()).isEqualTo(kind);
    }

    @Test
    void nonsense_is_malformed() {
        upstream.talksNonsense();
        assertThat(upstreamFailure(ask(call(), request())).kind()).isEqualTo(Kind.MALFORMED);
    }

    @Test
    void answer_that_is_cut_off_is_an_exception_and_never_a_normal_return() throws Exception {
        int requests = requestsOfACall();
        for (int i = 1; i <= requests; i++) {
            upstream.cutsOff(answer((Usage) null), i);
            assertThat(upstreamFailure(ask(call(), request())).kind())
                    .as("cut off at request %d", i)
                    .isEqualTo(Kind.UNREACHABLE);
        }
    }

    @Test
    void connection_that_breaks_before_the_answer_is_unreachable() {
        upstream.hangsUp();
        assertThat(upstreamFailure(ask(call(), request())).kind()).isEqualTo(Kind.UNREACHABLE);
    }

    @Test
    void cancelling_ends_a_call_that_waits_for_its_answer() throws Exception {
        int requests = requestsOfACall();
        for (int i = 1; i <= requests; i++) {
            upstream.stalls(answer((Usage) null), i);
            UpstreamCall call = call();
            Patiently<A> running = ask(call, request());
            upstream.awaitRequests(i);
            call.stop(UpstreamCall.Stop.CALLER_GONE);
            assertThat(running.failure()).isInstanceOf(Exception.class);
            upstream.awaitHangUps(1);
        }
    }

    @Test
    void call_that_was_cancelled_before_does_not_return_an_answer() {
        upstream.answers(answer((Usage) null));
        UpstreamCall call = call();
        call.stop(UpstreamCall.Stop.CALLER_GONE);
        assertThat(ask(call, request()).failure()).isInstanceOf(Exception.class);
    }

    @Test
    void call_ends_when_its_time_is_up() throws Exception {
        int requests = requestsOfACall();
        for (int i = 1; i <= requests; i++) {
            upstream.stalls(answer((Usage) null), i);
            assertThat(upstreamFailure(ask(call(briefly()), request())).kind())
                    .as("silent from request %d on", i)
                    .isEqualTo(Kind.TIMED_OUT);
            if (upstream.requests() >= i) {
                upstream.awaitHangUps(1);
            }
        }
    }

    @Test
    void many_threads_may_call_at_once() throws Exception {
        A answer = answer((Usage) null);
        upstream.answers(answer);
        List<Patiently<A>> running = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            running.add(ask(call(), request()));
        }
        for (Patiently<A> each : running) {
            assertSame(each.result(), answer);
        }
    }
}
