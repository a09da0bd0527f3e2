package io.synapse.gateway.providers.cloudflare;

import io.synapse.gateway.provider.Provider;
import io.synapse.gateway.providers.Providers;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.testkit.fake.FakeUpstream;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** An upstream, and the provider that the settings make of it. */
final class CloudflareWire implements AutoCloseable {
    static final String TOKEN = "cf-test-token-0123456789";
    static final String ACCOUNT = "0123456789abcdef0123456789abcdef";
    static final String AI = "/client/v4/accounts/" + ACCOUNT + "/ai";

    final FakeUpstream upstream = new FakeUpstream();
    private final UpstreamHttp http = new UpstreamHttp();
    final CloudflareProvider provider = provider(http, upstream.uri());

    static CloudflareProvider provider(UpstreamHttp http, URI upstream) {
        Map<String, String> settings = Map.of(
                "CLOUDFLARE_API_TOKEN",
                TOKEN,
                "CLOUDFLARE_ACCOUNT_ID",
                ACCOUNT,
                "CLOUDFLARE_BASE_URL",
                upstream + "/client/v4/");
        List<Provider> configured = Providers.configured(http, settings::get);
        return (CloudflareProvider) configured.getFirst();
    }

    /** JSON in the envelope of an answer. */
    static String envelope(String result) {
        return "{\"result\":" + result + ",\"success\":true,\"errors\":[],\"messages\":[]}";
    }

    /** The envelope of an error. */
    static String error(int code, String message) {
        return "{\"result\":null,\"success\":false,\"errors\":[{\"code\":" + code + ",\"message\":\"" + message
                + "\"}],\"messages\":[]}";
    }

    @Override
    public void close() {
        http.close();
        upstream.close();
    }
}
