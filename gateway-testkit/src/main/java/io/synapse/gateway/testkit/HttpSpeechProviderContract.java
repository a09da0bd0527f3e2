package io.synapse.gateway.testkit;

import io.synapse.gateway.provider.SpeechProvider;
import io.synapse.gateway.testkit.fake.HttpMediaUpstream;
import io.synapse.gateway.testkit.fake.MediaUpstream;
import io.synapse.gateway.testkit.fake.Spoken;
import io.synapse.gateway.testkit.fake.UpstreamFormat;
import java.net.URI;

/**
 * What a {@link SpeechProvider} behind HTTP owes the gateway: the {@link SpeechProviderContract}, and what only sockets can show. Its
 * author says how the upstream writes, and makes the provider.
 */
public abstract class HttpSpeechProviderContract extends SpeechProviderContract {
    /** There is nothing to set. */
    protected HttpSpeechProviderContract() {}

    /** How the upstream writes its answers. */
    protected abstract UpstreamFormat<Spoken> format();

    /** Makes the provider under test. If it is {@link AutoCloseable} it is closed after the test. */
    protected abstract SpeechProvider providerAt(URI upstream);

    @Override
    protected final MediaUpstream<Spoken> startUpstream() {
        return HttpMediaUpstream.of(format(), patience());
    }

    @Override
    protected final SpeechProvider startProvider(MediaUpstream<Spoken> started) {
        return providerAt(((HttpMediaUpstream<Spoken>) started).uri());
    }

    @Override
    final SpeechProvider providerElsewhere(URI address) {
        return providerAt(address);
    }
}
