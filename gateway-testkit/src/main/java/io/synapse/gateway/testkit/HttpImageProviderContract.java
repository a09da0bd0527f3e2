package io.synapse.gateway.testkit;

import io.synapse.gateway.media.Images;
import io.synapse.gateway.provider.ImageProvider;
import io.synapse.gateway.testkit.fake.HttpMediaUpstream;
import io.synapse.gateway.testkit.fake.MediaUpstream;
import io.synapse.gateway.testkit.fake.UpstreamFormat;
import java.net.URI;

/**
 * What an {@link ImageProvider} behind HTTP owes the gateway: the {@link ImageProviderContract}, and what only sockets can show. Its
 * author says how the upstream writes, and makes the provider.
 */
public abstract class HttpImageProviderContract extends ImageProviderContract {
    /** There is nothing to set. */
    protected HttpImageProviderContract() {}

    /** How the upstream writes its answers. */
    protected abstract UpstreamFormat<Images> format();

    /** Makes the provider under test. If it is {@link AutoCloseable} it is closed after the test. */
    protected abstract ImageProvider providerAt(URI upstream);

    @Override
    protected final MediaUpstream<Images> startUpstream() {
        return HttpMediaUpstream.of(format(), patience());
    }

    @Override
    protected final ImageProvider startProvider(MediaUpstream<Images> started) {
        return providerAt(((HttpMediaUpstream<Images>) started).uri());
    }

    @Override
    final ImageProvider providerElsewhere(URI address) {
        return providerAt(address);
    }
}
