package io.synapse.gateway.http;

import io.javalin.http.Context;
import io.synapse.gateway.Admission;
import io.synapse.gateway.Gateway;
import io.synapse.gateway.GatewayError;
import io.synapse.gateway.GatewayException;
import io.synapse.gateway.limit.RateDecision;
import io.synapse.gateway.limit.RateLimiter;

/**
 * Where requests are admitted. An address from which invalid keys keep coming is told to wait instead of being told which
 * keys are valid; those who send valid ones from there are served. Safe for use by many threads.
 */
final class Door {
    private static final int MOST_FAILURES_PER_MINUTE = 300;

    private final Gateway gateway;
    private final RateLimiter failures = RateLimiter.inMemory();

    Door(Gateway gateway) {
        this.gateway = gateway;
    }

    /** Passes the engine's first two gates and puts the rate limit's state on the answer, whatever it will be. */
    Admission admit(Context ctx) {
        Exchange exchange = Exchange.of(ctx);
        try {
            return exchange.admit(gateway);
        } catch (GatewayException e) {
            if (e.error() instanceof GatewayError.Unauthorized) {
                RateDecision failure = failures.admit(exchange.address(), MOST_FAILURES_PER_MINUTE);
                if (!failure.admitted()) {
                    throw new ApiException(ApiError.tooManyFailures(failure.retryAfter()));
                }
            }
            throw e;
        }
    }
}
