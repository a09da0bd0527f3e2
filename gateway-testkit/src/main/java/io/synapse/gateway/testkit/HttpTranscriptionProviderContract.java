package io.synapse.gateway.testkit;

import io.synapse.gateway.media.Transcript;
import io.synapse.gateway.provider.TranscriptionProvider;
import io.synapse.gateway.testkit.fake.HttpMediaUpstream;
import io.synapse.gateway.testkit.fake.MediaUpstream;
import io.synapse.gateway.testkit.fake.UpstreamFormat;
import java.net.URI;

/**
 * What a {@link TranscriptionProvider} behind HTTP owes the gateway: the {@link TranscriptionProviderContract}, and what only sockets can show. Its
 * author says how the upstream writes, and makes the provider.
 */
public abstract class HttpTranscriptionProviderContract extends TranscriptionProviderContract {
    /** There is nothing to set. */
    protected HttpTranscriptionProviderContract() {}

    /** How the upstream writes its answers. */
    protected abstract UpstreamFormat<Transcript> format();

    /** Makes the provider under test. If it is {@link AutoCloseable} it is closed after the test. */
    protected abstract TranscriptionProvider providerAt(URI upstream);

    @Override
    protected final MediaUpstream<Transcript> startUpstream() {
        return HttpMediaUpstream.of(format(), patience());
    }

    @Override
    protected final TranscriptionProvider startProvider(MediaUpstream<Transcript> started) {
        return providerAt(((HttpMediaUpstream<Transcript>) started).uri());
    }

    @Override
    final TranscriptionProvider providerElsewhere(URI address) {
        return providerAt(address);
    }
}
