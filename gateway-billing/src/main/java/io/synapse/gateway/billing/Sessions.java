package io.synapse.gateway.billing;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Who is signed in. A session ends when it is closed, {@link #IDLE} after its last use, or {@link #LONGEST} after its
 * start, by the database's clock, on all nodes at once. Safe for use by many threads.
 *
 * <p>A session's secret has 256 random bits and only its SHA-256 is stored: who reads the database cannot take a session
 * over. Where the database cannot be reached, every method throws
 * {@link io.synapse.gateway.fault.StoreUnavailableException}.
 */
public final class Sessions {
    /** How long a session lives without being used. */
    public static final Duration IDLE = Duration.ofHours(12);
    /** How long a session lives at most. */
    public static final Duration LONGEST = Duration.ofDays(7);

    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final String ALIVE = """
        s.last_used > clock_timestamp() - :idle * interval '1 second'
        AND s.created > clock_timestamp() - :longest * interval '1 second'
        """;

    private final Database database;
    private final AuditTrail audit;

    Sessions(Database database, AuditTrail audit) {
        this.database = database;
        this.audit = audit;
    }

    /** Opens a session for somebody who has proved to be who they are. */
    public OpenedSession open(Account account) {
        String secret = Secrets.next();
        byte[] hash = Secrets.hash(secret);
        AuditTrail.Line line = audit.line("session.open", account.id());
        database.transaction("open a session", handle -> {
            int made = handle.createUpdate(database.sql("""
                INSERT INTO synapse.session (hash, account) VALUES (:hash, :account::uuid) ON CONFLICT DO NOTHING
                """))
                    .bind("hash", hash)
                    .bind("account", account.id())
                    .execute();
            if (made == 1) {
                line.write(handle, "");
            }
            return made;
        });
        return new OpenedSession(secret, session(account, secret));
    }

    /** Who bears that secret; empty if it is none, or no longer. Counts as a use of the session. */
    public Optional<Session> find(String secret) {
        if (!SECRET.matcher(secret).matches()) {
            return Optional.empty();
        }
        byte[] hash = Secrets.hash(secret);
        return database.call("look up a session", handle -> {
            // Once a minute is enough: a row written with every request would be too much.
            handle.createUpdate(database.sql("""
                UPDATE synapse.session s SET last_used = clock_timestamp()
                 WHERE s.hash = :hash AND s.last_used < clock_timestamp() - interval '1 minute' AND
                """ + ALIVE))
                    .bind("hash", hash)
                    .bind("idle", IDLE.toSeconds())
                    .bind("longest", LONGEST.toSeconds())
                    .execute();
            return handle.createQuery(database.sql(Accounts.ACCOUNT + "JOIN synapse.session s ON s.account = a.id"
                            + " WHERE s.hash = :hash AND " + ALIVE))
                    .bind("hash", hash)
                    .bind("idle", IDLE.toSeconds())
                    .bind("longest", LONGEST.toSeconds())
                    .map((row, context) -> session(Accounts.account(row), secret))
                    .findOne();
        });
    }

    private static Session session(Account account, String secret) {
        return new Session(account, Secrets.derive(secret, "csrf"));
    }

    /** Closes the session of that secret, if it is one: it is of no use to anybody from now on. */
    public void close(String secret) {
        byte[] hash = Secrets.hash(secret);
        Optional<UUID> owner = database.call(
                "look up a session",
                handle -> handle.createQuery(database.sql("SELECT account FROM synapse.session WHERE hash = :hash"))
                        .bind("hash", hash)
                        .mapTo(UUID.class)
                        .findOne());
        if (owner.isEmpty()) {
            return;
        }
        AuditTrail.Line line = audit.line("session.close", owner.get());
        database.transaction("close a session", handle -> {
            int closed = handle.createUpdate(database.sql("DELETE FROM synapse.session WHERE hash = :hash"))
                    .bind("hash", hash)
                    .execute();
            if (closed == 1) {
                line.write(handle, "");
            }
            return closed;
        });
    }

    /** Takes out the sessions that are over and the login attempts that no longer count. To be done now and then. */
    public void cleanUp() {
        database.call("clean up sessions", handle -> {
            handle.createUpdate(database.sql("DELETE FROM synapse.session s WHERE NOT (" + ALIVE + ")"))
                    .bind("idle", IDLE.toSeconds())
                    .bind("longest", LONGEST.toSeconds())
                    .execute();
            return LoginThrottle.cleanUp(database, handle);
        });
    }
}
