package io.synapse.gateway.testkit;

import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.ImageProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * What every {@link ImageProvider} owes the gateway. The author of one extends this class with two methods: one that
 * starts an upstream that can be told what to do, and one that makes the provider that speaks to it. For a provider
 * behind HTTP extend {@link HttpImageProviderContract}. The names of the tests are the rules.
 */
public abstract class ImageProviderContract extends ImageRules<ImageProvider> {
    /** There is nothing to set. */
    protected ImageProviderContract() {}

    @Override
    protected Set<ImageFeature> features() {
        return EnumSet.complementOf(EnumSet.of(ImageFeature.MASK));
    }

    @Override
    final @Nullable Media source() {
        return null;
    }

    @Override
    final Images ask(ImageProvider asked, UpstreamCall call, ImageRequest request) throws UpstreamException {
        return asked.draw(call, request);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "MASK")
    void declared_feature_reaches_the_upstream(ImageFeature feature) throws Exception {
        assertDeclaredReachesTheUpstream(feature);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "MASK")
    void undeclared_feature_is_refused_by_its_name_and_not_dropped(ImageFeature feature) {
        assertUndeclaredIsRefused(feature);
    }
}
