package io.synapse.gateway.credit;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A charge as the ledger keeps it: the receipt of one call.
 *
 * @param id the charge's own id
 * @param requestId the request as its caller knows it
 * @param wallet who pays
 * @param project for which project
 * @param key under which API key
 * @param model the model's public id
 * @param provider who served it; null until settled
 * @param state where it stands
 * @param reserved what was held
 * @param charged what was paid; zero until settled
 * @param shortfall what the call cost beyond what the wallet could pay, borne by the operator
 * @param usage what it was priced from; null until settled
 * @param source where the usage came from; null until settled
 * @param lines the arithmetic; empty until settled
 * @param priceVersion which prices; null until settled
 * @param created when it was held, by the ledger's clock
 * @param closed when it was resolved, or null while it is open
 */
public record Charge(
        UUID id,
        String requestId,
        String wallet,
        String project,
        String key,
        String model,
        @Nullable String provider,
        State state,
        Credits reserved,
        Credits charged,
        Credits shortfall,
        @Nullable Usage usage,
        @Nullable UsageSource source,
        List<ChargeLine> lines,
        @Nullable String priceVersion,
        Instant created,
        @Nullable Instant closed) {
    public Charge {
        lines = List.copyOf(lines);
    }

    /** Where a charge stands. */
    public enum State {
        /** Held, the call runs. */
        RESERVED,
        /** Paid. */
        SETTLED,
        /** Returned whole: the call failed. */
        RELEASED,
        /** Returned whole: nobody resolved it in time. */
        EXPIRED;

        /** The name in receipts: {@code reserved}. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
