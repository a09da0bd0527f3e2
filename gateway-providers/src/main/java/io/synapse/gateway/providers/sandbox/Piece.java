package io.synapse.gateway.providers.sandbox;

/**
 * What the sandbox says at a time: usually a word with the blank before it.
 *
 * @param text the piece as it stands in the answer
 * @param tokens how many tokens it has; those of all pieces add up to the answer's
 */
record Piece(String text, int tokens) {}
