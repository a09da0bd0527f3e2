package io.synapse.gateway.billing;

import io.synapse.gateway.fault.StoreUnavailableException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jspecify.annotations.Nullable;

/**
 * The connection to PostgreSQL that everything here works through. Safe for use by many threads.
 *
 * <p>Work that fails in passing (a lost connection, a deadlock, a lock that took too long) is done again on a new
 * connection. It may have been done the first time, with only the answer lost, so all work given to {@link #call} must
 * be idempotent. What does not succeed after a few tries is a {@link StoreUnavailableException}.
 */
final class Database {
    private static final Pattern SCHEMA = Pattern.compile("[a-z_][a-z0-9_]{0,62}");
    private static final int TRIES = 5;
    /** No new try is begun after this long, so that callers get their refusal while they still wait for it. */
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    /** The driver cancels a statement that runs longer. */
    static final int STATEMENT_SECONDS = 5;

    private final Jdbi jdbi;
    private final String schema;

    Database(DataSource dataSource, String schema) {
        requireSchema(schema);
        this.schema = schema;
        this.jdbi = Jdbi.create(dataSource)
                .registerArrayType(String.class, "text")
                .registerArrayType(Long.class, "bigint")
                .registerArrayType(UUID.class, "uuid");
        jdbi.configure(SqlStatements.class, statements -> statements.setQueryTimeout(STATEMENT_SECONDS));
    }

    static void requireSchema(String schema) {
        if (!SCHEMA.matcher(schema).matches()) {
            throw new IllegalArgumentException("'" + schema + "' is no plain name for a schema: use lower-case letters,"
                    + " digits and underscores, such as synapse");
        }
    }

    /**
     * A statement for the schema in use. Statements are written for the schema {@code synapse} and name it in front of
     * every table: the connections may be anybody's, so their search path cannot be relied on.
     */
    String sql(String statement) {
        return schema.equals("synapse") ? statement : statement.replace("synapse.", schema + ".");
    }

    /** Does idempotent work, again if it fails in passing. */
    <T, X extends Exception> T call(String what, HandleCallback<T, X> work) throws X {
        return call(what, System.nanoTime(), work);
    }

    /** Does idempotent work that was tried before: the patience counts from that {@link System#nanoTime}. */
    <T, X extends Exception> T call(String what, long start, HandleCallback<T, X> work) throws X {
        // An interrupt closes a virtual thread's socket. It must not stop a charge halfway, so it waits until the end.
        boolean interrupted = Thread.interrupted();
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    return jdbi.withHandle(work);
                } catch (JdbiException e) {
                    interrupted |= Thread.interrupted();
                    Fault fault = Fault.of(e);
                    if (fault == Fault.LASTING) {
                        throw e;
                    }
                    boolean late = System.nanoTime() - start > PATIENCE.toNanos();
                    if (fault == Fault.UNAVAILABLE || attempt == TRIES || late) {
                        throw new StoreUnavailableException("the database could not " + what, e);
                    }
                }
                interrupted |= pause(attempt);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Does work and tries once. The caller sees to it that the thread is not interrupted before.
     *
     * @throws StoreUnavailableException if there was no connection, so nothing was sent
     * @throws JdbiException if it failed otherwise; it may have been done
     */
    <T, X extends Exception> T once(String what, HandleCallback<T, X> work) throws X {
        try {
            return jdbi.withHandle(work);
        } catch (JdbiException e) {
            if (Fault.of(e) == Fault.UNAVAILABLE) {
                throw new StoreUnavailableException("the database could not " + what, e);
            }
            throw e;
        }
    }

    /** Does idempotent work in one transaction, again if it fails in passing. */
    <T, X extends Exception> T transaction(String what, HandleCallback<T, X> work) throws X {
        return call(what, handle -> handle.<T, X>inTransaction(work));
    }

    /** Whether the database answers now. One try, for readiness probes. */
    boolean isReachable() {
        try (Handle handle = jdbi.open()) {
            return handle.getConnection().isValid(2);
        } catch (JdbiException | SQLException e) {
            return false;
        }
    }

    private static boolean pause(int attempt) {
        long most = 25L << attempt;
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(most / 2, most));
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    /** The SQLSTATE behind an exception, or null where none is. */
    static @Nullable String sqlState(Throwable thrown) {
        SQLException cause = sqlException(thrown);
        return cause == null ? null : cause.getSQLState();
    }

    private static @Nullable SQLException sqlException(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }

    /** What a failure means for the next try. */
    private enum Fault {
        /** Another try may go better, and whether this one had its effect is not known. */
        PASSING,
        /** No connection was to be had although it was waited for: the database is down or too busy. */
        UNAVAILABLE,
        /** The statement or its values are wrong, and would be again. */
        LASTING;

        static Fault of(JdbiException e) {
            SQLException cause = sqlException(e);
            if (cause == null) {
                return LASTING;
            }
            if (cause instanceof SQLTransientConnectionException) {
                return UNAVAILABLE;
            }
            String state = cause.getSQLState();
            if (state == null) {
                // Pools and drivers leave it out where they lost the connection or were interrupted waiting for one.
                return PASSING;
            }
            return switch (state) {
                case "40001", "40P01", "55P03", "57014" -> PASSING; // serialization, deadlock, lock timeout, cancelled
                case "57P01", "57P02", "57P03" -> PASSING; // shutting down, crashed, starting up
                case "53300" -> PASSING; // too many connections
                case "25006" -> PASSING; // read only: the primary has just become a replica
                default -> state.startsWith("08") ? PASSING : LASTING; // connection
            };
        }
    }
}
