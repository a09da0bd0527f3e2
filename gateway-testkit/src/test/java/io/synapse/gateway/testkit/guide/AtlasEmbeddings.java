package io.synapse.gateway.testkit.guide;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.EmbeddingRequest;
import io.synapse.gateway.media.Embeddings;
import io.synapse.gateway.provider.EmbeddingProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

// guide: atlas
/** Vectors by Atlas, which answers in JSON. Safe for use by many threads. */
final class AtlasEmbeddings implements EmbeddingProvider, AutoCloseable {
    private static final Set<String> OWNED = Set.of("model", "texts", "width");
    private final Upstream upstream;

    AtlasEmbeddings(URI address, String key) {
        this.upstream = new Upstream(address, key);
    }

    @Override
    public String id() {
        return "atlas";
    }

    @Override
    public Embeddings embed(UpstreamCall call, EmbeddingRequest request) throws UpstreamException {
        if (!request.tokens().isEmpty()) {
            throw Upstream.unsupported("input");
        }
        ObjectNode body = Upstream.JSON.createObjectNode().put("model", call.model());
        request.texts().forEach(body.putArray("texts")::add);
        if (request.dimensions() != null) {
            body.put("width", request.dimensions());
        }
        Upstream.merge(body, id(), request.providerOptions(id()), OWNED);

        JsonNode answer = upstream.post(call, "/vectors", body);

        List<float[]> vectors = new ArrayList<>();
        for (JsonNode row : answer.path("vectors")) {
            float[] vector = new float[row.size()];
            for (int i = 0; i < vector.length; i++) {
                vector[i] = row.get(i).floatValue();
            }
            vectors.add(vector);
        }
        boolean even = vectors.stream().allMatch(vector -> vector.length == vectors.getFirst().length);
        if (vectors.size() != request.size() || !even) {
            throw Upstream.malformed("answered with other vectors than it was asked for");
        }
        JsonNode tokens = answer.path("tokens");
        return new Embeddings(vectors, tokens.isIntegralNumber() ? Usage.of(Unit.INPUT_TOKENS, tokens.asLong()) : null);
    }

    @Override
    public void close() {
        upstream.close();
    }
}
// guide: end
