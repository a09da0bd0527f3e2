package io.synapse.gateway.billing;

import io.synapse.gateway.billing.LedgerCommand.Outcome;
import io.synapse.gateway.fault.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Applies the commands of many callers together, in batches that form by themselves. Safe for use by many threads.
 *
 * <p>There is no thread of its own. A caller who finds nobody at work leads: it applies its command at once. Who comes
 * meanwhile queues up. A leader that is done answers its followers, lets those come that can run at once, and makes the
 * first in the queue the next leader, who takes all that waits into one transaction. So nobody ever waits for a clock, and
 * a lone caller pays nothing. Where a crowd waits, whoever comes next with another wallet leads a second batch while the
 * first is under way.
 *
 * <p>A batch is tried once. If it fails, each of its callers goes on alone, with the patience that
 * {@link Database#call} has: that finds the one bad command, lets those wait who need a lock that somebody keeps, and
 * asks again where the outcome is unknown. Commands are idempotent, so what was done already is only answered again.
 */
final class LedgerWriter {
    /** How often a leader lets others come, at most: each time brings those whom the time before woke. */
    private static final int MOST_TURNS = 4;

    private final Books books;
    private final Limits limits;

    private final LongAdder commands = new LongAdder();
    private final LongAdder batches = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder resent = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /** Guards the rest, and the change of a ticket from queued to anything else. Never held while anything blocks. */
    private final ReentrantLock lock = new ReentrantLock();
    /** What frees money goes before what takes it, and is never refused: it was promised by a hold. */
    private final Queue<Ticket> closings = new ArrayDeque<>();

    private final Queue<Ticket> holds = new ArrayDeque<>();
    private int leaders;
    private long lastTurn;
    /** The wallets that the batch begun last holds from. */
    private final Set<@Nullable String> lastWallets = new HashSet<>();

    /** Where commands are applied. */
    interface Books {
        /**
         * Applies a batch in one transaction, and tries once.
         *
         * @throws StoreUnavailableException if it was not sent
         * @throws RuntimeException if it failed; whether it had its effect is not known
         */
        List<Outcome> applyOnce(List<LedgerCommand> batch);

        /** Applies one command, again if it fails in passing; {@code since} is when it was sent first. */
        Outcome applyAlone(String what, LedgerCommand command, long since);
    }

    /**
     * How much is taken on.
     *
     * @param batch commands in a transaction
     * @param holds holds that wait; more are refused
     * @param patience how long a hold waits to be sent before it is refused: its caller still waits for an answer
     * @param slow how long no batch is begun, while some are under way, until somebody else leads too: one whose
     *     connection hangs or whose wallet is locked does not stop the others
     * @param leaders batches under way at once, at most: each takes a connection
     * @param crowd how many commands wait when a second batch is begun beside one that is not slow: as many as make
     *     it worth its statements, while the first commits
     */
    record Limits(int batch, int holds, Duration patience, Duration slow, int leaders, int crowd) {
        static final Limits DEFAULT = new Limits(256, 4_096, Duration.ofSeconds(2), Duration.ofMillis(100), 4, 24);
    }

    private enum State {
        QUEUED,
        /** Chosen to lead the next batch. */
        LEADS,
        /** Part of a batch that is under way. */
        SENT,
        ANSWERED,
        /** Not sent, since the database could not be reached. */
        UNSENT,
        /** Part of a batch that failed. */
        ALONE
    }

    /** A command and its caller, who waits. */
    private static final class Ticket {
        final LedgerCommand command;
        final Thread caller = Thread.currentThread();
        final long since = System.nanoTime();
        /** Written after the fields below, so who reads it sees those. */
        volatile State state = State.QUEUED;

        long sent;

        @Nullable
        Outcome outcome;

        @Nullable
        StoreUnavailableException failure;

        Ticket(LedgerCommand command) {
            this.command = command;
        }

        boolean isHold() {
            return command.kind().equals("hold");
        }

        void wake(State next) {
            state = next;
            LockSupport.unpark(caller);
        }
    }

    LedgerWriter(Books books, Limits limits) {
        this.books = books;
        this.limits = limits;
    }

    /**
     * Applies a command: a hold, a settle or a release.
     *
     * @throws StoreUnavailableException if it could not be sent, or whether it was done cannot be known
     */
    Outcome apply(String what, LedgerCommand command) {
        // An interrupt closes a virtual thread's socket and would break the batch of many: it waits until the end.
        boolean interrupted = Thread.interrupted();
        Ticket mine = new Ticket(command);
        try {
            enter(mine);
            while (mine.state == State.QUEUED || mine.state == State.SENT) {
                LockSupport.parkNanos(this, limits.slow().toNanos());
                interrupted |= Thread.interrupted();
                if (mine.state == State.QUEUED) {
                    reconsider(mine);
                }
            }
            if (mine.state == State.LEADS) {
                lead(mine);
            }
            return switch (mine.state) {
                case ANSWERED -> Objects.requireNonNull(mine.outcome);
                case UNSENT -> throw unavailable(what, mine.failure);
                case ALONE -> books.applyAlone(what, command, mine.sent);
                case QUEUED, LEADS, SENT -> throw new IllegalStateException(mine.state.toString());
            };
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    LedgerFigures figures() {
        return new LedgerFigures(
                commands.sum(), batches.sum(), failed.sum(), resent.sum(), refused.sum(), countWaiting());
    }

    private int countWaiting() {
        lock.lock();
        try {
            return waiting();
        } finally {
            lock.unlock();
        }
    }

    private int waiting() {
        return closings.size() + holds.size();
    }

    private void enter(Ticket mine) {
        lock.lock();
        try {
            if (leaders == 0 || leadsBeside(mine)) {
                leaders++;
                mine.state = State.LEADS;
            } else if (!mine.isHold()) {
                closings.add(mine);
            } else if (holds.size() < limits.holds()) {
                holds.add(mine);
            } else {
                throw refused("too many holds wait");
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether a second batch is begun. One of the same wallet would only wait for it, and make two small ones of one large. */
    private boolean leadsBeside(Ticket mine) {
        return leaders == 1
                && limits.leaders() > 1
                && waiting() >= limits.crowd()
                && mine.isHold()
                && !lastWallets.contains(mine.command.wallet());
    }

    /** What a caller does whom nobody has taken along for a while. */
    private void reconsider(Ticket mine) {
        lock.lock();
        try {
            if (mine.state != State.QUEUED) {
                return;
            }
            long now = System.nanoTime();
            if (mine.isHold() && now - mine.since > limits.patience().toNanos()) {
                holds.remove(mine);
                throw refused("a hold has waited too long");
            }
            if (now - lastTurn > limits.slow().toNanos() && leaders < limits.leaders()) {
                (mine.isHold() ? holds : closings).remove(mine);
                leaders++;
                mine.state = State.LEADS;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Sends a batch that begins with the leader's command, and tells its callers what came of it. */
    private void lead(Ticket leader) {
        List<Ticket> batch = new ArrayList<>();
        batch.add(leader);
        State end = State.ALONE;
        StoreUnavailableException failure = null;
        try {
            takeAlong(batch);
            List<Outcome> outcomes =
                    books.applyOnce(batch.stream().map(ticket -> ticket.command).toList());
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).outcome = outcomes.get(i);
            }
            end = State.ANSWERED;
            batches.increment();
            commands.add(batch.size());
        } catch (StoreUnavailableException e) {
            end = State.UNSENT;
            failure = e;
        } catch (RuntimeException e) {
            // Whatever it was: who goes on alone meets it again, if it was about that command or if it lasts.
            failed.increment();
            resent.add(batch.size());
        } finally {
            // Also if this thread dies of an error: the others must not.
            for (Ticket ticket : batch) {
                ticket.failure = failure;
                ticket.wake(end);
            }
            letOthersCome();
            passOn(leader);
        }
    }

    /**
     * After the answers: who got one may be back with its next command, and a batch of many costs little more than one of
     * few. Ends with the first turn that brings nobody.
     */
    @SuppressWarnings("ThreadPriorityCheck") // Nothing depends on who runs: at worst the next batch is smaller.
    private void letOthersCome() {
        int before;
        int now = countWaiting();
        int turns = 0;
        do {
            before = now;
            Thread.yield();
            now = countWaiting();
            turns++;
        } while (now > before && now < limits.batch() && turns < MOST_TURNS);
    }

    private void takeAlong(List<Ticket> batch) {
        lock.lock();
        try {
            lastTurn = System.nanoTime();
            batch.getFirst().sent = lastTurn;
            for (Queue<Ticket> queue : List.of(closings, holds)) {
                while (batch.size() < limits.batch() && !queue.isEmpty()) {
                    Ticket follower = queue.remove();
                    follower.sent = lastTurn;
                    follower.state = State.SENT;
                    batch.add(follower);
                }
            }
            lastWallets.clear();
            for (Ticket ticket : batch) {
                if (ticket.isHold()) {
                    lastWallets.add(ticket.command.wallet());
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void passOn(Ticket leader) {
        Ticket next = null;
        lock.lock();
        try {
            // One whose batch was slow has been replaced meanwhile, if there are others.
            boolean replaced = leaders > 1
                    && System.nanoTime() - leader.sent > limits.slow().toNanos();
            if (!replaced) {
                next = closings.isEmpty() ? holds.poll() : closings.poll();
            }
            if (next == null) {
                leaders--;
            } else {
                next.wake(State.LEADS);
            }
        } finally {
            lock.unlock();
        }
    }

    private StoreUnavailableException refused(String why) {
        refused.increment();
        return new StoreUnavailableException("the ledger is too busy: " + why, null);
    }

    /** A new exception for each caller, with its own stack trace. */
    private static StoreUnavailableException unavailable(String what, @Nullable Throwable cause) {
        return new StoreUnavailableException("the database could not " + what, cause);
    }
}
