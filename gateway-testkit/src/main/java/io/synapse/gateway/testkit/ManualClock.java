package io.synapse.gateway.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A clock that stands still until a test moves it: a time of day, and a ticker of nanoseconds that moves with it. Safe
 * for use by many threads.
 */
public final class ManualClock implements InstantSource, LongSupplier {
    private final Instant start;
    private final AtomicLong elapsedNanos = new AtomicLong();

    /** Stands at noon of the first day of 2026, UTC. */
    public ManualClock() {
        this(Instant.parse("2026-01-01T12:00:00Z"));
    }

    /** Stands at a given time. */
    public ManualClock(Instant start) {
        this.start = start;
    }

    /** Moves on by so much, or back by a negative duration. */
    public void advance(Duration by) {
        elapsedNanos.addAndGet(by.toNanos());
    }

    @Override
    public Instant instant() {
        return start.plusNanos(elapsedNanos.get());
    }

    /** The ticker: nanoseconds since this clock was made. */
    @Override
    public long getAsLong() {
        return elapsedNanos.get();
    }
}
