package io.synapse.gateway;

import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.identity.Caller;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Is told of every call once it is over: for metrics, logs and audits. Called on the call's own thread, so it must be quick;
 * what it throws is logged and changes nothing.
 */
@FunctionalInterface
public interface GatewayListener {
    /** A call that was admitted is over. */
    void finished(Call call);

    /**
     * A call was not admitted: its key is not valid, its rate limit is used up, or neither can be told now.
     *
     * @param requestId names the request
     * @param caller who asked, or null if the key is nobody's
     * @param error why it was refused
     */
    default void refused(String requestId, @Nullable Caller caller, GatewayError error) {}

    /**
     * A call that is over.
     *
     * @param requestId names the request in receipts and logs
     * @param caller who asked: account, project and the key's id
     * @param charge the charge's id in the ledger, or null if nothing was held for the call
     * @param modality what was asked for
     * @param model the model's public id, or null if the name meant none
     * @param provider who was asked last, or null if nobody was
     * @param streamed whether the answer was streamed
     * @param error why it failed, or null if it did not
     * @param total from admission to the end
     * @param upstream the part of it spent waiting for the upstream
     * @param usage what was used, or null if nothing was charged
     * @param charged what was paid
     */
    record Call(
            String requestId,
            Caller caller,
            @Nullable UUID charge,
            Modality modality,
            @Nullable String model,
            @Nullable String provider,
            boolean streamed,
            @Nullable GatewayError error,
            Duration total,
            Duration upstream,
            @Nullable Usage usage,
            Credits charged) {}
}
