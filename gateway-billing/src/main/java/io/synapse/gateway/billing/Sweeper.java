package io.synapse.gateway.billing;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Does a chore every so often on a daemon thread of its own, the first time at once, until it is closed. A failure is
 * logged and the next turn tries again.
 */
final class Sweeper implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Sweeper.class.getName());
    private static final Duration LAST_TURN = Duration.ofSeconds(10);

    private final String what;
    private final Duration pause;
    private final Runnable chore;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    /**
     * Starts.
     *
     * @param name the thread's
     * @param what is done, for the log: {@code return expired holds}
     * @param pause how long to wait between turns, above zero
     */
    static Sweeper start(String name, String what, Duration pause, Runnable chore) {
        Sweeper sweeper = new Sweeper(name, what, pause, chore);
        sweeper.thread.start();
        return sweeper;
    }

    private Sweeper(String name, String what, Duration pause, Runnable chore) {
        if (pause.isNegative() || pause.isZero()) {
            throw new IllegalArgumentException("cannot sweep every " + pause);
        }
        this.what = what;
        this.pause = pause;
        this.chore = chore;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    private void run() {
        boolean failing = false;
        try {
            do {
                failing = !sweep(failing);
            } while (!closing.await(pause.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean sweep(boolean failing) {
        try {
            chore.run();
            return true;
        } catch (RuntimeException e) {
            // Once per outage: a line every few seconds would bury the others.
            if (!failing) {
                LOG.log(Level.WARNING, "could not " + what + ", and goes on trying", e);
            }
            return false;
        }
    }

    /** Stops, after the turn that runs. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(LAST_TURN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
