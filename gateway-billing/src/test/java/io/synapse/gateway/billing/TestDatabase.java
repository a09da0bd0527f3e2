package io.synapse.gateway.billing;

import com.zaxxer.hikari.HikariDataSource;
import io.synapse.gateway.credit.Credits;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/**
 * A schema of its own for one test class, in one PostgreSQL that all of this module's tests in one JVM share. That one
 * lives in the build directory and is found again by the next build.
 */
final class TestDatabase implements AutoCloseable {
    private static final EmbeddedDatabase POSTGRES = start();

    final HikariDataSource pool;
    final Billing billing;
    final Database database;
    final Billing.Options options;
    private final String schema;

    TestDatabase(Class<?> test) throws SQLException {
        this(test, pool());
    }

    TestDatabase(Class<?> test, HikariDataSource pool) throws SQLException {
        this.schema = "test_" + test.getSimpleName().toLowerCase(java.util.Locale.ROOT);
        this.pool = pool;
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
        }
        // Contract tests count what they let expire, so nothing else may sweep.
        this.options = Billing.Options.DEFAULTS.withSchema(schema).withSweepEvery(Duration.ZERO);
        this.billing = Billing.open(pool, options);
        this.database = new Database(pool, schema);
    }

    static EmbeddedDatabase postgres() {
        return POSTGRES;
    }

    static HikariDataSource pool() {
        return Billing.pool(POSTGRES.url(), POSTGRES.user(), POSTGRES.password());
    }

    private static EmbeddedDatabase start() {
        EmbeddedDatabase postgres =
                EmbeddedDatabase.start(Path.of("target", "test-database-" + System.getProperty("tests.fork", "1")));
        Runtime.getRuntime().addShutdownHook(new Thread(postgres::close));
        return postgres;
    }

    /** Runs SQL as it stands; the schema is on the search path. */
    void execute(String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET search_path = " + schema);
            try {
                statement.execute(sql);
            } finally {
                statement.execute("RESET search_path");
            }
        }
    }

    long number(String sql) {
        return Jdbi.create(pool)
                .withHandle(handle ->
                        handle.createQuery(database.sql(sql)).mapTo(Long.class).one());
    }

    String text(String sql) {
        return Jdbi.create(pool)
                .withHandle(handle -> handle.createQuery(database.sql(sql))
                        .mapTo(String.class)
                        .one());
    }

    List<LedgerCommand.Outcome> apply(List<LedgerCommand> batch) {
        return Jdbi.create(pool)
                .registerArrayType(String.class, "text")
                .registerArrayType(Long.class, "bigint")
                .registerArrayType(UUID.class, "uuid")
                .withHandle(handle -> LedgerCommand.apply(database, handle, batch));
    }

    /** A new account with so many micro-credits. */
    Account account(long micros) {
        return billing.accounts()
                .create(UUID.randomUUID() + "@example.com", "", Account.Role.USER, null, Credits.ofMicros(micros));
    }

    @Override
    public void close() {
        billing.close();
        pool.close();
    }
}
