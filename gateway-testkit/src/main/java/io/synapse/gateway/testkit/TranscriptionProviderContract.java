package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.media.Transcript;
import io.synapse.gateway.media.Transcript.Part;
import io.synapse.gateway.media.TranscriptionRequest;
import io.synapse.gateway.provider.TranscriptionProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every {@link TranscriptionProvider} owes the gateway. The author of one extends this class with two methods: one
 * that starts an upstream that can be told what to do, and one that makes the provider that speaks to it. For a provider
 * behind HTTP extend {@link HttpTranscriptionProviderContract}. The names of the tests are the rules.
 */
public abstract class TranscriptionProviderContract
        extends MediaUpstreamRules<TranscriptionProvider, TranscriptionRequest, Transcript, TranscriptionFeature> {
    private static final String TEXT = "Guten Tag, Zaphod.";
    private final Media recording = SampleMedia.recording(1_500);

    /** There is nothing to set. */
    protected TranscriptionProviderContract() {}

    @Override
    protected Set<TranscriptionFeature> features() {
        return EnumSet.allOf(TranscriptionFeature.class);
    }

    @Override
    final TranscriptionRequest request() {
        return request(Map.of(), List.of());
    }

    @Override
    final TranscriptionRequest request(TranscriptionFeature feature) {
        return switch (feature) {
            case WORD_TIMES, SEGMENT_TIMES ->
                request(Map.of("response_format", "verbose_json"), List.of(String.valueOf(value(feature))));
            case LANGUAGE, PROMPT, TEMPERATURE -> request(asking(feature), List.of());
        };
    }

    private TranscriptionRequest request(Map<String, ?> more, List<String> granularities) {
        return TranscriptionRequest.of(
                joined(Map.of("model", "a-model"), more), granularities, recording, "talk.wav", 1_500);
    }

    @Override
    final Transcript answer(@Nullable Usage usage) {
        return new Transcript(
                TEXT,
                "de",
                List.of(new Part(0, 1_500, TEXT)),
                List.of(new Part(0, 250, "Guten"), new Part(250, 750, "Tag,"), new Part(750, 1_500, "Zaphod.")),
                usage);
    }

    @Override
    final Unit unit() {
        return Unit.MILLISECONDS;
    }

    @Override
    final @Nullable Usage usage(Transcript transcript) {
        return transcript.usage();
    }

    @Override
    final void assertSame(Transcript transcript, Transcript upstreams) {
        assertThat(transcript.text()).isEqualTo(upstreams.text());
    }

    @Override
    final List<String> fieldsThatAskFor(TranscriptionFeature feature) {
        return comesUnasked(feature) ? List.of(feature.field(), "response_format") : List.of(feature.field());
    }

    @Override
    final boolean comesUnasked(TranscriptionFeature feature) {
        return feature == TranscriptionFeature.WORD_TIMES || feature == TranscriptionFeature.SEGMENT_TIMES;
    }

    @Override
    final void assertKept(TranscriptionFeature feature, Transcript answered, Transcript upstreams) {
        if (feature == TranscriptionFeature.WORD_TIMES) {
            assertThat(answered.words())
                    .as("the words and their times, in milliseconds")
                    .isEqualTo(upstreams.words());
        }
        if (feature == TranscriptionFeature.SEGMENT_TIMES) {
            assertThat(answered.segments()).as("the segments").isNotEmpty();
            assertThat(answered.segments().getFirst().startMillis())
                    .as("the first segment")
                    .isZero();
            assertThat(answered.segments().getLast().endMillis())
                    .as("the end of the last segment, in milliseconds")
                    .isEqualTo(1_500);
        }
    }

    @Override
    final Transcript ask(TranscriptionProvider asked, UpstreamCall call, TranscriptionRequest request)
            throws UpstreamException {
        return asked.transcribe(call, request);
    }

    @Test
    void recording_reaches_the_upstream() throws Exception {
        upstream.answers(answer((Usage) null));
        ask(call(), request()).result();
        assertThat(upstream.heard()).containsAnyOf(SampleMedia.traces(recording));
    }

    @Test
    void silence_is_an_empty_text_and_no_failure() throws Exception {
        upstream.answers(new Transcript("", null, List.of(), List.of(), null));
        assertThat(ask(call(), request()).result().text()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void declared_feature_reaches_the_upstream(TranscriptionFeature feature) throws Exception {
        assertDeclaredReachesTheUpstream(feature);
    }

    @ParameterizedTest
    @EnumSource
    void undeclared_feature_is_refused_by_its_name_and_not_dropped(TranscriptionFeature feature) {
        assertUndeclaredIsRefused(feature);
    }
}
