package io.synapse.gateway.testkit.simulation;

import io.synapse.gateway.credit.Settlement;
import io.synapse.gateway.credit.SettlementJournal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A machine's journal on a disk that is full at times. */
final class Disk implements SettlementJournal {
    private final SettlementJournal journal;
    private final Scheduler scheduler;
    private final Chance chance;
    private final int fullPermille;
    private final Map<UUID, Life> refused = new HashMap<>();
    private boolean calm;

    Disk(SettlementJournal journal, Scheduler scheduler, Chance chance) {
        this.journal = journal;
        this.scheduler = scheduler;
        this.chance = chance;
        this.fullPermille = chance.oneIn(4) ? 200 : 0;
    }

    /** From now on there is room. */
    void calm() {
        calm = true;
    }

    /** Whether the only process that knew of a settlement died with it, having been told that the disk is full. */
    boolean lost(UUID charge) {
        Life keeper = refused.get(charge);
        return keeper != null && keeper.over();
    }

    @Override
    public void add(Settlement settlement) {
        write("journal", settlement.charge(), () -> {
            journal.add(settlement);
            refused.remove(settlement.charge());
        });
    }

    @Override
    public void remove(Collection<UUID> charges) {
        write("forget", charges, () -> journal.remove(charges));
    }

    private void write(String what, Object detail, Runnable write) {
        scheduler.pause();
        boolean full = !calm && chance.permille(fullPermille);
        scheduler.note(full ? what + ", but the disk is full" : what, detail);
        if (full) {
            if (detail instanceof UUID charge) {
                refused.put(charge, scheduler.life());
            }
            throw new UncheckedIOException(new IOException("the disk is full"));
        }
        write.run();
        scheduler.pause();
    }

    @Override
    public List<Settlement> pending() {
        return journal.pending();
    }

    @Override
    public void close() {
        journal.close();
    }
}
