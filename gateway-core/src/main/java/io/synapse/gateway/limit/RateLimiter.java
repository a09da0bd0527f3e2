package io.synapse.gateway.limit;

/**
 * Admits at most so many requests of a key in any 60 seconds: not per calendar minute, and not on average. Refused
 * requests do not count. Safe for use by many threads.
 */
@FunctionalInterface
public interface RateLimiter {
    /**
     * Asks for one request.
     *
     * @param key whose allowance
     * @param perMinute how many requests any 60 seconds may hold, 1 or more
     * @throws io.synapse.gateway.fault.StoreUnavailableException if the limiter keeps its counts in a store that cannot be
     *     asked
     */
    RateDecision admit(String key, int perMinute);

    /** An exact limiter in this process's memory. */
    static RateLimiter inMemory() {
        return new SlidingWindowLimiter(System::nanoTime);
    }

    /** An exact limiter in memory that reads time, in nanoseconds from any origin, from the given ticker. */
    static RateLimiter inMemory(java.util.function.LongSupplier nanoTicker) {
        return new SlidingWindowLimiter(nanoTicker);
    }
}
