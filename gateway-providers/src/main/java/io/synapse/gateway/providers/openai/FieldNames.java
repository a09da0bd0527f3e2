package io.synapse.gateway.providers.openai;

import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import java.util.Map;

/** What the caller calls the fields that an upstream has other names for. */
final class FieldNames {
    private FieldNames() {}

    /**
     * The same failure, with the caller's name of the field.
     *
     * @param renamed the upstream's names by the caller's
     */
    static UpstreamException inOurWords(UpstreamException failure, Map<String, String> renamed) {
        for (Map.Entry<String, String> name : renamed.entrySet()) {
            if (name.getValue().equals(failure.param())) {
                return UpstreamErrors.about(failure, name.getKey());
            }
        }
        return failure;
    }
}
