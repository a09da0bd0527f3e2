package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.ImageEditProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every {@link ImageEditProvider} owes the gateway. The author of one extends this class with two methods: one that
 * starts an upstream that can be told what to do, and one that makes the provider that speaks to it. For a provider
 * behind HTTP extend {@link HttpImageEditProviderContract}. The names of the tests are the rules.
 */
public abstract class ImageEditProviderContract extends ImageRules<ImageEditProvider> {
    private final Media source = SampleMedia.picture(42);

    /** There is nothing to set. */
    protected ImageEditProviderContract() {}

    @Override
    protected Set<ImageFeature> features() {
        return EnumSet.allOf(ImageFeature.class);
    }

    @Override
    final Media source() {
        return source;
    }

    @Override
    final Images ask(ImageEditProvider asked, UpstreamCall call, ImageRequest request) throws UpstreamException {
        return asked.edit(call, request);
    }

    @Test
    void picture_to_start_from_reaches_the_upstream() throws Exception {
        upstream.answers(answer((Usage) null));
        ask(call(), request()).result();
        assertThat(upstream.heard()).containsAnyOf(SampleMedia.traces(source));
    }

    @Test
    void mask_reaches_the_upstream() throws Exception {
        assumeTrue(features().contains(ImageFeature.MASK));
        upstream.answers(answer((Usage) null));
        ImageRequest request = request(ImageFeature.MASK);
        Media mask = request.mask();
        ask(call(), request).result();
        assertThat(mask).isNotNull();
        if (mask != null) {
            assertThat(upstream.heard()).containsAnyOf(SampleMedia.traces(mask));
        }
    }

    @ParameterizedTest
    @EnumSource
    void declared_feature_reaches_the_upstream(ImageFeature feature) throws Exception {
        assertDeclaredReachesTheUpstream(feature);
    }

    @ParameterizedTest
    @EnumSource
    void undeclared_feature_is_refused_by_its_name_and_not_dropped(ImageFeature feature) {
        assertUndeclaredIsRefused(feature);
    }
}
