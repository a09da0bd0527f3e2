package io.synapse.gateway.testkit;

import io.synapse.gateway.limit.RateLimiter;
import java.time.Duration;

class SlidingWindowLimiterTest extends RateLimiterContract {
    private final ManualClock clock = new ManualClock();

    @Override
    protected RateLimiter newLimiter() {
        return RateLimiter.inMemory(clock);
    }

    @Override
    protected void pass(Duration time) {
        clock.advance(time);
    }
}
