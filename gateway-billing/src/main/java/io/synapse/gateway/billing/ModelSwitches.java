package io.synapse.gateway.billing;

import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which models an operator switched off. What is known of that is kept in memory, so asking is quick and works without
 * the database; a change is known at once where it was made, and elsewhere after the next {@link #refresh}. Safe for use
 * by many threads.
 */
public final class ModelSwitches {
    private final Database database;
    private final AuditTrail audit;
    private final Known known;

    /** What is known, for all actors together. */
    static final class Known {
        private final ReentrantLock refreshing = new ReentrantLock();
        private volatile Set<String> off = Set.of();
    }

    ModelSwitches(Database database, AuditTrail audit, Known known) {
        this.database = database;
        this.audit = audit;
        this.known = known;
    }

    /** The public ids of the models that are off, as of the last refresh. */
    public Set<String> off() {
        return known.off;
    }

    /**
     * Looks up which models are off now. To be done every few seconds where several nodes share a database.
     *
     * @throws io.synapse.gateway.fault.StoreUnavailableException if the database cannot be reached; what was known stays
     */
    public void refresh() {
        // One after the other, so that an answer that is older never replaces a newer one.
        known.refreshing.lock();
        try {
            known.off = Set.copyOf(database.call(
                    "look up model switches",
                    handle -> handle.createQuery(database.sql("SELECT model FROM synapse.model_switch"))
                            .mapTo(String.class)
                            .list()));
        } finally {
            known.refreshing.unlock();
        }
    }

    /**
     * Switches a model on or off. What is switched already stays as it is.
     *
     * @param model its public id
     */
    public void set(String model, boolean on) {
        AuditTrail.Line line = audit.line(on ? "model.on" : "model.off", model);
        database.transaction("switch a model", handle -> {
            int changed = handle.createUpdate(database.sql(
                            on
                                    ? "DELETE FROM synapse.model_switch WHERE model = :model"
                                    : "INSERT INTO synapse.model_switch (model) VALUES (:model) ON CONFLICT DO"
                                            + " NOTHING"))
                    .bind("model", model)
                    .execute();
            if (changed == 1) {
                line.write(handle, "");
            }
            return changed;
        });
        refresh();
    }
}
