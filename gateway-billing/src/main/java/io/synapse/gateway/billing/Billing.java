package io.synapse.gateway.billing;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.idempotency.IdempotencyStore;
import io.synapse.gateway.identity.Authenticator;
import io.synapse.gateway.limit.RateLimiter;
import io.synapse.gateway.media.MediaStore;
import java.time.Duration;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's stores in one PostgreSQL database: ledger, keys, accounts, reports, audit log, rate limits, idempotency
 * keys. Open one per program, and close it at the end; all that it hands out is safe for use by many threads, virtual
 * ones too, until then.
 *
 * <pre>{@code
 * try (var pool = Billing.pool("jdbc:postgresql://db/gateway", "gateway", password);
 *         var billing = Billing.open(pool)) {
 *     Account ada = billing.accounts().create("ada@example.com", "Ada", Account.Role.USER, null, Credits.of(1000));
 *     …
 * }
 * }</pre>
 */
public final class Billing implements AutoCloseable {
    /**
     * Connections of one node: the ledger's few, and those of lookups. Many more callers than this wait their turn: each
     * holds a connection for a millisecond.
     */
    private static final int CONNECTIONS = 10;
    /** What is past its time otherwise than a hold does no harm: it is only in the way. */
    private static final Duration TIDY_EVERY = Duration.ofMinutes(1);

    private final Database database;
    private final PostgresCreditLedger ledger;
    private final PostgresKeys keys;
    private final Passwords passwords = new Passwords();
    private final ModelSwitches.Known switches = new ModelSwitches.Known();
    private final Desk program;
    private final PostgresRateLimiter rateLimiter;
    private final @Nullable HoldSweeper sweeper;
    private final @Nullable Sweeper tidier;

    /**
     * How to open.
     *
     * @param schema the schema of all tables: a plain lower-case name
     * @param migrate whether to bring the schema up to date; if not, it is only checked that it is
     * @param sweepEvery how often to return the holds of the dead; zero for never, where another program does. Old rows
     *     of rate limits and idempotency keys are dropped every minute, or never as well
     */
    public record Options(String schema, boolean migrate, Duration sweepEvery) {
        /** Schema {@code synapse}, migrated, swept every five seconds. */
        public static final Options DEFAULTS = new Options("synapse", true, Duration.ofSeconds(5));

        public Options {
            Database.requireSchema(schema);
            if (sweepEvery.isNegative()) {
                throw new IllegalArgumentException("cannot sweep every " + sweepEvery);
            }
        }

        /** These options with another schema. */
        public Options withSchema(String other) {
            return new Options(other, migrate, sweepEvery);
        }

        /** These options without migrating: for a user that may not change the schema. */
        public Options onlyCheck() {
            return new Options(schema, false, sweepEvery);
        }

        /** These options with another pause between sweeps. */
        public Options withSweepEvery(Duration pause) {
            return new Options(schema, migrate, pause);
        }
    }

    private Billing(DataSource dataSource, Options options) {
        this.database = new Database(dataSource, options.schema());
        this.ledger = new PostgresCreditLedger(database);
        this.keys = new PostgresKeys(database, InstantSource.system());
        this.program = by(Actor.PROGRAM);
        this.rateLimiter = new PostgresRateLimiter(database);
        boolean sweeps = !options.sweepEvery().isZero();
        this.sweeper = sweeps ? HoldSweeper.start(ledger, options.sweepEvery()) : null;
        this.tidier = sweeps ? Sweeper.start("tidier", "drop old rows", TIDY_EVERY, this::tidy) : null;
    }

    private void tidy() {
        rateLimiter.cleanUp();
        PostgresIdempotencyStore.cleanUp(database);
        sessions().cleanUp();
    }

    /** Opens with {@link Options#DEFAULTS}. The data source stays the caller's to close. */
    public static Billing open(DataSource dataSource) {
        return open(dataSource, Options.DEFAULTS);
    }

    /**
     * Brings the schema up to date, or checks that it is, and opens.
     *
     * @param dataSource connections to PostgreSQL 14 or later, or to what speaks its dialect with row locks: a pool, of
     *     ten or more. The ledger writes through one at a time, and through up to four while the database is slow; rate
     *     limits are asked through up to four; no connection is kept. It stays the caller's to close
     * @throws IllegalStateException if the schema is not what this version works with
     * @throws io.synapse.gateway.fault.StoreUnavailableException if the database cannot be reached
     */
    public static Billing open(DataSource dataSource, Options options) {
        Migrations.run(dataSource, options.schema(), options.migrate());
        return new Billing(dataSource, options);
    }

