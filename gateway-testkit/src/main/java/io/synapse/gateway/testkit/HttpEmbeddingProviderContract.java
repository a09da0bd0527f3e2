package io.synapse.gateway.testkit;

import io.synapse.gateway.media.Embeddings;
import io.synapse.gateway.provider.EmbeddingProvider;
import io.synapse.gateway.testkit.fake.HttpMediaUpstream;
import io.synapse.gateway.testkit.fake.MediaUpstream;
import io.synapse.gateway.testkit.fake.UpstreamFormat;
import java.net.URI;

/**
 * What an {@link EmbeddingProvider} behind HTTP owes the gateway: the {@link EmbeddingProviderContract}, and what only sockets can show. Its
 * author says how the upstream writes, and makes the provider.
 */
public abstract class HttpEmbeddingProviderContract extends EmbeddingProviderContract {
    /** There is nothing to set. */
    protected HttpEmbeddingProviderContract() {}

    /** How the upstream writes its answers. */
    protected abstract UpstreamFormat<Embeddings> format();

    /** Makes the provider under test. If it is {@link AutoCloseable} it is closed after the test. */
    protected abstract EmbeddingProvider providerAt(URI upstream);

    @Override
    protected final MediaUpstream<Embeddings> startUpstream() {
        return HttpMediaUpstream.of(format(), patience());
    }

    @Override
    protected final EmbeddingProvider startProvider(MediaUpstream<Embeddings> started) {
        return providerAt(((HttpMediaUpstream<Embeddings>) started).uri());
    }

    @Override
    final EmbeddingProvider providerElsewhere(URI address) {
        return providerAt(address);
    }
}
