package io.synapse.gateway.providers.http;

import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.json.MalformedJsonException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An answer of success that has to be a JSON object, whatever media type it claims. */
public final class JsonAnswer {
    private JsonAnswer() {}

    /**
     * Reads the whole body.
     *
     * @throws UpstreamException if it breaks off, is too large or is no JSON object
     */
    public static Map<String, @Nullable Object> of(UpstreamResponse response) throws UpstreamException {
        byte[] json = response.whole();
        try {
            return Json.readObject(json, 0, json.length);
        } catch (MalformedJsonException e) {
            throw UpstreamErrors.malformed("answered with " + e.getMessage(), e);
        }
    }
}
