package io.synapse.gateway.credit;

/**
 * One line of a receipt: so many units at such a rate.
 *
 * @param unit what was counted
 * @param quantity how much, in the unit's own count
 * @param rate micro-credits per million units
 * @param amount what the line adds to the charge; the lines of a receipt add up to it exactly
 */
public record ChargeLine(Unit unit, long quantity, long rate, Credits amount) {}
