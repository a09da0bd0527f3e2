package io.synapse.gateway.credit;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * Remembers, beyond the death of the process, the settlements that a ledger could not take, so that what was delivered is
 * paid for once the ledger is back. One gateway's own: two must not share one. Safe for use by many threads.
 *
 * <p>A settlement may be found here although the ledger has it already, if the process died between the two: sending it
 * again does nothing.
 */
public interface SettlementJournal extends AutoCloseable {
    /**
     * Keeps a settlement; returns once it is durable. One that is kept already stays as it is.
     *
     * @throws java.io.UncheckedIOException if it cannot be kept
     */
    void add(Settlement settlement);

    /**
     * Forgets settlements, since the ledger has them now. Those that are not kept do no harm.
     *
     * @throws java.io.UncheckedIOException if they cannot be forgotten; the next process will find them again
     */
    void remove(Collection<UUID> charges);

    /** What is kept, oldest first. */
    List<Settlement> pending();

    /** Lets go of what it holds open. What is kept stays kept. */
    @Override
    void close();

    /** A journal that keeps nothing: what the ledger has not taken dies with the process, and its holds expire. */
    static SettlementJournal none() {
        return NoJournal.INSTANCE;
    }

    /**
     * A journal in a file, with what an earlier process left in it. Whatever it says is on the disk before {@link #add}
     * returns. A file {@code <name>.lock} beside it keeps others out.
     *
     * @param file made if it is not there; its directory has to be
     * @throws IllegalStateException if another gateway has it open; or if it is damaged: it has been renamed then, and the
     *     message says to what. An unfinished last line is no damage: the process died before it relied on it
     * @throws java.io.UncheckedIOException if it cannot be read or written
     */
    static SettlementJournal inFile(Path file) {
        return FileSettlementJournal.open(file);
    }
}
