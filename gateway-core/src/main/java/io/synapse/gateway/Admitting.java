package io.synapse.gateway;

import io.synapse.gateway.fault.StoreUnavailableException;
import io.synapse.gateway.identity.Authenticator;
import io.synapse.gateway.identity.Caller;
import io.synapse.gateway.limit.RateDecision;
import io.synapse.gateway.limit.RateLimiter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The first two gates of every call: its key and its rate limit.
 *
 * @param authenticator who bears which key
 * @param limiter how often keys may call
 * @param requestsPerMinute the limit of keys that have none of their own
 * @param listener is told of refusals
 */
record Admitting(Authenticator authenticator, RateLimiter limiter, int requestsPerMinute, GatewayListener listener) {
    Admission admit(String requestId, @Nullable String secret) {
        Caller caller = null;
        try {
            caller = Optional.ofNullable(secret)
                    .flatMap(authenticator::authenticate)
                    .orElseThrow(() -> new GatewayException(new GatewayError.Unauthorized()));
            RateDecision rate = limiter.admit(caller.key(), perMinute(caller));
            if (!rate.admitted()) {
                throw new GatewayException(new GatewayError.RateLimited(rate));
            }
            return new Admission(requestId, caller, rate, null);
        } catch (GatewayException e) {
            listener.refused(requestId, caller, e.error());
            throw e;
        } catch (StoreUnavailableException e) {
            GatewayError error = Gateway.errorOf(e);
            listener.refused(requestId, caller, error);
            throw new GatewayException(error, e);
        }
    }

    private int perMinute(Caller caller) {
        return caller.requestsPerMinute() > 0 ? caller.requestsPerMinute() : requestsPerMinute;
    }
}
