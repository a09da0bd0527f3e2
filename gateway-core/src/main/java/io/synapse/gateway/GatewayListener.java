package io.synapse.gateway;

import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.Usage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Is told of every call that was admitted, once it is over: for metrics and logs. Called on the call's own thread, so it
 * must be quick; what it throws is logged and changes nothing.
 */
@FunctionalInterface
public interface GatewayListener {
    /** A call is over. */
    void finished(Call call);

    /**
     * A call that is over.
     *
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
