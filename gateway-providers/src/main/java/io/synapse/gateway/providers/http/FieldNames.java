package io.synapse.gateway.providers.http;

import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import java.util.Map;

/** What an upstream calls the fields of a request, and what the caller called them. */
public final class FieldNames {
    private FieldNames() {}

    /**
     * A failure, with the field at fault by its caller's name.
     *
     * @param failure what an upstream's answer means
     * @param provider whose upstream it is
     * @param names the caller's name of each field by the upstream's. A field that is not among them came by way of
     *     {@code providerOptions}
     * @return the failure itself if it blames no field
     */
    public static UpstreamException translated(UpstreamException failure, String provider, Map<String, String> names) {
        String param = failure.param();
        if (failure.kind() != Kind.REJECTED || param == null) {
            return failure;
        }
        String name = names.getOrDefault(param, "providerOptions." + provider + "." + param);
        return name.equals(param)
                ? failure
                : new UpstreamException(failure.kind(), failure.getMessage(), failure.retryAfter(), name, failure);
    }
}
