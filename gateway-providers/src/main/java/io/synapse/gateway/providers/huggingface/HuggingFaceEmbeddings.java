package io.synapse.gateway.providers.huggingface;

import io.synapse.gateway.media.EmbeddingRequest;
import io.synapse.gateway.media.Embeddings;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.Endpoint;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamResponse;
import io.synapse.gateway.providers.http.UpstreamRoute;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.media.ProviderOptions;
import io.synapse.gateway.providers.internal.media.Vectors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Embeddings by the task "Feature Extraction". A model that answers with a vector for each token is of no use here: how they
 * become one differs from model to model. Safe for use by many threads.
 */
final class HuggingFaceEmbeddings {
    /** The servers behind it take no more with one question, as they are delivered. */
    private static final int MOST_TEXTS = 32;

    private static final Set<String> OWNED = Set.of("inputs", "parameters", "model", "dimensions");

    private final Endpoint endpoint;

    HuggingFaceEmbeddings(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    Embeddings embed(UpstreamCall call, EmbeddingRequest request) throws UpstreamException {
        List<String> texts = Vectors.texts(request, endpoint.id());
        if (request.dimensions() != null) {
            throw UpstreamErrors.unsupported(
                    "dimensions", "This model's vectors have a length of their own. Leave 'dimensions' out.");
        }
        Map<String, @Nullable Object> options = new LinkedHashMap<>();
        ProviderOptions.merge(options, request.body(), endpoint.id(), OWNED);
        try {
            return new Embeddings(Vectors.ask(texts, MOST_TEXTS, some -> ask(call, some, options)), null);
        } catch (UpstreamException e) {
            throw Vectors.atInput(e);
        }
    }

    private List<float[]> ask(UpstreamCall call, List<String> texts, Map<String, @Nullable Object> options)
            throws UpstreamException {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("inputs", texts);
        // What is too long is an error then, and never half of what was sent.
        body.put("truncate", false);
        body.putAll(options);
        UpstreamRoute route = endpoint.route("/" + call.model() + "/pipeline/feature-extraction", "application/json");
        try (UpstreamResponse response = route.post(call, Json.write(body))) {
            return Vectors.read(Results.numbers(response.whole()), texts.size());
        }
    }
}
