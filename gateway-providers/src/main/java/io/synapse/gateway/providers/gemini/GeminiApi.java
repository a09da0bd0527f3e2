package io.synapse.gateway.providers.gemini;

import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.http.Endpoint;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamResponse;
import io.synapse.gateway.providers.http.UpstreamRoute;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.json.MalformedJsonException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The routes of the API, and what all their answers have in common. Immutable. */
final class GeminiApi {
    static final String JSON = "application/json";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");
    private static final String PREFIX = "models/";

    private final Endpoint endpoint;

    GeminiApi(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** The model's name without the prefix that lists of models give it. */
    static String model(UpstreamCall call) throws UpstreamException {
        String name = call.model().startsWith(PREFIX) ? call.model().substring(PREFIX.length()) : call.model();
        if (!NAME.matcher(name).matches()) {
            throw new UpstreamException(Kind.MODEL_GONE, "has no model with a name of that form", null);
        }
        return name;
    }

    /** The route of an action on the call's model, such as {@code generateContent}. */
    UpstreamRoute route(UpstreamCall call, String action, String accept) throws UpstreamException {
        return endpoint.route("/" + PREFIX + model(call) + ":" + action, accept);
    }

    /** Posts a body to an action and reads the whole answer. */
    Map<String, @Nullable Object> ask(UpstreamCall call, String action, Map<String, @Nullable Object> body)
            throws UpstreamException {
        try (UpstreamResponse response = route(call, action, JSON).post(call, Json.write(body))) {
            return object(response.whole());
        }
    }

    /** Reads an object that is not an error. */
    static Map<String, @Nullable Object> object(byte[] json) throws UpstreamException {
        return object(json, 0, json.length);
    }

    /** Reads an object that is not an error from a part of an array. */
    static Map<String, @Nullable Object> object(byte[] json, int offset, int length) throws UpstreamException {
        try {
            return checked(Json.read(json, offset, length));
        } catch (MalformedJsonException e) {
            throw UpstreamErrors.malformed("answered with " + e.getMessage(), e);
        }
    }

    /** The value as an object that is no error; an error comes alone or as the only one of a list. */
    static Map<String, @Nullable Object> checked(@Nullable Object value) throws UpstreamException {
        Object one = value instanceof List<?> list && list.size() == 1 ? list.getFirst() : value;
        Map<String, @Nullable Object> object = Json.asObject(one);
        if (object == null) {
            throw UpstreamErrors.malformed("answered with JSON that is no answer", null);
        }
        if (object.get("error") != null) {
            throw UpstreamErrors.inside(object);
        }
        return object;
    }
}
