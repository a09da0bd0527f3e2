package io.synapse.gateway;

import java.util.concurrent.ConcurrentHashMap;

/** How many calls each key has running on this gateway, and no more than so many. Safe for use by many threads. */
final class Concurrency {
    private final int most;
    private final ConcurrentHashMap<String, Integer> running = new ConcurrentHashMap<>();

    Concurrency(int most) {
        this.most = most;
    }

    /** Lets a call in; to be followed by {@link #leave}. */
    void enter(String key) {
        boolean[] entered = new boolean[1];
        running.compute(key, (same, count) -> {
            int now = count == null ? 0 : count;
            entered[0] = now < most;
            return entered[0] ? Integer.valueOf(now + 1) : count;
        });
        if (!entered[0]) {
            throw new GatewayException(new GatewayError.TooManyAtOnce(most));
        }
    }

    void leave(String key) {
        running.computeIfPresent(key, (same, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    }
}
