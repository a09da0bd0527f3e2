package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.synapse.gateway.testkit.HouseCases.EditCase;
import io.synapse.gateway.testkit.HouseCases.EmbeddingCase;
import io.synapse.gateway.testkit.HouseCases.ImageCase;
import io.synapse.gateway.testkit.HouseCases.SpeechCase;
import io.synapse.gateway.testkit.HouseCases.TranscriptionCase;
import io.synapse.gateway.testkit.HouseCases.VideoCase;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** The contracts beside chat notice each rule that an adapter breaks, by the right test and by no other. */
class MediaContractsTest {
    @ParameterizedTest
    @ValueSource(
            classes = {
                ImageCase.class,
                EditCase.class,
                VideoCase.class,
                SpeechCase.class,
                TranscriptionCase.class,
                EmbeddingCase.class
            })
    void a_good_provider_passes(Class<?> contract) {
        Events tests = run(contract, Fault.NONE);
        assertThat(failed(tests)).isEmpty();
        assertThat(tests.succeeded().count()).isGreaterThan(25);
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                broken(VideoCase.class, Fault.SHOUTS_ITS_NAME, "id_is_lower_case_letters_digits_and_dashes"),
                broken(VideoCase.class, Fault.FORGETS_THE_MODEL, "upstream_is_asked_for_its_own_name_of_the_model"),
                broken(
                        SpeechCase.class,
                        Fault.LETS_OPTIONS_REPLACE_THE_MODEL,
                        "provider_options_cannot_replace_the_model"),
                broken(
                        TranscriptionCase.class,
                        Fault.LOSES_THE_ANSWER,
                        "answer_is_what_the_upstream_answered",
                        "many_threads_may_call_at_once"),
                broken(
                        EmbeddingCase.class,
                        Fault.LOSES_THE_ANSWER,
                        "answer_is_what_the_upstream_answered",
                        "many_threads_may_call_at_once"),
                broken(ImageCase.class, Fault.FORGETS_THE_REQUEST, "prompt_reaches_the_upstream"),
                broken(VideoCase.class, Fault.FORGETS_THE_REQUEST, "prompt_reaches_the_upstream"),
                broken(SpeechCase.class, Fault.FORGETS_THE_REQUEST, "text_reaches_the_upstream"),
                broken(
                        ImageCase.class,
                        Fault.MAKES_UP_A_USAGE,
                        "usage_that_the_upstream_does_not_report_is_null_and_not_zero"),
                broken(ImageCase.class, Fault.TAKES_ZERO_FOR_NOTHING, "usage_of_zero_is_reported_as_zero"),
                broken(
                        VideoCase.class,
                        Fault.FORGETS_THE_USAGE,
                        "usage_that_the_upstream_reports_is_returned",
                        "usage_of_zero_is_reported_as_zero"),
                broken(
                        EmbeddingCase.class,
                        Fault.TAKES_NOT_COUNTED_FOR_ZERO,
                        "usage_of_zero_that_means_nothing_was_counted_is_null"),
                broken(ImageCase.class, Fault.DROPS_WHAT_IT_DECLARED, "declared_feature_reaches_the_upstream"),
                broken(VideoCase.class, Fault.DROPS_WHAT_IT_DECLARED, "declared_feature_reaches_the_upstream"),
                broken(SpeechCase.class, Fault.DROPS_WHAT_IT_DECLARED, "declared_feature_reaches_the_upstream"),
                broken(TranscriptionCase.class, Fault.DROPS_WHAT_IT_DECLARED, "declared_feature_reaches_the_upstream"),
                undeclared(ImageCase.class),
                undeclared(EditCase.class),
                undeclared(VideoCase.class),
                undeclared(SpeechCase.class),
                undeclared(TranscriptionCase.class),
                broken(EmbeddingCase.class, Fault.KNOWS_ONE_KIND_OF_FAILURE, "failure_is_told_by_its_kind"),
                broken(TranscriptionCase.class, Fault.TAKES_NONSENSE_FOR_AN_ANSWER, "nonsense_is_malformed"),
                broken(
                        ImageCase.class,
                        Fault.TAKES_A_CUT_FOR_AN_END,
                        "answer_that_is_cut_off_is_an_exception_and_never_a_normal_return",
                        "one_failure_of_several_is_one_of_all",
                        "connection_that_breaks_before_the_answer_is_unreachable"),
                broken(
                        SpeechCase.class,
                        Fault.TAKES_A_CUT_FOR_AN_END,
                        "answer_that_is_cut_off_is_an_exception_and_never_a_normal_return",
                        "sound_that_is_cut_off_is_an_exception_and_never_a_normal_return"),
                broken(
                        VideoCase.class,
                        Fault.TAKES_A_HANG_UP_FOR_A_FAILURE,
                        "answer_that_is_cut_off_is_an_exception_and_never_a_normal_return",
                        "connection_that_breaks_before_the_answer_is_unreachable"),
                broken(
                        VideoCase.class,
                        Fault.CANNOT_BE_STOPPED,
                        "cancelling_ends_a_call_that_waits_for_its_answer",
                        "call_that_was_cancelled_before_does_not_return_an_answer",
                        "call_ends_when_its_time_is_up",
                        "cancelling_a_call_cancels_its_job",
                        "job_whose_time_is_up_is_cancelled"),
                broken(
                        SpeechCase.class,
                        Fault.CANNOT_BE_STOPPED,
                        "cancelling_ends_a_call_that_waits_for_its_answer",
                        "call_that_was_cancelled_before_does_not_return_an_answer",
                        "call_ends_when_its_time_is_up",
                        "cancelling_ends_a_call_in_the_middle_of_its_sound",
                        "sound_that_falls_silent_ends_when_its_time_is_up"),
                broken(
                        EmbeddingCase.class,
                        Fault.STARTS_ALTHOUGH_STOPPED,
                        "call_that_was_cancelled_before_does_not_return_an_answer"),
                broken(ImageCase.class, Fault.CALLS_LATE_UNREACHABLE, "call_ends_when_its_time_is_up"),
                broken(EditCase.class, Fault.SERVES_ONE_AT_A_TIME, "many_threads_may_call_at_once"),
                broken(
                        EmbeddingCase.class,
                        Fault.CONNECTS_ANEW,
                        "connection_serves_the_next_call_after_an_answer_to_its_end"),
                broken(TranscriptionCase.class, Fault.FORGETS_THE_WAIT, "wait_that_the_upstream_asks_for_is_told"),
                broken(SpeechCase.class, Fault.TAKES_ABSENT_FOR_FAILED, "upstream_that_is_not_there_is_unreachable"),
                broken(
                        VideoCase.class,
                        Fault.ASKS_ONCE,
                        "job_is_asked_about_until_it_ends",
                        "job_whose_time_is_up_is_cancelled"),
                broken(
                        VideoCase.class,
                        Fault.TAKES_EVERY_FAILED_JOB_FOR_NONSENSE,
                        "job_that_fails_is_told_by_its_kind"),
                broken(
                        VideoCase.class,
                        Fault.NEVER_CANCELS_JOBS,
                        "cancelling_a_call_cancels_its_job",
                        "job_whose_time_is_up_is_cancelled"),
                broken(VideoCase.class, Fault.CANCELS_JOBS_THAT_ENDED, "job_that_ended_is_not_cancelled"),
                broken(
                        ImageCase.class,
                        Fault.TELLS_THE_URL,
                        "file_that_the_upstream_lost_is_a_failure_and_its_url_is_not_told"),
                broken(
                        VideoCase.class,
                        Fault.TAKES_A_LOST_FILE_FOR_A_LOST_MODEL,
                        "file_that_the_upstream_lost_is_a_failure_and_its_url_is_not_told"),
                broken(
                        EditCase.class,
                        Fault.SENDS_ITS_KEY_TO_FILES,
                        "credentials_are_not_sent_along_with_the_fetching_of_a_file"),
                broken(
                        ImageCase.class,
                        Fault.HANDS_ON_WHATEVER_CAME,
                        "pictures_that_nobody_asked_for_are_not_handed_on"),
                broken(ImageCase.class, Fault.DRAWS_ONE_OF_SEVERAL, "declared_feature_reaches_the_upstream"),
                broken(ImageCase.class, Fault.SKIPS_PICTURES_THAT_FAIL, "one_failure_of_several_is_one_of_all"),
                broken(EditCase.class, Fault.FORGETS_THE_PICTURE, "picture_to_start_from_reaches_the_upstream"),
                broken(
                        EditCase.class,
                        Fault.FORGETS_THE_MASK,
                        "mask_reaches_the_upstream",
                        "declared_feature_reaches_the_upstream"),
                broken(
                        VideoCase.class,
                        Fault.FORGETS_THE_PICTURE,
                        "first_frame_reaches_the_upstream",
                        "declared_feature_reaches_the_upstream"),
                broken(VideoCase.class, Fault.TELLS_SECONDS, "length_of_the_film_is_told_in_milliseconds"),
                broken(
                        SpeechCase.class,
                        Fault.WAITS_FOR_THE_END,
                        "sound_is_passed_on_while_it_is_made",
                        "exception_of_the_sink_passes_through_and_the_upstream_is_left",
                        "cancelling_ends_a_call_in_the_middle_of_its_sound"),
                broken(
                        SpeechCase.class,
                        Fault.WRAPS_THE_SINKS_EXCEPTION,
                        "exception_of_the_sink_passes_through_and_the_upstream_is_left"),
                broken(SpeechCase.class, Fault.BEGINS_TOO_EARLY, "sound_does_not_begin_where_there_is_none"),
                broken(
                        SpeechCase.class,
                        Fault.CALLS_EVERYTHING_WAV,
                        "type_of_the_sound_is_told_before_its_bytes_and_fits_them"),
                broken(
                        TranscriptionCase.class,
                        Fault.TAKES_SILENCE_FOR_A_FAILURE,
                        "silence_is_an_empty_text_and_no_failure"),
                broken(TranscriptionCase.class, Fault.FORGETS_THE_TIMES, "declared_feature_reaches_the_upstream"),
                broken(TranscriptionCase.class, Fault.FORGETS_THE_PICTURE, "recording_reaches_the_upstream"),
                broken(
                        EmbeddingCase.class,
                        Fault.TAKES_ANY_NUMBER_OF_VECTORS,
                        "too_few_vectors_or_too_many_are_malformed"),
                broken(EmbeddingCase.class, Fault.TAKES_RAGGED_VECTORS, "vectors_of_different_lengths_are_malformed"),
                broken(EmbeddingCase.class, Fault.ASKS_FOR_THE_FIRST_INPUT, "every_input_reaches_the_upstream"));
    }

    private static Arguments undeclared(Class<?> contract) {
        return broken(
                contract,
                Fault.DROPS_WHAT_IT_DID_NOT_DECLARE,
                "undeclared_feature_is_refused_by_its_name_and_not_dropped");
    }

    private static Arguments broken(Class<?> contract, Fault fault, String... rules) {
        return arguments(contract, fault, Set.of(rules));
    }

    @ParameterizedTest(name = "{1} of {0}")
    @MethodSource("faults")
    void a_fault_breaks_its_rules_and_no_other(Class<?> contract, Fault fault, Set<String> rules) {
        assertThat(failed(run(contract, fault))).isEqualTo(rules);
    }

    @Test
    void every_fault_is_tried() {
        Set<Fault> tried = faults().map(each -> (Fault) each.get()[1]).collect(Collectors.toSet());
        assertThat(Fault.values()).allMatch(fault -> fault == Fault.NONE || tried.contains(fault));
    }

    private static Events run(Class<?> contract, Fault fault) {
        HouseCases.fault = fault;
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(contract))
                .execute()
                .testEvents();
    }

    private static Set<String> failed(Events tests) {
        return tests.failed().stream().map(MediaContractsTest::rule).collect(Collectors.toSet());
    }

    private static String rule(Event event) {
        return event.getTestDescriptor()
                .getSource()
                .map(source -> ((org.junit.platform.engine.support.descriptor.MethodSource) source).getMethodName())
                .orElse("?");
    }
}
