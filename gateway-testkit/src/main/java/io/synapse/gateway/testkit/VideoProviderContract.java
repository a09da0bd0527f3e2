package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.media.Video;
import io.synapse.gateway.media.VideoRequest;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.VideoProvider;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every {@link VideoProvider} owes the gateway. The author of one extends this class with two methods: one that
 * starts an upstream that can be told what to do, and one that makes the provider that speaks to it. For a provider
 * behind HTTP extend {@link HttpVideoProviderContract}. The names of the tests are the rules.
 */
public abstract class VideoProviderContract
        extends MediaUpstreamRules<VideoProvider, VideoRequest, Video, VideoFeature> {
    private static final int MILLIS = 5_000;
    private final Media frame = SampleMedia.picture(42);

    /** There is nothing to set. */
    protected VideoProviderContract() {}

    @Override
    protected Set<VideoFeature> features() {
        return EnumSet.allOf(VideoFeature.class);
    }

    @Override
    final VideoRequest request() {
        return request(Map.of(), null);
    }

    @Override
    final VideoRequest request(VideoFeature feature) {
        return feature == VideoFeature.FIRST_FRAME ? request(Map.of(), frame) : request(asking(feature), null);
    }

    private static VideoRequest request(Map<String, ?> more, @Nullable Media firstFrame) {
        Map<String, String> plain = Map.of("model", "a-model", "prompt", "waves in the rain");
        return VideoRequest.of(joined(plain, more), firstFrame);
    }

    @Override
    final Video answer(@Nullable Usage usage) {
        return new Video(SampleMedia.film(MILLIS), MILLIS, usage);
    }

    @Override
    final Unit unit() {
        return Unit.MILLISECONDS;
    }

    @Override
    final @Nullable Usage usage(Video video) {
        return video.usage();
    }

    @Override
    final Usage counted(Video video) {
        return Usage.of(Unit.MILLISECONDS, video.durationMillis());
    }

    @Override
    final void assertSame(Video video, Video upstreams) {
        assertThat(video.media().bytes())
                .as("the bytes of the film")
                .isEqualTo(upstreams.media().bytes());
        assertThat(video.media().type())
                .as("the type of the film")
                .isEqualTo(upstreams.media().type());
    }

    @Override
    final Video ask(VideoProvider asked, UpstreamCall call, VideoRequest request) throws UpstreamException {
        return asked.film(call, request);
    }

    @Test
    void prompt_reaches_the_upstream() throws Exception {
        upstream.answers(answer((Usage) null));
        ask(call(), request()).result();
        assertThat(upstream.heard()).contains("waves in the rain");
    }

    @Test
    void provider_options_cannot_replace_the_model() throws Exception {
        assertModelCannotBeReplaced(options ->
                request(Map.of("providerOptions", Map.of(provider.id(), options)), null));
    }

    @Test
    void length_of_the_film_is_told_in_milliseconds() throws Exception {
        upstream.answers(answer((Usage) null));
        assertThat(ask(call(), request()).result().durationMillis()).isEqualTo(MILLIS);
    }

    @Test
    void first_frame_reaches_the_upstream() throws Exception {
        assumeTrue(features().contains(VideoFeature.FIRST_FRAME));
        upstream.answers(answer((Usage) null));
        ask(call(), request(VideoFeature.FIRST_FRAME)).result();
        assertThat(upstream.heard()).containsAnyOf(SampleMedia.traces(frame));
    }

    @ParameterizedTest
    @EnumSource
    void declared_feature_reaches_the_upstream(VideoFeature feature) throws Exception {
        assertDeclaredReachesTheUpstream(feature);
    }

    @ParameterizedTest
    @EnumSource
    void undeclared_feature_is_refused_by_its_name_and_not_dropped(VideoFeature feature) {
        assertUndeclaredIsRefused(feature);
    }
}
