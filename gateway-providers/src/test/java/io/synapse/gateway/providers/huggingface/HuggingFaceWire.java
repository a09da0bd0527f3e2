package io.synapse.gateway.providers.huggingface;

import io.synapse.gateway.provider.Provider;
import io.synapse.gateway.providers.Providers;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.testkit.fake.FakeUpstream;
import java.util.List;
import java.util.Map;

/** An upstream, and the provider that the settings make of it. */
final class HuggingFaceWire implements AutoCloseable {
    static final String TOKEN = "hf_testToken0123456789";

    final FakeUpstream upstream = new FakeUpstream();
    private final UpstreamHttp http = new UpstreamHttp();
    final HuggingFaceProvider provider = provider();

    private HuggingFaceProvider provider() {
        Map<String, String> settings = Map.of("HF_TOKEN", TOKEN, "HF_BASE_URL", upstream.uri() + "/");
        List<Provider> configured = Providers.configured(http, settings::get);
        return (HuggingFaceProvider) configured.getFirst();
    }

    @Override
    public void close() {
        http.close();
        upstream.close();
    }
}
