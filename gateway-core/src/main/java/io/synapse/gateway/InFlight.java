package io.synapse.gateway;

import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Settlement;
import io.synapse.gateway.credit.SettlementJournal;
import io.synapse.gateway.provider.Provider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamCall.Stop;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The calls that run now. One daemon thread stops those that take too long. Another, which waits for the ledger, extends
 * the leases of their holds and sends again what the ledger could not take: a charge that was earned is never dropped while
 * the process lives, nor after it if there is a journal.
 */
final class InFlight implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(InFlight.class.getName());
    private static final Duration TICK = Duration.ofMillis(50);
    private static final Duration RESEND_EVERY = Duration.ofSeconds(1);
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);
    /** How many answers are read to their end at once though their callers are gone. */
    private static final int MOST_READ_ON = 64;

    private final CreditLedger ledger;
    private final Duration lease;
    private final Environment environment;
    private final Map<UUID, Running> running = new ConcurrentHashMap<>();
    private final Unsent unsent;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Semaphore readingOn = new Semaphore(MOST_READ_ON);
    private final List<CountDownLatch> clockworks;
    private volatile boolean draining;

    /** A call that runs. */
    static final class Running {
        private final Semaphore places;
        private final ReentrantLock lock = new ReentrantLock();
        private final CountDownLatch stopLatch = new CountDownLatch(1);
        private volatile @Nullable Attempt attempt;
        private volatile @Nullable Stop stopped;
        private volatile boolean callerGone;
        private boolean readsOn;
        private volatile boolean over;

        /** The attempt at hand. */
        private record Attempt(UpstreamCall call, boolean billsAfterCancel) {}

        private Running(Semaphore places) {
            this.places = places;
        }

        /** The next attempt begins; it is stopped at once if the whole was. */
        void attempt(UpstreamCall next, Provider provider) {
            attempt = new Attempt(next, provider.billsAfterCancel());
            Stop reason = stopped();
            if (reason != null) {
                next.stop(reason);
            }
        }

        void stop(Stop reason) {
            stopped = reason;
            stopLatch.countDown();
            Attempt current = attempt;
            if (current != null) {
                current.call().stop(reason);
            }
        }

        /** The caller is gone: stops the call, unless it is read to its end all the same. */
        void hangUp() {
            if (!over && !readsOnAlone()) {
                stop(Stop.CALLER_GONE);
            }
        }

        /**
         * Takes note that the caller is gone, and that no other attempt is to be made.
         *
         * @return whether the attempt at hand is to be read to its end: its upstream would bill it anyway, and not too many
         *     are read on already
         */
        boolean readsOnAlone() {
            lock.lock();
            try {
                if (!callerGone) {
                    Attempt current = attempt;
                    readsOn = current != null && current.billsAfterCancel() && !over && places.tryAcquire();
                    callerGone = true;
                    stopLatch.countDown();
                }
                return readsOn;
            } finally {
                lock.unlock();
            }
        }

        /** It is over: whoever hangs up now changes nothing. */
        private void end() {
            lock.lock();
            try {
                over = true;
                if (readsOn) {
                    places.release();
                }
            } finally {
                lock.unlock();
            }
        }

        /** Why no other attempt is to be made, or null. */
        @Nullable
        Stop stopped() {
            Stop reason = stopped;
            return reason == null && callerGone ? Stop.CALLER_GONE : reason;
        }

        /** Opens when no other attempt is to be made. */
        CountDownLatch stopLatch() {
            return stopLatch;
        }

        boolean overdue() {
            Attempt current = attempt;
            return current != null
                    && current.call().stopped() == null
                    && current.call().remaining().isZero();
        }
    }

    InFlight(CreditLedger ledger, Duration lease, SettlementJournal journal, Environment environment) {
        this.ledger = ledger;
        this.lease = lease;
        this.environment = environment;
        this.unsent = new Unsent(ledger, journal);
        this.clockworks = List.of(
                environment.start("synapse-deadlines", this::watchDeadlines),
                environment.start("synapse-leases", this::keepLeases));
    }

    Duration lease() {
        return lease;
    }

    boolean draining() {
        return draining;
    }

    int size() {
        return running.size();
    }

    int unsettled() {
        return unsent.settlements();
    }

    Running begin(UUID charge) {
        Running entry = new Running(readingOn);
        running.put(charge, entry);
        return entry;
    }

    /** The call of that charge, begun and not yet ended. */
    Running running(UUID charge) {
        return Objects.requireNonNull(running.get(charge));
    }

    /** The call is over and its hold resolved, or about to be resent. */
    void end(UUID charge) {
        Running over = running.remove(charge);
        if (over != null) {
            over.end();
        }
    }

    /** Keeps trying to settle until the ledger takes it. Returns once the journal has it. */
    void settleLater(Settlement settlement) {
        unsent.settleLater(settlement);
    }

    /** Keeps trying to release until the ledger takes it. */
    void releaseLater(UUID charge) {
        unsent.releaseLater(charge);
    }

    /** Waits for nothing but the time: no ledger may hold it up. */
    private void watchDeadlines() {
        try {
            while (!environment.await(closed, TICK)) {
                running.values().stream().filter(Running::overdue).forEach(call -> call.stop(Stop.TIMED_OUT));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void keepLeases() {
        Duration extendEvery = lease.dividedBy(3);
        Duration tick = extendEvery.compareTo(RESEND_EVERY) < 0 ? extendEvery : RESEND_EVERY;
        long sinceExtended = environment.nanoTime();
        long sinceResent = sinceExtended;
        try {
            while (!environment.await(closed, tick)) {
                long now = environment.nanoTime();
                if (now - sinceExtended >= extendEvery.toNanos()) {
                    sinceExtended = now;
                    extend();
                }
                if (now - sinceResent >= RESEND_EVERY.toNanos()) {
                    sinceResent = now;
                    unsent.resend();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void extend() {
        List<UUID> charges = List.copyOf(running.keySet());
        if (charges.isEmpty()) {
            return;
        }
        try {
            ledger.extend(charges, lease);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "could not extend " + charges.size() + " holds; trying again", e);
        }
    }

    /** Refuses new calls from now on. */
    void drain() {
        draining = true;
    }

    /** Waits until nothing runs any more, or the patience ends; then stops what still runs and waits for its ends. */
    void awaitEnd(Duration patience) {
        if (!awaitEmpty(patience)) {
            LOG.log(Level.INFO, "stopping {0} calls that still run", running.size());
            running.values().forEach(call -> call.stop(Stop.SHUTTING_DOWN));
            awaitEmpty(LAST_WORDS);
        }
    }

    private boolean awaitEmpty(Duration patience) {
        long end = environment.nanoTime() + patience.toNanos();
        CountDownLatch never = new CountDownLatch(1);
        try {
            while (!running.isEmpty()) {
                if (environment.nanoTime() >= end) {
                    return false;
                }
                environment.await(never, LOOK_AGAIN);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return running.isEmpty();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            for (CountDownLatch clockwork : clockworks) {
                environment.await(clockwork, LAST_WORDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        unsent.resend();
        if (unsent.settlements() > 0 || unsent.releases() > 0) {
            LOG.log(
                    Level.ERROR,
                    "{0} charges could not be settled and {1} not released: their holds will expire; what a journal"
                            + " has is settled at the next start",
                    unsent.settlements(),
                    unsent.releases());
        }
    }
}
