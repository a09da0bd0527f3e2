package io.synapse.gateway.providers.internal.media;

import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.internal.json.Json;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a caller wants said to one provider in its own words: {@code providerOptions.<provider>}. */
public final class ProviderOptions {
    private ProviderOptions() {}

    /**
     * Takes them over into an upstream's body; those for other providers are nobody's business here.
     *
     * @param into the upstream's body
     * @param request the caller's
     * @param owned what the gateway decides, since the charge or the reading of the answer hangs on it
     */
    public static void merge(
            Map<String, @Nullable Object> into,
            Map<String, @Nullable Object> request,
            String provider,
            Set<String> owned)
            throws UpstreamException {
        Map<String, @Nullable Object> all = Json.asObject(request.get("providerOptions"));
        Map<String, @Nullable Object> own = all == null ? null : Json.asObject(all.get(provider));
        if (own == null) {
            return;
        }
        for (Map.Entry<String, @Nullable Object> option : own.entrySet()) {
            if (owned.contains(option.getKey())) {
                throw UpstreamErrors.rejected(
                        "providerOptions." + provider + "." + option.getKey(),
                        "'" + option.getKey() + "' cannot be set by way of providerOptions.");
            }
            into.put(option.getKey(), option.getValue());
        }
    }
}
