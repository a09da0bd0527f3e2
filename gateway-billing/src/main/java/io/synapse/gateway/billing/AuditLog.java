package io.synapse.gateway.billing;

import java.util.HexFormat;
import java.util.List;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jspecify.annotations.Nullable;

/**
 * Every change that anybody made, in order. The database refuses to change or delete a line, and each line carries the
 * hash of the one before it, so that a change made behind the database's back shows. Safe for use by many threads.
 */
public final class AuditLog {
    private static final int VERIFY_SECONDS = 60;

    private final Database database;

    AuditLog(Database database) {
        this.database = database;
    }

    /**
     * The log, the newest line first.
     *
     * @param cursor where the page before ended, or null for the first
     * @param most how many lines at most, above zero
     */
    public Page<AuditEvent> events(@Nullable String cursor, int most) {
        long before = cursor == null ? Long.MAX_VALUE : Cursor.read(cursor).number();
        List<AuditEvent> events = database.call(
                "read the audit log",
                handle -> handle.createQuery(database.sql("""
                    SELECT * FROM synapse.audit_event WHERE number < :before ORDER BY number DESC LIMIT :most
                    """))
                        .bind("before", before)
                        .bind("most", most + 1)
                        .map((row, context) -> new AuditEvent(
                                row.getLong("number"),
                                Rows.instant(row, "at"),
                                row.getString("actor"),
                                row.getString("address"),
                                row.getString("request_id"),
                                row.getString("action"),
                                row.getString("target"),
                                row.getString("detail"),
                                HexFormat.of().formatHex(row.getBytes("hash"))))
                        .list());
        return Page.of(events, most, last -> Cursor.of(last.number()));
    }

    /** Recomputes the whole chain; one line for each breach, so empty if nothing was tampered with. */
    public List<String> verify() {
        return database.call("verify the audit log", handle -> {
            handle.getConfig(SqlStatements.class).setQueryTimeout(VERIFY_SECONDS);
            return handle.createQuery(database.sql("SELECT * FROM synapse.verify_audit()"))
                    .mapTo(String.class)
                    .list();
        });
    }
}
