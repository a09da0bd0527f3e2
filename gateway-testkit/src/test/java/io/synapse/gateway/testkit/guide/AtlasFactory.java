package io.synapse.gateway.testkit.guide;

import io.synapse.gateway.provider.Provider;
import io.synapse.gateway.provider.ProviderFactory;
import io.synapse.gateway.provider.ProviderSettings;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

// guide: factory
/** Makes {@link AtlasEmbeddings} of an operator's settings. */
public final class AtlasFactory implements ProviderFactory {
    @Override
    public String id() {
        return "atlas";
    }

    @Override
    public Set<String> settings() {
        return Set.of("API_KEY", "BASE_URL");
    }

    @Override
    public Optional<? extends Provider> create(ProviderSettings settings) {
        URI address = settings.url("BASE_URL").orElse(URI.create("https://api.atlas.example"));
        return settings.get("API_KEY").map(key -> new AtlasEmbeddings(address, key));
    }
}
// guide: end
