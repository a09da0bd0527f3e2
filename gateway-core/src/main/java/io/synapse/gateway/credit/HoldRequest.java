package io.synapse.gateway.credit;

import java.time.Duration;
import java.util.UUID;

/**
 * Asks the ledger to hold an amount.
 *
 * @param charge the new charge's id, never used before; a resubmission uses the same
 * @param requestId the request as its caller knows it
 * @param wallet whose money
 * @param project whose spend cap
 * @param key under which API key
 * @param model the public id of the model
 * @param amount the worst that the call can cost, above zero unless the model is free
 * @param least the least that is worth holding: a wallet that has less than {@code amount} but this much gets a hold of
 *     what it has. At most {@code amount}
 * @param lease how long the hold lives without being extended
 */
public record HoldRequest(
        UUID charge,
        String requestId,
        String wallet,
        String project,
        String key,
        String model,
        Credits amount,
        Credits least,
        Duration lease) {
    public HoldRequest {
        if (least.compareTo(amount) > 0) {
            throw new IllegalArgumentException("the least hold " + least + " is above the amount " + amount);
        }
        if (lease.isNegative() || lease.isZero()) {
            throw new IllegalArgumentException("a hold needs a lease above zero: " + lease);
        }
    }
}
