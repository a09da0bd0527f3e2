package io.synapse.gateway.testkit.simulation;

import io.synapse.gateway.limit.RateDecision;
import io.synapse.gateway.limit.RateLimiter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** The limiter in the database, watched: no 60 seconds may hold more admissions of a key than its limit. */
final class WatchedLimiter implements RateLimiter {
    private static final long WINDOW = Duration.ofSeconds(60).toNanos();

    private final RateLimiter limiter;
    private final Scheduler scheduler;
    private final Map<String, Deque<Long>> admitted = new HashMap<>();

    WatchedLimiter(RateLimiter limiter, Scheduler scheduler) {
        this.limiter = limiter;
        this.scheduler = scheduler;
    }

    @Override
    public RateDecision admit(String key, int perMinute) {
        RateDecision decision = limiter.admit(key, perMinute);
        long now = scheduler.nanoTime();
        Deque<Long> times = admitted.computeIfAbsent(key, same -> new ArrayDeque<>());
        while (!times.isEmpty() && now - times.getFirst() >= WINDOW) {
            times.removeFirst();
        }
        boolean room = times.size() < perMinute;
        if (decision.admitted() != room) {
            scheduler.breach("the limiter " + (room ? "refuses" : "admits") + " a request of " + key + " after "
                    + times.size() + " of " + perMinute + " in 60 seconds");
        }
        if (decision.admitted()) {
            times.addLast(now);
        }
        return decision;
    }
}
