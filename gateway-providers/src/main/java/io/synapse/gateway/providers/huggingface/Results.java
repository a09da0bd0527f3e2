package io.synapse.gateway.providers.huggingface;

import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.json.MalformedJsonException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads JSON answers, and tells answers from errors that come with a status of success. */
final class Results {
    private Results() {}

    /** Reads a value that is not an error; arrays of numbers are {@code float[]}. */
    static @Nullable Object numbers(byte[] json) throws UpstreamException {
        try {
            return checked(Json.readNumbers(json));
        } catch (MalformedJsonException e) {
            throw UpstreamErrors.malformed("answered with " + e.getMessage(), e);
        }
    }

    /** Reads an object that is not an error. */
    static Map<String, @Nullable Object> object(byte[] json) throws UpstreamException {
        Map<String, @Nullable Object> object;
        try {
            object = Json.asObject(checked(Json.read(json)));
        } catch (MalformedJsonException e) {
            throw UpstreamErrors.malformed("answered with " + e.getMessage(), e);
        }
        if (object == null) {
            throw UpstreamErrors.malformed("answered with JSON, but not an object", null);
        }
        return object;
    }

    private static @Nullable Object checked(@Nullable Object value) throws UpstreamException {
        if (value instanceof Map<?, ?> map && map.get("error") != null) {
            throw UpstreamErrors.inside(value);
        }
        return value;
    }
}
