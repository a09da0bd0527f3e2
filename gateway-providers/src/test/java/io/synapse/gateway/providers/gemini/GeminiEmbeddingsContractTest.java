package io.synapse.gateway.providers.gemini;

import io.synapse.gateway.media.Embeddings;
import io.synapse.gateway.provider.EmbeddingProvider;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.testkit.EmbeddingFeature;
import io.synapse.gateway.testkit.HttpEmbeddingProviderContract;
import io.synapse.gateway.testkit.UsageTold;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.PlainJson;
import io.synapse.gateway.testkit.fake.UpstreamFormat;
import java.net.URI;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;

/** The contract of vectors, in Gemini's own format. */
class GeminiEmbeddingsContractTest extends HttpEmbeddingProviderContract {
    private static final UpstreamHttp HTTP = new UpstreamHttp();

    @AfterAll
    static void end() {
        HTTP.close();
    }

    @Override
    protected EmbeddingProvider providerAt(URI upstream) {
        Map<String, String> settings =
                Map.of("GEMINI_API_KEY", "AIzaTest0123456789", "GEMINI_BASE_URL", upstream + "/v1beta/");
        return GeminiProvider.of(HTTP, settings::get).orElseThrow();
    }

    @Override
    protected UpstreamFormat<Embeddings> format() {
        return (request, answer) -> {
            List<Map<String, Object>> embeddings = answer.vectors().stream()
                    .map(vector -> Map.of("values", PlainJson.read(Arrays.toString(vector))))
                    .toList();
            return Answer.json(200, PlainJson.write(Map.of("embeddings", embeddings)));
        };
    }

    @Override
    protected Set<EmbeddingFeature> features() {
        return EnumSet.of(EmbeddingFeature.DIMENSIONS, EmbeddingFeature.PROVIDER_OPTIONS);
    }

    @Override
    protected UsageTold usageTold() {
        return UsageTold.NEVER;
    }
}
