package io.synapse.gateway.credit;

import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** The journal that keeps nothing. */
enum NoJournal implements SettlementJournal {
    INSTANCE;

    @Override
    public void add(Settlement settlement) {
        // The gateway has it in memory.
    }

    @Override
    public void remove(Collection<UUID> charges) {
        // There is nothing to forget.
    }

    @Override
    public List<Settlement> pending() {
        return List.of();
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
