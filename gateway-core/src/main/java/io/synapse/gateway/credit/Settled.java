package io.synapse.gateway.credit;

/**
 * A charge at its end.
 *
 * @param charged what the wallet paid
 * @param available what it can spend now
 */
public record Settled(Credits charged, Credits available) {}
