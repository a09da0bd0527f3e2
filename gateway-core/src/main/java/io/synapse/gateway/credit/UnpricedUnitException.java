package io.synapse.gateway.credit;

/** A usage names a unit that the model's price list does not price. Serving it for nothing is not an option. */
public final class UnpricedUnitException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * Names the unit.
     *
     * @param unit the unit without a rate
     */
    public UnpricedUnitException(Unit unit) {
        super("no price for " + unit.wireName());
    }
}
