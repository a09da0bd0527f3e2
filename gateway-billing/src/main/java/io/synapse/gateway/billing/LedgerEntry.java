package io.synapse.gateway.billing;

import io.synapse.gateway.credit.Credits;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of an account's ledger. The amounts of all lines up to this one add up to what was available after it.
 *
 * @param number its place in the wallet: 1, 2, 3 …
 * @param at when it was written
 * @param kind what it was: {@code deposit}, {@code reserve}, {@code settle}, {@code release} …
 * @param amount by how many micro-credits it changed what is available; below zero where it took some
 * @param available what was available after it
 * @param held what was held for running calls after it
 * @param requestId the call that it belongs to, or null for a deposit
 * @param model the call's model, or null for a deposit
 * @param reference what a deposit is called, or null for a call
 */
public record LedgerEntry(
        long number,
        Instant at,
        String kind,
        long amount,
        Credits available,
        Credits held,
        @Nullable String requestId,
        @Nullable String model,
        @Nullable String reference) {}
