package io.synapse.gateway.testkit.simulation;

import io.synapse.gateway.credit.Settlement;
import io.synapse.gateway.credit.SettlementJournal;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What a machine's disk holds of a journal. It outlives the machine's processes. */
class MemoryJournal implements SettlementJournal {
    private final Map<UUID, Settlement> kept = new LinkedHashMap<>();

    @Override
    public void add(Settlement settlement) {
        kept.putIfAbsent(settlement.charge(), settlement);
    }

    @Override
    public void remove(Collection<UUID> charges) {
        charges.forEach(kept::remove);
    }

    @Override
    public List<Settlement> pending() {
        return List.copyOf(kept.values());
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
