package io.synapse.gateway.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.credit.PriceList;
import io.synapse.gateway.credit.Settlement;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.credit.UsageSource;
import io.synapse.gateway.fault.StoreUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

class MigrationsTest {
    private static final Billing.Options OPTIONS =
            Billing.Options.DEFAULTS.withSchema("test_migrations").withSweepEvery(Duration.ZERO);

    private final HikariDataSource pool = TestDatabase.pool();

    @BeforeEach
    void dropSchema() throws SQLException {
        execute("DROP SCHEMA IF EXISTS test_migrations CASCADE");
    }

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void run_twice_they_change_nothing_the_second_time() {
        try (Billing billing = Billing.open(pool, OPTIONS)) {
            billing.ledger().deposit("ada", Credits.of(5), "first");
        }
        List<String> before = history();

        try (Billing billing = Billing.open(pool, OPTIONS)) {
            assertThat(billing.ledger().available("ada")).isEqualTo(Credits.of(5));
        }
        assertThat(history()).isEqualTo(before).isNotEmpty();
    }

    @Test
    void what_was_held_before_the_ledger_was_written_anew_is_settled_or_expires_after() {
        Flyway.configure()
                .dataSource(pool)
                .locations("classpath:io/synapse/gateway/billing/migrations")
                .schemas(OPTIONS.schema())
                .target("6")
                .repeatableSqlMigrationPrefix("not those")
                .load()
                .migrate();
        CreditLedger before = new PostgresCreditLedger(new Database(pool, OPTIONS.schema()));
        before.deposit("ada", Credits.of(9), "first");
        UUID kept = UUID.randomUUID();
        before.hold(request(kept, Duration.ofHours(1)));
        before.hold(request(UUID.randomUUID(), Duration.ofMillis(1)));

        try (Billing billing = Billing.open(pool, OPTIONS)) {
            CreditLedger ledger = billing.ledger();
            while (ledger.available("ada").compareTo(Credits.of(6)) < 0) {
                ledger.expire();
            }
            ledger.settle(Settlement.priced(
                    kept,
                    Usage.of(Unit.INPUT_TOKENS, 1),
                    UsageSource.PROVIDER,
                    PriceList.perMillionTokens(Credits.of(1_000_000), Credits.of(1)),
                    "p"));
            assertThat(ledger.available("ada")).isEqualTo(Credits.of(8));
            assertThat(ledger.audit()).isEmpty();
        }
    }

    private static HoldRequest request(UUID charge, Duration lease) {
        return new HoldRequest(charge, "r", "ada", "p", "k", "m", Credits.of(3), Credits.of(3), lease);
    }

    @Test
    void run_by_several_nodes_at_once_they_run_once() throws Exception {
        try (ExecutorService nodes = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> opened = IntStream.range(0, 3)
                    .<Future<?>>mapToObj(
                            i -> nodes.submit(() -> Billing.open(pool, OPTIONS).close()))
                    .toList();
            for (Future<?> node : opened) {
                node.get();
            }
        }
        assertThat(history()).doesNotHaveDuplicates();
    }

    @Test
    void only_checked_an_empty_schema_is_refused_and_stays_empty() {
        assertThatThrownBy(() -> Billing.open(pool, OPTIONS.onlyCheck()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("test_migrations");
        assertThat(tables()).isZero();
    }

    @Test
    void only_checked_a_schema_that_lacks_migrations_is_refused_with_one_line_that_names_them() throws SQLException {
        Billing.open(pool, OPTIONS).close();
        execute("DELETE FROM test_migrations.flyway_schema_history WHERE version >= '5'");
        assertThatThrownBy(() -> Billing.open(pool, OPTIONS.onlyCheck()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("it lacks the migrations 5 (idempotency), 6 (rate limit)")
                .hasMessageNotContaining("\n");
    }

    @Test
    void only_checked_a_current_schema_is_good() {
        Billing.open(pool, OPTIONS).close();

        try (Billing billing = Billing.open(pool, OPTIONS.onlyCheck())) {
            assertThat(billing.ledger().audit()).isEmpty();
        }
    }

    @Test
    void a_migration_that_was_changed_afterwards_is_refused() throws SQLException {
        Billing.open(pool, OPTIONS).close();
        execute("UPDATE test_migrations.flyway_schema_history SET checksum = 1 WHERE version = '2'");
        assertThatThrownBy(() -> Billing.open(pool, OPTIONS)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Billing.open(pool, OPTIONS.onlyCheck())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_database_that_is_down_is_not_a_schema_that_is_wrong() {
        PGSimpleDataSource nowhere = new PGSimpleDataSource();
        nowhere.setServerNames(new String[] {"127.0.0.1"});
        nowhere.setPortNumbers(new int[] {1});

        assertThatThrownBy(() -> Billing.open(nowhere)).isInstanceOf(StoreUnavailableException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Synapse", "a b", "x;drop schema public", "1st", "\"q\""})
    void a_schema_has_a_plain_name(String name) {
        assertThatThrownBy(() -> OPTIONS.withSchema(name)).isInstanceOf(IllegalArgumentException.class);
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> history() {
        return Jdbi.create(pool)
                .withHandle(handle -> handle.createQuery("SELECT script || ' ' || installed_on"
                                + " FROM test_migrations.flyway_schema_history ORDER BY 1")
                        .mapTo(String.class)
                        .list());
    }

    private long tables() {
        return Jdbi.create(pool)
                .withHandle(handle -> handle.createQuery(
                                "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'test_migrations'")
                        .mapTo(Long.class)
                        .one());
    }
}
