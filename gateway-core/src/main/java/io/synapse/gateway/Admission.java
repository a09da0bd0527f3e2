package io.synapse.gateway;

import io.synapse.gateway.identity.Caller;
import io.synapse.gateway.limit.RateDecision;

/**
 * A request that has passed the first two gates: its key is valid and its rate limit has room. Good for one request.
 *
 * @param requestId names the request in receipts and logs
 * @param caller who asks
 * @param rate where the key's rate limit stands
 */
public record Admission(String requestId, Caller caller, RateDecision rate) {}
