package io.synapse.gateway.billing;

import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Writes what one actor does into the audit log, in the transaction that does it: no change without its line, and no
 * line without its change. The line comes last in a transaction, since writers of lines wait for each other.
 */
record AuditTrail(Database database, Actor actor) {
    /** A line to be written once, however often its transaction is tried. */
    final class Line {
        private final UUID id = Ids.next();
        private final String action;
        private final String target;

        private Line(String action, String target) {
            this.action = action;
            this.target = target;
        }

        /**
         * Writes it.
         *
         * @param detail what was changed to what, for people; never a secret
         */
        void write(Handle handle, String detail) {
            handle.createUpdate(database.sql("""
                INSERT INTO synapse.audit_event (id, actor, address, request_id, action, target, detail)
                VALUES (:id, :actor::uuid, :address, :requestId, :action, :target, :detail)
                """))
                    .bind("id", id)
                    .bind("actor", actor.account())
                    .bind("address", actor.address())
                    .bind("requestId", actor.requestId())
                    .bind("action", action)
                    .bind("target", target)
                    .bind("detail", detail)
                    .execute();
        }
    }

    /**
     * Begins a line. To be called outside of the transaction that writes it.
     *
     * @param action what is done: {@code key.create}
     * @param target the id of what it is done to
     */
    Line line(String action, Object target) {
        return new Line(action, target.toString());
    }
}
