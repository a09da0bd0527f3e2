package io.synapse.gateway.testkit;

import io.synapse.gateway.media.Images;
import io.synapse.gateway.provider.ImageEditProvider;
import io.synapse.gateway.testkit.fake.HttpMediaUpstream;
import io.synapse.gateway.testkit.fake.MediaUpstream;
import io.synapse.gateway.testkit.fake.UpstreamFormat;
import java.net.URI;

/**
 * What an {@link ImageEditProvider} behind HTTP owes the gateway: the {@link ImageEditProviderContract}, and what only sockets can show. Its
 * author says how the upstream writes, and makes the provider.
 */
public abstract class HttpImageEditProviderContract extends ImageEditProviderContract {
    /** There is nothing to set. */
    protected HttpImageEditProviderContract() {}

    /** How the upstream writes its answers. */
    protected abstract UpstreamFormat<Images> format();

    /** Makes the provider under test. If it is {@link AutoCloseable} it is closed after the test. */
    protected abstract ImageEditProvider providerAt(URI upstream);

    @Override
    protected final MediaUpstream<Images> startUpstream() {
        return HttpMediaUpstream.of(format(), patience());
    }

    @Override
    protected final ImageEditProvider startProvider(MediaUpstream<Images> started) {
        return providerAt(((HttpMediaUpstream<Images>) started).uri());
    }

    @Override
    final ImageEditProvider providerElsewhere(URI address) {
        return providerAt(address);
    }
}
