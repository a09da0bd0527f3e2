package io.synapse.gateway;

import io.synapse.gateway.identity.Caller;
import io.synapse.gateway.limit.RateDecision;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request that has passed the first two gates: its key is valid and its rate limit has room. Good for one request.
 *
 * @param requestId names the request in receipts and logs
 * @param caller who asks
 * @param rate where the key's rate limit stands
 * @param charge the id that the call's charge will have, or null for any; see {@link #inBackground}
 */
public record Admission(
        String requestId,
        Caller caller,
        RateDecision rate,
        @Nullable UUID charge) {
    /**
     * The same request, to go on where nobody waits for it any more: whoever asks again collects its answer. It may take
     * the {@linkplain GatewayBuilder#backgroundTimeout longer time} that such calls have.
     *
     * @param id the id that its charge will have, so that it can be told whether it was paid for
     */
    public Admission inBackground(UUID id) {
        return new Admission(requestId, caller, rate, id);
    }
}
