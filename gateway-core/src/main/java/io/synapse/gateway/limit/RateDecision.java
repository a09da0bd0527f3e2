package io.synapse.gateway.limit;

import java.time.Duration;

/**
 * Whether a request was admitted, and all that an answer says about the limit.
 *
 * @param admitted whether it was
 * @param limit requests that any 60 seconds may hold
 * @param remaining how many more would be admitted now
 * @param reset until the whole allowance is back
 * @param retryAfter until the next request can be admitted; zero if one can be now
 */
public record RateDecision(boolean admitted, int limit, int remaining, Duration reset, Duration retryAfter) {}
