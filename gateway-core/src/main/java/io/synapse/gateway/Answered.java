package io.synapse.gateway;

/**
 * An answer with its receipt.
 *
 * @param answer what the upstream made
 * @param receipt what it cost
 * @param <A> what kind of answer
 */
public record Answered<A>(A answer, Receipt receipt) {}
