package io.synapse.gateway;

import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.Usage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What is known of a call so far, for the listener. Used by one thread. */
final class CallLog {
    private final long began = System.nanoTime();

    @Nullable
    Model model;

    @Nullable
    String provider;

    long upstreamNanos;

    @Nullable
    GatewayError error;

    private @Nullable Usage usage;
    private Credits charged = Credits.ZERO;

    void paid(Receipt receipt) {
        usage = receipt.usage();
        charged = receipt.charged();
    }

    /** The call, now that it is over. */
    GatewayListener.Call over(Verb<?, ?> verb) {
        return new GatewayListener.Call(
                verb.modality(),
                model == null ? null : model.id(),
                provider,
                verb.streamed(),
                error,
                Duration.ofNanos(System.nanoTime() - began),
                Duration.ofNanos(upstreamNanos),
                usage,
                charged);
    }
}
