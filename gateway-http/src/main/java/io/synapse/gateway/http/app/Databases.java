package io.synapse.gateway.http.app;

import com.zaxxer.hikari.HikariDataSource;
import io.synapse.gateway.billing.Billing;
import io.synapse.gateway.billing.EmbeddedDatabase;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The database that the settings mean: one that runs already, or the embedded one. */
final class Databases {
    private static final System.Logger LOG = System.getLogger(Databases.class.getName());

    private Databases() {}

    /**
     * Connects to it, starting it if need be.
     *
     * @param parts takes what is to be closed again, in the order of its making
     * @throws SettingsException if it cannot be used
     */
    static HikariDataSource open(Settings settings, Deque<AutoCloseable> parts) {
        HikariDataSource pool;
        if (settings.databaseUrl() == null) {
            EmbeddedDatabase embedded = EmbeddedDatabase.start(settings.dataDir());
            parts.push(embedded);
            pool = Billing.pool(embedded.url(), embedded.user(), embedded.password());
        } else {
            try {
                pool = Billing.pool(settings.databaseUrl(), settings.databaseUser(), settings.databasePassword());
            } catch (RuntimeException e) {
                throw new SettingsException("SYNAPSE_DATABASE_URL: the database cannot be used ("
                        + rootCause(e).getMessage() + ").");
            }
        }
        parts.push(pool);
        return pool;
    }

    /**
     * Recomputes its books, whether servers use it or not; the embedded one must not be in use.
     *
     * @return what is wrong with them, a line each
     * @throws SettingsException if it cannot be used
     */
    static List<String> audit(Settings settings) {
        Deque<AutoCloseable> parts = new ArrayDeque<>();
        try {
            Billing.Options options = Billing.Options.DEFAULTS.onlyCheck().withSweepEvery(Duration.ZERO);
            Billing billing = Billing.open(open(settings, parts), options);
            parts.push(billing);
            return billing.ledger().audit();
        } finally {
            closeAll(parts);
        }
    }

    /** Closes what was made, the last first; what cannot be closed does not keep the rest open. */
    static void closeAll(Deque<AutoCloseable> parts) {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.log(Level.WARNING, "could not close " + part.getClass().getSimpleName(), e);
            }
        }
    }

    static Throwable rootCause(Throwable e) {
        Throwable cause = e.getCause();
        return cause == null ? e : rootCause(cause);
    }
}
