package io.synapse.gateway.testkit;

import static io.synapse.gateway.testkit.ChatAssertions.upstreamFailure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.SpeechRequest;
import io.synapse.gateway.media.SpeechSink;
import io.synapse.gateway.provider.SpeechProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.testkit.fake.RecordingSound;
import io.synapse.gateway.testkit.fake.Spoken;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every {@link SpeechProvider} owes the gateway. The author of one extends this class with two methods: one that
 * starts an upstream that can be told what to do, and one that makes the provider that speaks to it. For a provider
 * behind HTTP extend {@link HttpSpeechProviderContract}. The names of the tests are the rules.
 */
public abstract class SpeechProviderContract
        extends MediaUpstreamRules<SpeechProvider, SpeechRequest, Spoken, SpeechFeature> {
    private static final byte[] FIRST = "ID3\4\0\0\0\0\0\0 first ".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] SECOND = "second \u00FF\u00FB".getBytes(StandardCharsets.ISO_8859_1);

    /** There is nothing to set. */
    protected SpeechProviderContract() {}

    @Override
    protected Set<SpeechFeature> features() {
        return EnumSet.allOf(SpeechFeature.class);
    }

    /** The media type of what the upstream speaks when it is asked for nothing in particular. */
    protected String soundType() {
        return "audio/mpeg";
    }

    /** Whether the upstream sends sound while it is made; one that does not sends it whole. */
    protected boolean streams() {
        return true;
    }

    @Override
    final SpeechRequest request() {
        return request(Map.of());
    }

    @Override
    final SpeechRequest request(SpeechFeature feature) {
        return request(asking(feature));
    }

    private static SpeechRequest request(Map<String, ?> more) {
        return SpeechRequest.of(joined(Map.of("model", "a-model", "input", "Good morning to you"), more));
    }

    @Override
    final Spoken answer(@Nullable Usage usage) {
        return new Spoken(soundType(), List.of(FIRST, SECOND), usage);
    }

    @Override
    final Spoken answer(SpeechFeature feature) {
        return feature == SpeechFeature.FORMAT
                ? new Spoken("audio/wav", List.of(SampleMedia.recording(100).bytes()), null)
                : answer((Usage) null);
    }

    @Override
    final Unit unit() {
        return Unit.CHARACTERS;
    }

    @Override
    final @Nullable Usage usage(Spoken spoken) {
        return spoken.usage();
    }

    @Override
    final void assertSame(Spoken spoken, Spoken upstreams) {
        assertThat(spoken.sound()).as("the sound").isEqualTo(upstreams.sound());
    }

    @Override
    final void assertKept(SpeechFeature feature, Spoken answered, Spoken upstreams) {
        if (feature == SpeechFeature.FORMAT) {
            assertThat(answered.type()).as("the type of the sound asked for").startsWith(upstreams.type());
        }
    }

    @Override
    final Spoken ask(SpeechProvider asked, UpstreamCall call, SpeechRequest request) throws UpstreamException {
        RecordingSound sound = new RecordingSound();
        Usage usage = asked.speak(call, request, sound);
        return new Spoken(String.valueOf(sound.type()), List.of(sound.sound()), usage);
    }

    private Patiently<@Nullable Usage> speak(UpstreamCall call, SpeechSink sink) {
        return Patiently.start(patience(), () -> provider.speak(call, request(), sink));
    }

    @Test
    void text_reaches_the_upstream() throws Exception {
        upstream.answers(answer((Usage) null));
        ask(call(), request()).result();
        assertThat(upstream.heard()).contains("Good morning to you");
    }

    @Test
    void provider_options_cannot_replace_the_model() throws Exception {
        assertModelCannotBeReplaced(options -> request(Map.of("providerOptions", Map.of(provider.id(), options))));
    }

    @Test
    void type_of_the_sound_is_told_before_its_bytes_and_fits_them() throws Exception {
        upstream.answers(answer((Usage) null));
        assertThat(ask(call(), request()).result().type()).startsWith(soundType());
    }

    @Test
    void sound_is_passed_on_while_it_is_made() throws Exception {
        assumeTrue(streams(), "an upstream that sends sound while it is made");
        try (HeldSound held = new HeldSound(FIRST, SECOND)) {
            upstream.answers(new Spoken(soundType(), held, null));
            RecordingSound sink = new RecordingSound();
            Patiently<?> running = speak(call(), sink);
            sink.awaitBytes(FIRST.length, patience());
            assertThat(sink.sound()).isEqualTo(FIRST);
            held.release();
            running.result();
            assertThat(sink.sound()).startsWith(FIRST).endsWith(SECOND);
        }
    }

    @Test
    void sound_that_is_cut_off_is_an_exception_and_never_a_normal_return() {
        assumeTrue(streams(), "an upstream that sends sound while it is made");
        upstream.answers(new Spoken(soundType(), HeldSound.cutAfter(FIRST), null));
        assertThat(upstreamFailure(speak(call(), new RecordingSound())).kind()).isEqualTo(Kind.UNREACHABLE);
    }

    @Test
    void exception_of_the_sink_passes_through_and_the_upstream_is_left() {
        assumeTrue(streams(), "an upstream that sends sound while it is made");
        IllegalStateException enough = new IllegalStateException("enough");
        try (HeldSound held = new HeldSound(FIRST, SECOND)) {
            upstream.answers(new Spoken(soundType(), held, null));
            assertThat(speak(call(), RecordingSound.refusing(enough)).failure()).isSameAs(enough);
            upstream.awaitHangUps(1);
        }
    }

    @Test
    void cancelling_ends_a_call_in_the_middle_of_its_sound() {
        assumeTrue(streams(), "an upstream that sends sound while it is made");
        try (HeldSound held = new HeldSound(FIRST, SECOND)) {
            upstream.answers(new Spoken(soundType(), held, null));
            RecordingSound sink = new RecordingSound();
            UpstreamCall call = call();
            Patiently<?> running = speak(call, sink);
            sink.awaitBytes(1, patience());
            call.stop(UpstreamCall.Stop.CALLER_GONE);
            assertThat(running.failure()).isInstanceOf(Exception.class);
            upstream.awaitHangUps(1);
        }
    }

    @Test
    void sound_that_falls_silent_ends_when_its_time_is_up() {
        assumeTrue(streams(), "an upstream that sends sound while it is made");
        try (HeldSound held = new HeldSound(FIRST, SECOND)) {
            upstream.answers(new Spoken(soundType(), held, null));
            assertThat(upstreamFailure(speak(call(briefly()), new RecordingSound()))
                            .kind())
                    .isEqualTo(Kind.TIMED_OUT);
            if (upstream.requests() > 0) {
                upstream.awaitHangUps(1);
            }
        }
    }

    @Test
    void sound_does_not_begin_where_there_is_none() {
        RecordingSound sink = new RecordingSound();
        upstream.fails(Kind.OVERLOADED, null, null);
        assertThat(upstreamFailure(speak(call(), sink)).kind()).isEqualTo(Kind.OVERLOADED);
        upstream.talksNonsense();
        assertThat(upstreamFailure(speak(call(), sink)).kind()).isEqualTo(Kind.MALFORMED);
        assertThat(sink.type()).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void declared_feature_reaches_the_upstream(SpeechFeature feature) throws Exception {
        assertDeclaredReachesTheUpstream(feature);
    }

    @ParameterizedTest
    @EnumSource
    void undeclared_feature_is_refused_by_its_name_and_not_dropped(SpeechFeature feature) {
        assertUndeclaredIsRefused(feature);
    }
}
