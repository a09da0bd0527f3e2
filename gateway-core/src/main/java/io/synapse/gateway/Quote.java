package io.synapse.gateway;

import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.PriceList;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.UnpricedUnitException;
import io.synapse.gateway.credit.Usage;
import java.util.OptionalLong;

/**
 * The worst that a request can use: a part that is fixed before the call, and output tokens up to a bound that the
 * upstream is told.
 *
 * @param prices what it is priced by
 * @param fixed what it uses whatever the answer is
 * @param outputTokens the most output tokens of each answer; 0 where output is not metered in tokens
 * @param answers how many answers are asked for
 */
record Quote(PriceList prices, Usage fixed, long outputTokens, int answers) {
    /**
     * A quote without open output. A call counts as one request beside what it uses; of the two, what the list has a
     * price for is what it costs.
     *
     * @throws UnpricedUnitException if the model has a price for neither
     */
    static Quote fixed(PriceList prices, Usage usage) {
        return new Quote(prices, prices.pricedPart(usage.with(Unit.REQUESTS, 1)), 0, 1);
    }

    /** The worst cost. */
    Credits worst() {
        return cost(outputTokens);
    }

    /** The least that makes the call worth making: a single output token of each answer. */
    Credits least() {
        return cost(Math.min(1, outputTokens));
    }

    /** The output bound that a reservation affords; at most the quote's own. */
    OptionalLong bound(Credits reserved) {
        if (outputTokens == 0) {
            return OptionalLong.empty();
        }
        Credits fixedCost = prices.worstCost(fixed);
        Credits rest = reserved.compareTo(fixedCost) <= 0 ? Credits.ZERO : reserved.minus(fixedCost);
        long affordable = prices.affordable(Unit.OUTPUT_TOKENS, rest) / answers;
        return OptionalLong.of(Math.clamp(affordable, 1, outputTokens));
    }

    /** A measured usage cannot be more than what was allowed for. */
    Usage clamp(Usage measured, OptionalLong bound) {
        Usage clamped = measured;
        for (Unit unit : measured.quantities().keySet()) {
            long most = unit == Unit.OUTPUT_TOKENS
                    ? Math.multiplyExact(bound.orElse(outputTokens), (long) answers)
                    : fixed.quantity(unit);
            if (clamped.quantity(unit) > most) {
                clamped = clamped.with(unit, most);
            }
        }
        return clamped;
    }

    private Credits cost(long output) {
        return prices.worstCost(
                output == 0 ? fixed : fixed.with(Unit.OUTPUT_TOKENS, Math.multiplyExact(output, (long) answers)));
    }
}