    /**
     * A connection pool with limits that suit the gateway: few connections, and no wait without an end. The caller
     * closes it.
     *
     * @param url {@code jdbc:postgresql://…}; what it sets itself (such as {@code socketTimeout}) holds
     * @param user the database's user, or null if the url names one
     * @param password its password, or null if the url has it or none is needed
     * @throws RuntimeException if no connection can be made within seconds
     */
    public static HikariDataSource pool(String url, @Nullable String user, @Nullable String password) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("synapse");
        config.setJdbcUrl(url);
        if (user != null) {
            config.setUsername(user);
        }
        if (password != null) {
            config.setPassword(password);
        }
        config.setMaximumPoolSize(CONNECTIONS);
        config.setConnectionTimeout(3_000);
        config.setInitializationFailTimeout(3_000);
        config.setMaxLifetime(Duration.ofMinutes(30).toMillis());
        config.setKeepaliveTime(Duration.ofMinutes(2).toMillis());
        config.addDataSourceProperty("ApplicationName", "synapse-gateway");
        config.addDataSourceProperty("connectTimeout", "3");
        // Above the statement timeout: the server's own answer comes first, unless the network is gone.
        config.addDataSourceProperty("socketTimeout", "10");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        return new HikariDataSource(config);
    }

    /** The ledger. */
    public CreditLedger ledger() {
        return ledger;
    }

    /** Who bears which API key. */
    public Authenticator authenticator() {
        return keys;
    }

    /** How often keys may call: one allowance for all nodes. */
    public RateLimiter rateLimiter() {
        return rateLimiter;
    }

    /**
     * Which calls run and what they answered, for all nodes.
     *
     * @param media keeps answers above 64 KiB, for a day; shared by all nodes too
     */
    public IdempotencyStore idempotency(MediaStore media) {
        return new PostgresIdempotencyStore(database, media);
    }

    /**
     * All that can be changed, in somebody's name: what is done there stands in the audit log as theirs. Without a name,
     * as by {@link #accounts} and its like, it stands there as the program's.
     */
    public Desk by(Actor actor) {
        AuditTrail audit = new AuditTrail(database, actor);
        return new Desk(
                new Accounts(database, passwords, audit),
                new Projects(database, keys, audit),
                new Keys(database, keys, audit),
                new Sessions(database, audit),
                new TopUpCodes(database, audit),
                new ModelSwitches(database, audit, switches));
    }

    /** The accounts. */
    public Accounts accounts() {
        return program.accounts();
    }

    /** The accounts' projects. */
    public Projects projects() {
        return program.projects();
    }

    /** The projects' API keys. */
    public Keys keys() {
        return program.keys();
    }

    /** Who is signed in. */
    public Sessions sessions() {
        return program.sessions();
    }

    /** Bounds how often passwords can be guessed. */
    public LoginThrottle loginThrottle() {
        return new LoginThrottle(database, InstantSource.system());
    }

    /** Codes that bring credits. */
    public TopUpCodes codes() {
        return program.codes();
    }

    /** Which models are switched off. */
    public ModelSwitches switches() {
        return program.switches();
    }

    /** What accounts used and paid. */
    public UsageReports usage() {
        return new UsageReports(database);
    }

    /** The accounts' ledgers, line by line. */
    public LedgerHistory history() {
        return new LedgerHistory(database);
    }

    /** Who changed what. */
    public AuditLog auditLog() {
        return new AuditLog(database);
    }

    /** What the ledger has written: for metrics. Cheap. */
    public LedgerFigures figures() {
        return ledger.figures();
    }

    /** Whether the database answers now: for readiness probes. Takes a few seconds at most. */
    public boolean isReachable() {
        return database.isReachable();
    }

    /** Stops sweeping. The data source stays open: it is the caller's. */
    @Override
    public void close() {
        if (sweeper != null) {
            sweeper.close();
        }
        if (tidier != null) {
            tidier.close();
        }
    }
}
