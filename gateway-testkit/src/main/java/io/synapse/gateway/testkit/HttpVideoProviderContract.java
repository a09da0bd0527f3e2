package io.synapse.gateway.testkit;

import io.synapse.gateway.media.Video;
import io.synapse.gateway.provider.VideoProvider;
import io.synapse.gateway.testkit.fake.HttpMediaUpstream;
import io.synapse.gateway.testkit.fake.MediaUpstream;
import io.synapse.gateway.testkit.fake.UpstreamFormat;
import java.net.URI;

/**
 * What a {@link VideoProvider} behind HTTP owes the gateway: the {@link VideoProviderContract}, and what only sockets can show. Its
 * author says how the upstream writes, and makes the provider.
 */
public abstract class HttpVideoProviderContract extends VideoProviderContract {
    /** There is nothing to set. */
    protected HttpVideoProviderContract() {}

    /** How the upstream writes its answers. */
    protected abstract UpstreamFormat<Video> format();

    /** Makes the provider under test. If it is {@link AutoCloseable} it is closed after the test. */
    protected abstract VideoProvider providerAt(URI upstream);

    @Override
    protected final MediaUpstream<Video> startUpstream() {
        return HttpMediaUpstream.of(format(), patience());
    }

    @Override
    protected final VideoProvider startProvider(MediaUpstream<Video> started) {
        return providerAt(((HttpMediaUpstream<Video>) started).uri());
    }

    @Override
    final VideoProvider providerElsewhere(URI address) {
        return providerAt(address);
    }
}
