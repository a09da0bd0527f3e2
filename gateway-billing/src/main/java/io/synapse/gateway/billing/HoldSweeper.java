package io.synapse.gateway.billing;

import io.synapse.gateway.credit.CreditLedger;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Returns the holds of the dead: calls {@link CreditLedger#expire} every so often on a thread of its own, until it is
 * closed. A failure is logged and the next turn tries again. Any number of nodes may sweep the same ledger.
 */
public final class HoldSweeper implements AutoCloseable {
    private static final Logger LOG = System.getLogger(HoldSweeper.class.getName());
    private static final Duration LAST_TURN = Duration.ofSeconds(10);

    private final CreditLedger ledger;
    private final Duration pause;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    /**
     * Starts sweeping.
     *
     * @param pause how long to wait between turns, above zero
     */
    public static HoldSweeper start(CreditLedger ledger, Duration pause) {
        HoldSweeper sweeper = new HoldSweeper(ledger, pause);
        sweeper.thread.start();
        return sweeper;
    }

    private HoldSweeper(CreditLedger ledger, Duration pause) {
        if (pause.isNegative() || pause.isZero()) {
            throw new IllegalArgumentException("cannot sweep every " + pause);
        }
        this.ledger = ledger;
        this.pause = pause;
        this.thread = Thread.ofPlatform().name("hold-sweeper").daemon().unstarted(this::run);
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
            int expired = ledger.expire();
            if (expired > 0) {
                LOG.log(Level.INFO, "returned {0} holds that nobody resolved in time", expired);
            }
            return true;
        } catch (RuntimeException e) {
            // Once per outage: a line every few seconds would bury the others.
            if (!failing) {
                LOG.log(Level.WARNING, "could not return expired holds, and goes on trying", e);
            }
            return false;
        }
    }

    /** Stops sweeping, after the turn that runs. */
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
