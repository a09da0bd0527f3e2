package io.synapse.gateway;

import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Settlement;
import io.synapse.gateway.credit.SettlementJournal;
import io.synapse.gateway.fault.StoreUnavailableException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the ledger could not be told: settlements, which also go to the journal and are sent until the ledger takes them, by
 * the next process if need be; and releases, which are sent while this one lives, since a hold expires by itself. Safe for
 * use by many threads.
 */
final class Unsent {
    private static final System.Logger LOG = System.getLogger(Unsent.class.getName());

    private final CreditLedger ledger;
    private final SettlementJournal journal;
    private final Queue<Settlement> settlements = new ConcurrentLinkedQueue<>();
    private final Queue<UUID> releases = new ConcurrentLinkedQueue<>();
    /** Charges whose settlement failed otherwise than for want of a ledger: said once each. */
    private final Set<UUID> failing = ConcurrentHashMap.newKeySet();

    private final ReentrantLock sending = new ReentrantLock();

    /** Takes over what an earlier process left in the journal, and sends it before there is any new work. */
    Unsent(CreditLedger ledger, SettlementJournal journal) {
        this.ledger = ledger;
        this.journal = journal;
        settlements.addAll(journal.pending());
        int found = settlements();
        if (found > 0) {
            resend();
            LOG.log(
                    Level.WARNING,
                    "the journal held {0} settlements that the ledger had not taken: {1} are settled now, {2} will be"
                            + " sent again",
                    found,
                    found - settlements(),
                    settlements());
        }
    }

    /** Keeps trying to settle until the ledger takes it. Returns once the journal has it. */
    void settleLater(Settlement settlement) {
        try {
            journal.add(settlement);
        } catch (UncheckedIOException e) {
            LOG.log(
                    Level.ERROR,
                    "charge " + settlement.charge() + " is kept in memory alone until the ledger takes it",
                    e);
        }
        settlements.add(settlement);
    }

    /** Keeps trying to release until the ledger takes it. */
    void releaseLater(UUID charge) {
        releases.add(charge);
    }

    /** How many charges were earned and are not settled. */
    int settlements() {
        return settlements.size();
    }

    /** How many holds are to be returned. */
    int releases() {
        return releases.size();
    }

    /** Tries once to send all, settlements first, until the ledger cannot be asked; not if another thread does it now. */
    void resend() {
        if (!sending.tryLock()) {
            return;
        }
        try {
            if (settle()) {
                release();
            }
        } finally {
            sending.unlock();
        }
    }

    /** Whether the ledger could be asked for all. */
    private boolean settle() {
        List<UUID> done = new ArrayList<>();
        try {
            Iterator<Settlement> waiting = settlements.iterator();
            while (waiting.hasNext()) {
                Settlement settlement = waiting.next();
                if (settle(settlement)) {
                    waiting.remove();
                    failing.remove(settlement.charge());
                    done.add(settlement.charge());
                }
            }
            return true;
        } catch (StoreUnavailableException e) {
            return false;
        } finally {
            forget(done);
        }
    }

    /** Whether the settlement is done with: taken, or never to be. */
    private boolean settle(Settlement settlement) {
        try {
            ledger.settle(settlement);
            return true;
        } catch (StoreUnavailableException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            LOG.log(Level.ERROR, "the ledger has no such charge, so this cannot be settled: " + settlement, e);
            return true;
        } catch (RuntimeException e) {
            if (failing.add(settlement.charge())) {
                LOG.log(Level.ERROR, "the ledger failed to settle charge " + settlement.charge() + "; trying again", e);
            }
            return false;
        }
    }

    private void forget(List<UUID> done) {
        if (done.isEmpty()) {
            return;
        }
        try {
            journal.remove(done);
        } catch (UncheckedIOException e) {
            LOG.log(
                    Level.WARNING,
                    "what was settled stays in the journal and will be sent again, which is harmless",
                    e);
        }
    }

    private void release() {
        for (int left = releases.size(); left > 0; left--) {
            UUID charge = releases.poll();
            if (charge == null) {
                return;
            }
            try {
                ledger.release(charge);
            } catch (StoreUnavailableException e) {
                releases.add(charge);
                return;
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "the ledger refused to release charge " + charge, e);
            }
        }
    }
}
