package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** The contract notices each rule that a provider breaks, and by the right test. */
class ChatProviderContractTest {
    @Test
    void a_good_provider_passes() {
        Events tests = run(BrokenChatProviders.NothingIsBroken.class);
        assertThat(failed(tests)).isEmpty();
        assertThat(tests.succeeded().count()).isGreaterThan(25);
    }

    static Stream<Arguments> broken() {
        String grammar = "choice_begins_with_its_role_and_ends_with_exactly_one_finish_reason";
        return Stream.of(
                arguments(BrokenChatProviders.ForgetsTheRole.class, List.of(grammar)),
                arguments(BrokenChatProviders.ForgetsToFinish.class, List.of(grammar)),
                arguments(BrokenChatProviders.FinishesTwice.class, List.of(grammar)),
                arguments(
                        BrokenChatProviders.LosesAPiece.class,
                        List.of(
                                "streamed_answer_is_what_the_upstream_said_piece_by_piece",
                                "whole_answer_equals_the_pieces_joined")),
                arguments(
                        BrokenChatProviders.NumbersToolCallsFromOne.class,
                        List.of("tool_calls_are_numbered_and_their_arguments_whole")),
                arguments(
                        BrokenChatProviders.MakesUpAUsage.class,
                        List.of("usage_that_the_upstream_does_not_report_is_null_and_not_zero")),
                arguments(BrokenChatProviders.TakesZeroForNothing.class, List.of("usage_of_zero_is_reported_as_zero")),
                arguments(
                        BrokenChatProviders.WrapsTheSinksException.class,
                        List.of("exception_of_the_sink_passes_through_and_the_upstream_is_left")),
                arguments(
                        BrokenChatProviders.CannotBeStopped.class,
                        List.of(
                                "cancelling_ends_a_call_that_waits_for_its_answer",
                                "cancelling_ends_a_call_in_the_middle_of_its_answer",
                                "call_that_was_cancelled_before_does_not_return_an_answer",
                                "call_ends_when_its_time_is_up")),
                arguments(
                        BrokenChatProviders.TakesACutForAnEnd.class,
                        List.of(
                                "answer_that_is_cut_off_is_an_exception_and_never_a_normal_return",
                                "connection_that_breaks_before_the_answer_is_unreachable")),
                arguments(BrokenChatProviders.KnowsOneKindOfFailure.class, List.of("failure_is_told_by_its_kind")),
                arguments(
                        BrokenChatProviders.ForgetsTheBound.class,
                        List.of("bound_on_the_output_is_sent_upstream", "the_lesser_of_two_bounds_counts")),
                arguments(
                        BrokenChatProviders.ForgetsTheModel.class,
                        List.of("upstream_is_asked_for_its_own_name_of_the_model")),
                arguments(
                        BrokenChatProviders.DropsUnknownFields.class, List.of("declared_feature_reaches_the_upstream")),
                arguments(
                        BrokenChatProviders.DropsToolsInSilence.class,
                        List.of("undeclared_feature_is_refused_by_its_name_and_not_dropped")),
                arguments(
                        BrokenChatProviders.AnswersWholesDifferently.class,
                        List.of("whole_answer_equals_the_pieces_joined")),
                arguments(BrokenChatProviders.RemembersTheFirstSink.class, List.of("many_threads_may_call_at_once")));
    }

    @ParameterizedTest
    @MethodSource
    void broken(Class<?> contract, List<String> rules) {
        assertThat(failed(run(contract))).containsAll(rules);
    }

    private static Events run(Class<?> contract) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(contract))
                .execute()
                .testEvents();
    }

    private static Set<String> failed(Events tests) {
        return tests.failed().stream().map(ChatProviderContractTest::rule).collect(Collectors.toSet());
    }

    private static String rule(Event event) {
        return event.getTestDescriptor()
                .getSource()
                .map(source -> ((org.junit.platform.engine.support.descriptor.MethodSource) source).getMethodName())
                .orElse("?");
    }
}
