package io.synapse.gateway.credit;

import java.util.UUID;

/**
 * The end of a call that costs something (or an explicit nothing).
 *
 * @param charge which hold
 * @param usage what was used
 * @param source where that usage came from
 * @param prices the price list to apply
 * @param provider who served it
 * @param cost what the list makes of the usage
 */
public record Settlement(
        UUID charge, Usage usage, UsageSource source, PriceList prices, String provider, Credits cost) {
    public Settlement {
        if (!cost.equals(prices.cost(usage))) {
            throw new IllegalArgumentException("a settlement of " + cost + " is not what its usage costs");
        }
    }

    /**
     * Prices a usage.
     *
     * @throws UnpricedUnitException if the list lacks a unit of it
     */
    public static Settlement priced(UUID charge, Usage usage, UsageSource source, PriceList prices, String provider) {
        return new Settlement(charge, usage, source, prices, provider, prices.cost(usage));
    }
}
