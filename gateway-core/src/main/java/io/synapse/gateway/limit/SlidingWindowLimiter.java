package io.synapse.gateway.limit;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The exact limiter: a ring of each key's last admissions. A request is admitted if the ring has room or its oldest entry
 * is 60 seconds old. Costs eight bytes per allowed request and key; idle keys are dropped.
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
            Ring current = ring == null ? new Ring(perMinute) : ring;
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
     * the key's limit and never shrinks, so that a limit that goes down and up again forgets no admission.
     */
    private static final class Ring {
        private long[] times;
        private int head;
        private int size;

        Ring(int capacity) {
            times = new long[capacity];
        }

        RateDecision admit(long now, int limit) {
            growTo(limit);
            while (size > 0 && now - times[head] >= WINDOW_NANOS) {
                head = (head + 1) % times.length;
                size--;
            }
            boolean admitted = size < limit;
            if (admitted) {
                times[(head + size) % times.length] = now;
                size++;
            }
            int remaining = Math.max(0, limit - size);
            long untilReset = WINDOW_NANOS - (now - newest());
            // The next one is admitted once so many have left that there is room for it.
            int mustLeave = size - limit + 1;
            long untilNext = mustLeave <= 0 ? 0 : WINDOW_NANOS - (now - times[(head + mustLeave - 1) % times.length]);
            return new RateDecision(
                    admitted, limit, remaining, Duration.ofNanos(untilReset), Duration.ofNanos(untilNext));
        }

        private long newest() {
            return times[(head + size - 1) % times.length];
        }

        private void growTo(int capacity) {
            if (capacity > times.length) {
                long[] grown = new long[capacity];
                for (int i = 0; i < size; i++) {
                    grown[i] = times[(head + i) % times.length];
                }
                times = grown;
                head = 0;
            }
        }

        boolean idleSince(long now) {
            return size == 0 || now - newest() >= WINDOW_NANOS;
        }
    }
}
