package io.synapse.gateway.providers.anthropic;

import io.synapse.gateway.provider.ChatProvider;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.testkit.Feature;
import io.synapse.gateway.testkit.HttpChatProviderContract;
import io.synapse.gateway.testkit.fake.ChatFormat;
import java.net.URI;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;

class AnthropicProviderContractTest extends HttpChatProviderContract {
    private static final UpstreamHttp HTTP = new UpstreamHttp();

    @AfterAll
    static void close() {
        HTTP.close();
    }

    @Override
    protected ChatFormat format() {
        return new AnthropicFormat();
    }

    @Override
    protected ChatProvider providerAt(URI upstream) {
        Map<String, String> settings =
                Map.of("ANTHROPIC_API_KEY", "sk-ant-test-0123456789", "ANTHROPIC_BASE_URL", upstream.toString());
        return AnthropicProvider.of(HTTP, settings::get).orElseThrow();
    }

    @Override
    protected Set<Feature> features() {
        return EnumSet.of(Feature.TOOLS, Feature.STOP, Feature.JSON_SCHEMA, Feature.IMAGES, Feature.IMAGE_URLS);
    }
}
