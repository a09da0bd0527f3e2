package com.example;

import io.synapse.gateway.limit.RateDecision;
import io.synapse.gateway.limit.RateLimiter;
import java.time.Duration;
import java.util.Set;

// README: limiter
/** A limiter of one's own: our staff may call as often as they like, everybody else as often as their key says. */
public record StaffLimiter(Set<String> staff, RateLimiter others) implements RateLimiter {
    @Override
    public RateDecision admit(String key, int perMinute) {
        return staff.contains(key)
                ? new RateDecision(true, perMinute, perMinute, Duration.ZERO, Duration.ZERO)
                : others.admit(key, perMinute);
    }
}
// README: end
