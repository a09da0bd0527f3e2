package io.synapse.gateway.limit;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The exact limiter: a ring of each key's last admissions. A request is admitted if the ring has room or its oldest entry
 * is 60 seconds old. Costs 8 to 16 bytes per request of a key's busiest 60 seconds; idle keys are dropped.
 */
final class SlidingWindowLimiter implements RateLimiter {
    private static final long WINDOW_NANOS = Duration.ofSeconds(60).toNanos();
    /** With more keys than this, those idle for a whole window are dropped now and then. */
    private static final int SWEEP_ABOVE = 10_000;

    private final LongSupplier nanoTicker;
    private final ConcurrentHashMap<String, Ring> rings = new ConcurrentHashMap<>();
    private volatile long lastSweep;

    SlidingWindowLimiter(LongSupplier nanoTicker) {
        this.nanoTicker = nanoTicker;
        this.lastSweep = nanoTicker.getAsLong();
    }

    @Override
    public RateDecision admit(String key, int perMinute) {
        if (perMinute < 1) {
            throw new IllegalArgumentException("requests per minute must be 1 or more: " + perMinute);
        }
        long now = nanoTicker.getAsLong();
        RateDecision[] decision = new RateDecision[1];
        rings.compute(key, (k, ring) -> {
            Ring current = ring == null ? new Ring() : ring;
            decision[0] = current.admit(now, perMinute);
            return current;
        });
        sweep(now);
        return decision[0];
    }

    private void sweep(long now) {
        if (rings.size() > SWEEP_ABOVE && now - lastSweep > WINDOW_NANOS) {
            lastSweep = now;
            for (String key : rings.keySet()) {
                rings.computeIfPresent(key, (k, ring) -> ring.idleSince(now) ? null : ring);
            }
        }
    }

    /**
     * Admission times, oldest first from {@code head}; only ever touched inside {@code compute} of its key. It grows with
     * the admissions of a window, whatever the limit, so that a limit that goes down and up again forgets none.
     */
    private static final class Ring {
        /** As long as a power of two, so that a mask wraps an index. */
        private long[] times = new long[8];

        private int head;
        private int size;

        RateDecision admit(long now, int limit) {
            while (size > 0 && now - time(0) >= WINDOW_NANOS) {
                head++;
                size--;
            }
            boolean admitted = size < limit;
            if (admitted) {
                add(now);
            }
            int remaining = Math.max(0, limit - size);
            long untilReset = WINDOW_NANOS - (now - time(size - 1));
            // The next one is admitted once so many have left that there is room for it.
            int mustLeave = size - limit + 1;
            long untilNext = mustLeave <= 0 ? 0 : WINDOW_NANOS - (now - time(mustLeave - 1));
            return new RateDecision(
                    admitted, limit, remaining, Duration.ofNanos(untilReset), Duration.ofNanos(untilNext));
        }

        private long time(int index) {
            return times[(head + index) & (times.length - 1)];
        }

        private void add(long now) {
            if (size == times.length) {
                long[] grown = new long[2 * size];
                for (int i = 0; i < size; i++) {
                    grown[i] = time(i);
                }
                times = grown;
                head = 0;
            }
            times[(head + size) & (times.length - 1)] = now;
            size++;
        }

        boolean idleSince(long now) {
            return size == 0 || now - time(size - 1) >= WINDOW_NANOS;
        }
    }
}
