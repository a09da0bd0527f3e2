package io.synapse.gateway;

import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.credit.Credits;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is known of a call so far, for the listener. Used by one thread. */
final class CallLog {
    private final long began = System.nanoTime();
    private final Admission admission;

    @Nullable
    Model model;

    @Nullable
    UUID charge;

    @Nullable
    String provider;

    long upstreamNanos;

    @Nullable
    GatewayError error;

    @Nullable
    Receipt receipt;

    CallLog(Admission admission) {
        this.admission = admission;
    }

    void paid(Receipt paid) {
        receipt = paid;
    }

    /** The call, now that it is over. */
    GatewayListener.Call over(Verb<?, ?> verb) {
        return new GatewayListener.Call(
                admission.requestId(),
                admission.caller(),
                charge,
                verb.modality(),
                model == null ? null : model.id(),
                provider,
                verb.streamed(),
                error,
                Duration.ofNanos(System.nanoTime() - began),
                Duration.ofNanos(upstreamNanos),
                receipt == null ? null : receipt.usage(),
                receipt == null ? Credits.ZERO : receipt.charged());
    }
}
