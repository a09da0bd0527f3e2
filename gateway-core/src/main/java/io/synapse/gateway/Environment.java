package io.synapse.gateway;

import io.synapse.gateway.internal.Uuids;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * What the engine has of the world beside its ports: time, waits, threads, chance and new names. It is the machine's own;
 * only a simulation, which has to repeat a run exactly, puts another in its place. Safe for use by many threads.
 */
interface Environment {
    /** The machine's own. */
    Environment SYSTEM = new Environment() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public boolean await(CountDownLatch latch, Duration longest) throws InterruptedException {
            return latch.await(longest.toNanos(), TimeUnit.NANOSECONDS);
        }

        @Override
        public CountDownLatch start(String name, Runnable work) {
            CountDownLatch ended = new CountDownLatch(1);
            Thread.ofPlatform().daemon().name(name).start(() -> {
                try {
                    work.run();
                } finally {
                    ended.countDown();
                }
            });
            return ended;
        }

        @Override
        public double random() {
            return ThreadLocalRandom.current().nextDouble();
        }

        @Override
        public UUID newCharge() {
            return Uuids.next();
        }
    };

    /** Nanoseconds from any origin, as {@link System#nanoTime} has them. */
    long nanoTime();

    /**
     * Waits until a latch opens, for so long at most.
     *
     * @return whether it opened
     */
    boolean await(CountDownLatch latch, Duration longest) throws InterruptedException;

    /**
     * Does something on a daemon thread of its own.
     *
     * @return opens when it is done
     */
    CountDownLatch start(String name, Runnable work);

    /** A number from 0 to below 1. */
    double random();

    /** A charge's id that was never used before. */
    UUID newCharge();
}
