package io.synapse.gateway.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.credit.HoldResult.Held;
import io.synapse.gateway.fault.StoreUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BillingTest {
    private static TestDatabase database;

    @BeforeAll
    static void open() throws SQLException {
        database = new TestDatabase(BillingTest.class);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void is_reachable_while_the_database_answers() {
        HikariDataSource pool = TestDatabase.pool();
        try (Billing billing = Billing.open(pool, database.options)) {
            assertThat(billing.isReachable()).isTrue();
            pool.close();
            assertThat(billing.isReachable()).isFalse();
            assertThatThrownBy(() -> billing.ledger().available("ada")).isInstanceOf(StoreUnavailableException.class);
        }
    }

    @Test
    void a_pool_for_a_database_that_is_not_there_fails_soon() {
        long start = System.nanoTime();
        assertThatThrownBy(() -> Billing.pool("jdbc:postgresql://127.0.0.1:1/nothing", "nobody", "nothing")
                        .close())
                .isInstanceOf(RuntimeException.class);
        assertThat((System.nanoTime() - start) / 1_000_000_000).isLessThan(15);
    }

    @Test
    void a_full_pool_is_a_store_that_is_unavailable() throws SQLException {
        try (HikariDataSource pool = TestDatabase.pool();
                Billing billing = Billing.open(pool, database.options)) {
            pool.setConnectionTimeout(300); // not the three seconds of a server's
            List<Connection> taken = new ArrayList<>();
            for (int i = 0; i < pool.getMaximumPoolSize(); i++) {
                taken.add(pool.getConnection());
            }
            assertThatThrownBy(() -> billing.ledger().available("ada")).isInstanceOf(StoreUnavailableException.class);
            for (Connection connection : taken) {
                connection.close();
            }
            assertThat(billing.ledger().available("ada")).isEqualTo(Credits.ZERO);
        }
    }

    @Test
    void a_wallet_that_somebody_keeps_locked_is_a_store_that_is_unavailable_and_others_are_not() throws SQLException {
        database.billing.ledger().deposit("locked", Credits.of(1), "first");
        try (Connection connection = database.pool.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SELECT * FROM " + database.options.schema() + ".wallet WHERE id = 'locked' FOR UPDATE");

            assertThatThrownBy(() -> database.billing.ledger().deposit("locked", Credits.of(1), "second"))
                    .isInstanceOf(StoreUnavailableException.class);
            assertThat(database.billing.ledger().deposit("free", Credits.of(1), "first"))
                    .isEqualTo(Credits.of(1));
            connection.rollback();
        }
        assertThat(database.billing.ledger().deposit("locked", Credits.of(1), "second"))
                .isEqualTo(Credits.of(2));
    }

    @Test
    void a_full_pool_refuses_a_hold_that_was_never_sent() throws SQLException {
        database.billing.ledger().deposit("waiting", Credits.of(1), "first");
        UUID charge = UUID.randomUUID();
        HoldRequest request = new HoldRequest(
                charge, "r", "waiting", "p", "k", "m", Credits.of(1), Credits.of(1), Duration.ofHours(1));
        try (HikariDataSource pool = TestDatabase.pool();
                Billing billing = Billing.open(pool, database.options)) {
            pool.setConnectionTimeout(300);
            List<Connection> taken = new ArrayList<>();
            for (int i = 0; i < pool.getMaximumPoolSize(); i++) {
                taken.add(pool.getConnection());
            }
            assertThatThrownBy(() -> billing.ledger().hold(request)).isInstanceOf(StoreUnavailableException.class);
            for (Connection connection : taken) {
                connection.close();
            }
            assertThat(billing.ledger().hold(request)).isEqualTo(new Held(Credits.of(1), Credits.ZERO));
            assertThat(billing.figures()).isEqualTo(new LedgerFigures(1, 1, 0, 0, 0, 0));
        }
    }

    @Test
    void an_interrupt_does_not_stop_a_command_halfway() {
        Thread.currentThread().interrupt();
        assertThat(database.billing.ledger().deposit("interrupted", Credits.of(1), "first"))
                .isEqualTo(Credits.of(1));
        assertThat(Thread.interrupted()).isTrue();
    }

    /** Names a second schema. */
    private static final class Another {}

    @Test
    void two_schemas_in_one_database_are_two_gateways() throws SQLException {
        try (TestDatabase other = new TestDatabase(Another.class)) {
            database.billing.ledger().deposit("both", Credits.of(1), "first");
            other.billing.ledger().deposit("both", Credits.of(2), "first");
            assertThat(database.billing.ledger().available("both")).isEqualTo(Credits.of(1));
            assertThat(other.billing.ledger().available("both")).isEqualTo(Credits.of(2));

            Account here = database.account(1);
            String secret = database.billing
                    .keys()
                    .create(here.id(), KeyRequest.live("k"))
                    .secret();
            assertThat(database.billing.authenticator().authenticate(secret)).isPresent();
            assertThat(other.billing.authenticator().authenticate(secret)).isEmpty();
            assertThat(other.billing.rateLimiter().admit("k", 1).admitted()).isTrue();
            assertThat(database.billing.rateLimiter().admit("k", 1).admitted()).isTrue();
            assertThat(database.billing.ledger().audit()).isEmpty();
            assertThat(other.billing.ledger().audit()).isEmpty();
        }
    }
}
