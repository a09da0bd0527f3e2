package io.synapse.gateway.providers.openai;

import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Embeddings in OpenAI's format: its API reference, "Create embeddings". Safe for use by many threads. */
final class OpenAiEmbeddings {
    private static final Set<String> OWNED = Set.of("model", "input", "encoding_format", "dimensions");

    private final String provider;
    private final UpstreamRoute route;
    private final MediaDialect.Embedding dialect;

    OpenAiEmbeddings(Endpoint endpoint, MediaDialect.Embedding dialect) {
        this.provider = endpoint.id();
        this.route = endpoint.route("/embeddings", "application/json");
        this.dialect = dialect;
    }

    Embeddings embed(UpstreamCall call, EmbeddingRequest request) throws UpstreamException {
        byte[] body = write(call, request);
        try (UpstreamResponse response = route.post(call, body)) {
            return read(response.whole(), request.size());
        } catch (UpstreamException e) {
            throw FieldNames.inOurWords(atInput(e), dialect.renamed());
        }
    }

    /** What is too long is called the messages, as it would be in a chat, if the upstream does not say what it is. */
    private static UpstreamException atInput(UpstreamException e) {
        return "messages".equals(e.param())
                ? new UpstreamException(e.kind(), e.getMessage(), e.retryAfter(), "input", e)
                : e;
    }

    private byte[] write(UpstreamCall call, EmbeddingRequest request) throws UpstreamException {
        if (!request.tokens().isEmpty() && !dialect.tokenInputs()) {
            throw UpstreamErrors.unsupported("input", "'input' must be text: " + provider + " does not take tokens.");
        }
        Map<String, @Nullable Object> body = new LinkedHashMap<>(request.body());
        body.remove("providerOptions");
        ProviderOptions.merge(body, request.body(), provider, OWNED);
        body.put("model", call.model());
        // Ours to choose: the caller's own wish is met when the answer is written.
        body.put("encoding_format", dialect.base64() ? "base64" : "float");
        body.keySet().removeAll(dialect.dropped());
        dialect.renamed().forEach((from, to) -> {
            if (body.containsKey(from)) {
                body.put(to, body.remove(from));
            }
        });
        return Json.write(body);
    }

    private static Embeddings read(byte[] json, int inputs) throws UpstreamException {
        Map<String, @Nullable Object> answer = Answers.vectors(json, "embedding");
        List<@Nullable Object> data = Json.asList(answer.get("data"));
        if (data == null || data.size() != inputs) {
            throw UpstreamErrors.malformed(
                    "answered " + inputs + " inputs with " + (data == null ? "no" : String.valueOf(data.size()))
                            + " vectors",
                    null);
        }
        float[][] vectors = new float[inputs][];
        for (int i = 0; i < inputs; i++) {
            Map<String, @Nullable Object> entry = Json.asObject(data.get(i));
            if (entry == null) {
                throw UpstreamErrors.malformed("answered with an embedding that is no object", null);
            }
            int index = entry.get("index") instanceof Integer given ? given : i;
            if (index < 0 || index >= inputs || vectors[index] != null) {
                throw UpstreamErrors.malformed("numbered its vectors wrongly", null);
            }
            vectors[index] = vector(entry.get("embedding"));
        }
        for (float[] vector : vectors) {
            if (vector.length == 0 || vector.length != vectors[0].length) {
                throw UpstreamErrors.malformed("answered with vectors of different lengths", null);
            }
        }
        return new Embeddings(Arrays.asList(vectors), usage(answer.get("usage")));
    }

    /** Either form, whichever was asked for: not every upstream listens. */
    private static float[] vector(@Nullable Object embedding) throws UpstreamException {
        if (embedding instanceof float[] vector) {
            return vector;
        }
        if (!(embedding instanceof String base64)) {
            throw UpstreamErrors.malformed("answered with an embedding that is no vector", null);
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw UpstreamErrors.malformed("answered with an embedding that is not base64", e);
        }
        if (bytes.length % Float.BYTES != 0) {
            throw UpstreamErrors.malformed("answered with an embedding that was cut off", null);
        }
        float[] vector = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        for (float number : vector) {
            if (!Float.isFinite(number)) {
                throw UpstreamErrors.malformed("answered with an embedding that holds no numbers", null);
            }
        }
        return vector;
    }

    /** No input is empty, so a count of zero is a count that was not made. */
    private static @Nullable Usage usage(@Nullable Object value) {
        Map<String, @Nullable Object> usage = Json.asObject(value);
        if (usage == null) {
            return null;
        }
        Object told = usage.get("prompt_tokens") == null ? usage.get("total_tokens") : usage.get("prompt_tokens");
        Long tokens = UsageReader.count(told);
        return tokens == null || tokens == 0 ? null : Usage.of(Unit.INPUT_TOKENS, tokens);
    }
}
