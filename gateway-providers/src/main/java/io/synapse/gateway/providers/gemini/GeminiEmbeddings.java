package io.synapse.gateway.providers.gemini;

import static java.util.Map.entry;

import io.synapse.gateway.media.EmbeddingRequest;
import io.synapse.gateway.media.Embeddings;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamResponse;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.json.MalformedJsonException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Embeddings: the Gemini API reference, {@code models.batchEmbedContents}. Tells no usage, since the upstream does not.
 * Safe for use by many threads.
 */
final class GeminiEmbeddings {
    private static final int MOST_AT_ONCE = 100;
    private static final FieldNames FIELDS = new FieldNames(
            "input",
            List.of(entry("dimensionality", "dimensions"), entry("content", "input"), entry("requests", "input")));

    private final GeminiApi api;

    GeminiEmbeddings(GeminiApi api) {
        this.api = api;
    }

    Embeddings embed(UpstreamCall call, EmbeddingRequest request) throws UpstreamException {
        if (!request.tokens().isEmpty()) {
            throw UpstreamErrors.unsupported("input", "'input' must be text: gemini does not take tokens.");
        }
        List<String> texts = request.texts();
        List<byte[]> bodies = new ArrayList<>();
        for (int from = 0; from < texts.size(); from += MOST_AT_ONCE) {
            bodies.add(write(call, request, texts.subList(from, Math.min(from + MOST_AT_ONCE, texts.size()))));
        }
        List<float[]> vectors = new ArrayList<>(texts.size());
        // One after the other: a limit on the rate is met soon enough.
        for (byte[] body : bodies) {
            int inputs = Math.min(MOST_AT_ONCE, texts.size() - vectors.size());
            try (UpstreamResponse response =
                    api.route(call, "batchEmbedContents", GeminiApi.JSON).post(call, body)) {
                read(response.whole(), inputs, request.dimensions(), vectors);
            } catch (UpstreamException e) {
                throw FIELDS.ours(e);
            }
        }
        return new Embeddings(vectors, null);
    }

    private static byte[] write(UpstreamCall call, EmbeddingRequest request, List<String> texts)
            throws UpstreamException {
        List<Object> items = new ArrayList<>(texts.size());
        for (String text : texts) {
            Map<String, @Nullable Object> item = new LinkedHashMap<>();
            item.put("model", "models/" + GeminiApi.model(call));
            item.put("content", Map.of("parts", List.of(Map.of("text", text))));
            if (request.dimensions() != null) {
                item.put("outputDimensionality", request.dimensions());
            }
            Options.merge(item, request.body(), "embedContentConfig");
            items.add(item);
        }
        return Json.write(Map.of("requests", items));
    }

    private static void read(byte[] json, int inputs, @Nullable Integer dimensions, List<float[]> into)
            throws UpstreamException {
        Map<String, @Nullable Object> answer;
        try {
            answer = GeminiApi.checked(Json.readVectors(json, "values"));
        } catch (MalformedJsonException e) {
            throw UpstreamErrors.malformed("answered with " + e.getMessage(), e);
        }
        List<@Nullable Object> embeddings = Json.asList(answer.get("embeddings"));
        if (embeddings == null || embeddings.size() != inputs) {
            throw UpstreamErrors.malformed(
                    "answered " + inputs + " inputs with "
                            + (embeddings == null ? "no" : String.valueOf(embeddings.size())) + " vectors",
                    null);
        }
        for (Object each : embeddings) {
            if (!(each instanceof Map<?, ?> embedding)
                    || !(embedding.get("values") instanceof float[] vector)
                    || vector.length == 0) {
                throw UpstreamErrors.malformed("answered with an embedding that is no vector", null);
            }
            int length = dimensions != null ? dimensions : into.isEmpty() ? vector.length : into.getFirst().length;
            if (vector.length != length) {
                throw UpstreamErrors.malformed("answered with vectors of another length", null);
            }
            into.add(dimensions == null ? vector : normal(vector));
        }
    }

    /** Of length one: the upstream's own are so at their full dimensions alone. */
    private static float[] normal(float[] vector) {
        double square = 0;
        for (float number : vector) {
            square += (double) number * number;
        }
        if (square == 0) {
            return vector;
        }
        double length = Math.sqrt(square);
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (vector[i] / length);
        }
        return vector;
    }
}
