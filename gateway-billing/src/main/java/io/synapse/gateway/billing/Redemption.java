package io.synapse.gateway.billing;

import io.synapse.gateway.credit.Credits;

/** What came of bringing a top-up code. */
public sealed interface Redemption {
    /**
     * Its credits are in the account.
     *
     * @param amount how many it was worth
     * @param available what the account's live wallet holds now
     */
    record Redeemed(Credits amount, Credits available) implements Redemption {}

    /** There is no such code. */
    record Unknown() implements Redemption {}

    /** Somebody redeemed it before. */
    record UsedUp() implements Redemption {}

    /** Nobody redeemed it in time. */
    record Expired() implements Redemption {}
}
