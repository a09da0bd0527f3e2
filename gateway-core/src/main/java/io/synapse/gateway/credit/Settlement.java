package io.synapse.gateway.credit;

import java.util.UUID;

/**
 * The end of a call that costs something (or an explicit nothing).
 *
 * @param charge which hold
 * @param cost the true cost
 * @param usage what it was priced from
 * @param source where that usage came from
 * @param prices the price list applied
 * @param provider who served it
 */
public record Settlement(
        UUID charge, Credits cost, Usage usage, UsageSource source, PriceList prices, String provider) {
    /** Prices a usage: the cost is what the list makes of it. */
    public static Settlement priced(
            UUID charge, Usage usage, UsageSource source, PriceList prices, String provider) {
        return new Settlement(charge, prices.cost(usage), usage, source, prices, provider);
    }
}
