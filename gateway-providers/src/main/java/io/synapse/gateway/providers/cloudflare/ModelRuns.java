package io.synapse.gateway.providers.cloudflare;

import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.Endpoint;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamRoute;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.json.MalformedJsonException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The route that runs a model by its name, and the envelope that its JSON comes in. Safe for use by many threads. */
final class ModelRuns {
    private final Endpoint endpoint;

    ModelRuns(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** The name that callers address options to. */
    String provider() {
        return endpoint.id();
    }

    /** The route of a model. Its name stands in the path as it is: {@code @cf/baai/bge-m3}. */
    UpstreamRoute of(String model, String accept) {
        return endpoint.route("/run/" + model, accept);
    }

    /** What is in the envelope {@code {"result": …, "success": true, "errors": []}}. */
    static Map<String, @Nullable Object> result(byte[] json) throws UpstreamException {
        try {
            return unwrapped(Json.read(json));
        } catch (MalformedJsonException e) {
            throw UpstreamErrors.malformed("answered with " + e.getMessage(), e);
        }
    }

    /** What is in the envelope, with every array of numbers as a {@code float[]}. */
    static Map<String, @Nullable Object> numbers(byte[] json) throws UpstreamException {
        try {
            return unwrapped(Json.readNumbers(json));
        } catch (MalformedJsonException e) {
            throw UpstreamErrors.malformed("answered with " + e.getMessage(), e);
        }
    }

    private static Map<String, @Nullable Object> unwrapped(@Nullable Object json) throws UpstreamException {
        Map<String, @Nullable Object> envelope = Json.asObject(json);
        if (envelope == null) {
            throw UpstreamErrors.malformed("answered with JSON, but not an object", null);
        }
        if (Boolean.FALSE.equals(envelope.get("success")) || envelope.get("error") != null) {
            throw UpstreamErrors.inside(envelope);
        }
        Map<String, @Nullable Object> result = Json.asObject(envelope.get("result"));
        if (result == null) {
            throw UpstreamErrors.malformed("answered with an envelope that holds no result", null);
        }
        return result;
    }
}
