package io.synapse.gateway;

import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Settlement;
import io.synapse.gateway.credit.SettlementJournal;
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
import org.jspecify.annotations.Nullable;

/**
 * The calls that run now. One daemon thread stops those that take too long, extends the leases of their holds, and sends
 * again what the ledger could not take: a charge that was earned is never dropped while the process lives, nor after it if
 * there is a journal.
 */
final class InFlight implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(InFlight.class.getName());
    private static final Duration TICK = Duration.ofMillis(50);
    private static final Duration RESEND_EVERY = Duration.ofSeconds(1);
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

    private final CreditLedger ledger;
    private final Duration lease;
    private final Environment environment;
    private final Map<UUID, Running> running = new ConcurrentHashMap<>();
    private final Unsent unsent;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch clockwork;
    private volatile boolean draining;

    /** A call that runs; {@code call} is the attempt at hand. */
    static final class Running {
        private volatile @Nullable UpstreamCall call;

        private volatile @Nullable Stop stopped;
        private final CountDownLatch stopLatch = new CountDownLatch(1);

        /** The next attempt begins; it is stopped at once if the whole was. */
        void attempt(UpstreamCall next) {
            call = next;
            Stop reason = stopped;
            if (reason != null) {
                next.stop(reason);
            }
        }

        void stop(Stop reason) {
            stopped = reason;
            stopLatch.countDown();
            UpstreamCall current = call;
            if (current != null) {
                current.stop(reason);
            }
        }

        @Nullable
        Stop stopped() {
            return stopped;
        }

        /** Opens when the call is stopped. */
        CountDownLatch stopLatch() {
            return stopLatch;
        }

        boolean overdue() {
            UpstreamCall current = call;
            return current != null
                    && current.stopped() == null
                    && current.remaining().isZero();
        }
    }

    InFlight(CreditLedger ledger, Duration lease, SettlementJournal journal, Environment environment) {
        this.ledger = ledger;
        this.lease = lease;
        this.environment = environment;
        this.unsent = new Unsent(ledger, journal);
        this.clockwork = environment.start("synapse-in-flight", this::tick);
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
        Running entry = new Running();
        running.put(charge, entry);
        return entry;
    }

    /** The call of that charge, begun and not yet ended. */
    Running running(UUID charge) {
        return Objects.requireNonNull(running.get(charge));
    }

    /** The call is over and its hold resolved, or about to be resent. */
    void end(UUID charge) {
        running.remove(charge);
    }

    /** Keeps trying to settle until the ledger takes it. Returns once the journal has it. */
    void settleLater(Settlement settlement) {
        unsent.settleLater(settlement);
    }

    /** Keeps trying to release until the ledger takes it. */
    void releaseLater(UUID charge) {
        unsent.releaseLater(charge);
    }

    private void tick() {
        long sinceExtended = environment.nanoTime();
        long sinceResent = sinceExtended;
        try {
            while (!environment.await(closed, TICK)) {
                running.values().stream().filter(Running::overdue).forEach(call -> call.stop(Stop.TIMED_OUT));
                long now = environment.nanoTime();
                if (now - sinceExtended >= lease.toNanos() / 3) {
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
            environment.await(clockwork, LAST_WORDS);
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
