package io.synapse.gateway.providers.cloudflare;

import io.synapse.gateway.provider.ChatProvider;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.testkit.Feature;
import io.synapse.gateway.testkit.HttpChatProviderContract;
import io.synapse.gateway.testkit.fake.ChatFormat;
import java.net.URI;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;

/** The contract of chat providers, for Workers AI. */
class CloudflareChatContractTest extends HttpChatProviderContract {
    private static final UpstreamHttp HTTP = new UpstreamHttp();

    @AfterAll
    static void closeClient() {
        HTTP.close();
    }

    @Override
    protected ChatFormat format() {
        return new CloudflareFormat();
    }

    @Override
    protected ChatProvider providerAt(URI upstream) {
        return CloudflareWire.provider(HTTP, upstream);
    }

    @Override
    protected Set<Feature> features() {
        return EnumSet.of(Feature.TOOLS, Feature.JSON_SCHEMA, Feature.IMAGES, Feature.UNKNOWN_FIELDS);
    }
}
