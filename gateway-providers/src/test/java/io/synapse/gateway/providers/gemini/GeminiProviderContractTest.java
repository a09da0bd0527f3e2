package io.synapse.gateway.providers.gemini;

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

class GeminiProviderContractTest extends HttpChatProviderContract {
    private static final UpstreamHttp HTTP = new UpstreamHttp();

    @AfterAll
    static void close() {
        HTTP.close();
    }

    @Override
    protected ChatFormat format() {
        return new GeminiFormat();
    }

    @Override
    protected ChatProvider providerAt(URI upstream) {
        Map<String, String> settings =
                Map.of("GEMINI_API_KEY", "AIzaTest0123456789", "GEMINI_BASE_URL", upstream + "/v1beta/");
        return GeminiProvider.of(HTTP, settings::get).orElseThrow();
    }

    @Override
    protected Set<Feature> features() {
        return EnumSet.complementOf(
                EnumSet.of(Feature.LOGPROBS, Feature.LOGIT_BIAS, Feature.IMAGE_URLS, Feature.UNKNOWN_FIELDS));
    }
}
