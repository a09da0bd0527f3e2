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
            Ring current = ring == null ? new Ring(perMinute) : ring.resizedTo(perMinute);
            decision[0] = current.admit(now);
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

    /** Admission times, oldest first from {@code head}; only ever touched inside {@code compute} of its key. */
    private static final class Ring {
        private final long[] times;
        private int head;
        private int size;

        Ring(int capacity) {
            times = new long[capacity];
        }

        RateDecision admit(long now) {
            while (size > 0 && now - times[head] >= WINDOW_NANOS) {
                head = (head + 1) % times.length;
                size--;
            }
            boolean admitted = size < times.length;
            if (admitted) {
                times[(head + size) % times.length] = now;
                size++;
            }
            long newest = times[(head + size - 1) % times.length];
            long untilReset = WINDOW_NANOS - (now - newest);
            long untilNext = size < times.length ? 0 : WINDOW_NANOS - (now - times[head]);
            return new RateDecision(
                    admitted,
                    times.length,
                    times.length - size,
                    Duration.ofNanos(untilReset),
                    Duration.ofNanos(untilNext));
        }

        /** A changed limit keeps what was admitted; of more than fits, the newest. */
        Ring resizedTo(int capacity) {
            if (capacity == times.length) {
                return this;
            }
            Ring resized = new Ring(capacity);
            int kept = Math.min(size, capacity);
            for (int i = 0; i < kept; i++) {
                resized.times[i] = times[(head + size - kept + i) % times.length];
            }
            resized.size = kept;
            return resized;
        }

        boolean idleSince(long now) {
            return size == 0 || now - times[(head + size - 1) % times.length] >= WINDOW_NANOS;
        }
    }
}
