package io.synapse.gateway.providers.cloudflare;

import io.synapse.gateway.media.EmbeddingRequest;
import io.synapse.gateway.media.Embeddings;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamResponse;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.media.ProviderOptions;
import io.synapse.gateway.providers.internal.media.Vectors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Embeddings by the bge models of Workers AI. How the tokens' vectors become one is left to the model, unless the caller
 * sets {@code providerOptions.cloudflare.pooling}: vectors of different ways do not compare. Safe for use by many threads.
 */
final class CloudflareEmbeddings {
    private static final int MOST_TEXTS = 100;
    private static final Set<String> OWNED = Set.of("text", "query", "contexts", "requests");
    private static final Map<Pattern, Integer> LENGTHS = Map.of(
            Pattern.compile(".*/bge-small-.*"), 384,
            Pattern.compile(".*/bge-base-.*"), 768,
            Pattern.compile(".*/bge-(?:large-.*|m3)"), 1024);

    private final ModelRuns runs;

    CloudflareEmbeddings(ModelRuns runs) {
        this.runs = runs;
    }

    Embeddings embed(UpstreamCall call, EmbeddingRequest request) throws UpstreamException {
        List<String> texts = Vectors.texts(request, runs.provider());
        Integer wanted = request.dimensions();
        if (wanted != null && !isLength(call.model(), wanted)) {
            throw UpstreamErrors.unsupported(
                    "dimensions", "This model's vectors have a length of their own. Leave 'dimensions' out.");
        }
        Map<String, @Nullable Object> options = new LinkedHashMap<>();
        ProviderOptions.merge(options, request.body(), runs.provider(), OWNED);
        try {
            return new Embeddings(Vectors.ask(texts, MOST_TEXTS, some -> ask(call, some, options)), null);
        } catch (UpstreamException e) {
            throw Vectors.atInput(e);
        }
    }

    private List<float[]> ask(UpstreamCall call, List<String> texts, Map<String, @Nullable Object> options)
            throws UpstreamException {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("text", texts);
        body.putAll(options);
        try (UpstreamResponse response =
                runs.of(call.model(), "application/json").post(call, Json.write(body))) {
            return Vectors.read(ModelRuns.numbers(response.whole()).get("data"), texts.size());
        }
    }

    private static boolean isLength(String model, int wanted) {
        return LENGTHS.entrySet().stream()
                .anyMatch(each -> each.getValue() == wanted
                        && each.getKey().matcher(model).matches());
    }
}
