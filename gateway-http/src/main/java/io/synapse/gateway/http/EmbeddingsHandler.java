package io.synapse.gateway.http;

import io.synapse.gateway.Answered;
import io.synapse.gateway.Gateway;
import io.synapse.gateway.Receipt;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.media.EmbeddingRequest;
import io.synapse.gateway.media.Embeddings;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code POST /embeddings}. */
final class EmbeddingsHandler implements ApiEndpoint {
    static final int MOST_BYTES = 8 * 1024 * 1024;

    private final Gateway gateway;

    EmbeddingsHandler(Gateway gateway) {
        this.gateway = gateway;
    }

    @Override
    public void answer(ApiCall call) {
        EmbeddingRequest request = EmbeddingRequest.of(call.body().json());
        Answered<Embeddings> answered = gateway.embed(call.admission(), request);
        call.creditHeaders(answered.receipt());
        call.json(body(answered.answer(), answered.receipt(), request.base64()));
    }

    private static Map<String, @Nullable Object> body(Embeddings answer, Receipt receipt, boolean base64) {
        List<Map<String, @Nullable Object>> data =
                new ArrayList<>(answer.vectors().size());
        for (float[] vector : answer.vectors()) {
            Map<String, @Nullable Object> entry = new LinkedHashMap<>();
            entry.put("object", "embedding");
            entry.put("index", data.size());
            entry.put("embedding", base64 ? base64(vector) : vector);
            data.add(entry);
        }
        long tokens = receipt.usage().quantity(Unit.INPUT_TOKENS);
        Map<String, @Nullable Object> usage = new LinkedHashMap<>();
        usage.put("prompt_tokens", tokens);
        usage.put("total_tokens", tokens);
        Wire.credits(usage, receipt);
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("object", "list");
        body.put("model", receipt.model().id());
        body.put("data", data);
        body.put("usage", usage);
        return body;
    }

    /** Little-endian float32, as OpenAI's SDKs ask for it unless told otherwise. */
    private static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * vector.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
