package io.synapse.gateway.testkit.guide;

import io.synapse.gateway.media.Embeddings;
import io.synapse.gateway.provider.EmbeddingProvider;
import io.synapse.gateway.testkit.EmbeddingFeature;
import io.synapse.gateway.testkit.HttpEmbeddingProviderContract;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.PlainJson;
import io.synapse.gateway.testkit.fake.UpstreamFormat;
import java.net.URI;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

// guide: atlas-test
class AtlasEmbeddingsTest extends HttpEmbeddingProviderContract {
    @Override
    protected EmbeddingProvider providerAt(URI upstream) {
        return new AtlasEmbeddings(upstream, "a-key");
    }

    @Override
    protected UpstreamFormat<Embeddings> format() {
        return (request, answer) -> {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put(
                    "vectors",
                    answer.vectors().stream()
                            .map(Arrays::toString)
                            .map(PlainJson::read)
                            .toList());
            if (answer.usage() != null) {
                json.put(
                        "tokens",
                        answer.usage().quantities().values().iterator().next());
            }
            return Answer.json(200, PlainJson.write(json));
        };
    }

    @Override
    protected Set<EmbeddingFeature> features() {
        return EnumSet.of(EmbeddingFeature.DIMENSIONS, EmbeddingFeature.PROVIDER_OPTIONS);
    }
}
// guide: end
