package io.synapse.gateway;

import java.time.Duration;

/**
 * How often an upstream that asks to come back later is asked again, before anything of its answer has gone out. It is the
 * only place where a request is repeated: adapters never do it by themselves. Only what surely cost nothing is repeated, a
 * refusal for rate or load; an answer that went missing may have been paid for.
 *
 * @param retries how many more times all routes are asked; 0 for not at all
 * @param firstWait how long to wait before the first repetition where the upstream does not say; doubles with each
 * @param longestWait an upstream that asks for more than this is not waited for
 */
public record RetryPolicy(int retries, Duration firstWait, Duration longestWait) {
    /** Twice, after 200 and 400 milliseconds or what the upstream asks for, up to five seconds each. */
    public static final RetryPolicy DEFAULT = new RetryPolicy(2, Duration.ofMillis(200), Duration.ofSeconds(5));

    /** Every route is asked once. */
    public static final RetryPolicy NONE = new RetryPolicy(0, Duration.ZERO, Duration.ZERO);

    /** Throws {@link IllegalArgumentException} if anything is below zero. */
    public RetryPolicy {
        if (retries < 0 || firstWait.isNegative() || longestWait.isNegative()) {
            throw new IllegalArgumentException("a retry policy has no negative numbers");
        }
    }
}
