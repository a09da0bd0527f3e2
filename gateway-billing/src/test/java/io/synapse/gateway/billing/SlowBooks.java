package io.synapse.gateway.billing;

import io.synapse.gateway.billing.LedgerCommand.Outcome;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/** Books whose batches hang until they are let go. Each command is answered with its own amount. */
final class SlowBooks implements LedgerWriter.Books {
    private static final int ALL = 1_000_000;

    final Queue<List<LedgerCommand>> batches = new ConcurrentLinkedQueue<>();
    final Queue<LedgerCommand> alone = new ConcurrentLinkedQueue<>();
    final Semaphore permits = new Semaphore(0);
    volatile Function<List<LedgerCommand>, RuntimeException> failing = batch -> null;
    volatile Error dying;
    private int now;
    volatile int most;

    void open() {
        permits.release(ALL);
    }

    List<Integer> sizes() {
        return batches.stream().map(List::size).toList();
    }

    @Override
    public List<Outcome> applyOnce(List<LedgerCommand> batch) {
        count(1);
        batches.add(batch);
        try {
            permits.acquireUninterruptibly();
            Error error = dying;
            if (error != null) {
                dying = null;
                throw error;
            }
            return apply(batch);
        } finally {
            count(-1);
        }
    }

    @Override
    public Outcome applyAlone(String what, LedgerCommand command, long since) {
        alone.add(command);
        return apply(List.of(command)).getFirst();
    }

    private synchronized void count(int change) {
        now += change;
        most = Math.max(most, now);
    }

    private List<Outcome> apply(List<LedgerCommand> batch) {
        RuntimeException failure = failing.apply(batch);
        if (failure != null) {
            throw failure;
        }
        return batch.stream()
                .map(command -> new Outcome("done", command.amount() == null ? 0 : command.amount(), 0))
                .toList();
    }
}
