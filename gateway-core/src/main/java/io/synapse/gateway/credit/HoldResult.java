package io.synapse.gateway.credit;

/** What came of asking for a hold. */
public sealed interface HoldResult {
    /**
     * The amount is set aside.
     *
     * @param reserved how much; less than asked for where the wallet had less
     * @param available what the wallet can spend beside it
     */
    record Held(Credits reserved, Credits available) implements HoldResult {}

    /**
     * The wallet has less than the least that was asked for.
     *
     * @param available what it has
     */
    record InsufficientCredits(Credits available) implements HoldResult {}

    /**
     * The project's spend cap has less room than the least that was asked for.
     *
     * @param left what the cap still allows
     */
    record BudgetExceeded(Credits left) implements HoldResult {}

    /** The API key was revoked or ran out since it was looked up. */
    record KeyInactive() implements HoldResult {}
}
