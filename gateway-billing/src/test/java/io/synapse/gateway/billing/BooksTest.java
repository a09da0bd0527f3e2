package io.synapse.gateway.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.credit.PriceList;
import io.synapse.gateway.credit.Settlement;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.credit.UsageSource;
import io.synapse.gateway.testkit.LedgerAudit;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the database refuses whoever asks, by SQL that goes past the program. */
class BooksTest {
    private static TestDatabase database;

    @RegisterExtension
    final LedgerAudit audit = new LedgerAudit(() -> database.billing.ledger());

    private final String wallet = "wallet-" + UUID.randomUUID();
    private final UUID open = UUID.randomUUID();
    private final UUID settled = UUID.randomUUID();
    private final UUID released = UUID.randomUUID();

    @BeforeAll
    static void openDatabase() throws SQLException {
        database = new TestDatabase(BooksTest.class);
    }

    @AfterAll
    static void closeDatabase() {
        database.close();
    }

    @BeforeEach
    void someBusiness() {
        CreditLedger ledger = database.billing.ledger();
        ledger.deposit(wallet, Credits.ofMicros(100), "first");
        for (UUID charge : new UUID[] {open, settled, released}) {
            ledger.hold(new HoldRequest(
                    charge,
                    "r",
                    wallet,
                    "p",
                    "k",
                    "m",
                    Credits.ofMicros(10),
                    Credits.ofMicros(10),
                    Duration.ofHours(1)));
        }
        ledger.settle(Settlement.priced(
                settled,
                Usage.of(Unit.INPUT_TOKENS, 4),
                UsageSource.PROVIDER,
                PriceList.perMillionTokens(Credits.of(1), Credits.of(1)),
                "p"));
        ledger.release(released);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // the journal
                "UPDATE entry SET d_available = 0, d_source = 0",
                "UPDATE entry SET reference = 'another' WHERE kind = 'deposit'",
                "DELETE FROM entry",
                "TRUNCATE entry",
                "TRUNCATE wallet, charge, entry, budget",
                "TRUNCATE wallet",
                "TRUNCATE charge",
                "INSERT INTO entry SELECT wallet, version, charge, kind, d_available, d_held, d_spent, d_source,"
                    + " available_after, held_after, reference, created FROM entry WHERE wallet = '$wallet' LIMIT 1",
                // a line that makes money
                "INSERT INTO entry VALUES ('$wallet', 99, null, 'deposit', 5, 0, 0, 0, 5, 0, 'x', now())",
                // a deposit that is none
                "INSERT INTO entry VALUES ('$wallet', 99, '$open', 'settle', 5, 0, 0, -5, 5, 0, null, now())",
                // a second ending
                "INSERT INTO entry VALUES ('$wallet', 99, '$settled', 'release', 10, -10, 0, 0, 5, 0, null, now())",
                "INSERT INTO entry VALUES ('$wallet', 99, '$released', 'settle', 5, -10, 5, 0, 5, 0, null, now())",
                // the same deposit again
                "INSERT INTO entry VALUES ('$wallet', 99, null, 'deposit', 5, 0, 0, -5, 5, 0, 'first', now())",
                // balances
                "UPDATE wallet SET available = available - 1000, spent = spent + 1000, version = version + 1"
                        + " WHERE id = '$wallet'",
                "UPDATE wallet SET available = available + 1, version = version + 1 WHERE id = '$wallet'",
                "UPDATE wallet SET available = available - 1, spent = spent + 1 WHERE id = '$wallet'",
                "UPDATE wallet SET version = version - 1 WHERE id = '$wallet'",
                "UPDATE wallet SET version = -1 WHERE id = '$wallet'",
                "UPDATE wallet SET id = 'another' WHERE id = '$wallet'",
                "UPDATE wallet SET test = true WHERE id = '$wallet'",
                "DELETE FROM wallet WHERE id = '$wallet'",
                "INSERT INTO wallet (id, available, funded) VALUES ('rich', 5, 5)",
                // charges
                "UPDATE charge SET state = 'reserved', closed = null, cost = null, usage = null, usage_source = null,"
                        + " price_version = null WHERE id = '$settled'",
                "UPDATE charge SET cost = 3 WHERE id = '$settled'",
                "UPDATE charge SET state = 'released' WHERE id = '$settled'",
                "UPDATE charge SET state = 'reserved', closed = null WHERE id = '$released'",
                "UPDATE charge SET reserved = 1 WHERE id = '$open'",
                "UPDATE charge SET wallet = 'another' WHERE id = '$open'",
                "UPDATE charge SET state = 'settled' WHERE id = '$open'",
                "UPDATE charge SET state = 'settled', closed = now(), cost = 11, usage = '[]', usage_source ="
                        + " 'measured', price_version = '1' WHERE id = '$open'",
                "DELETE FROM charge WHERE id = '$open'",
                "UPDATE charge SET state = 'gone', closed = now() WHERE id = '$open'",
                "UPDATE charge SET closed = now() WHERE id = '$open'",
                "UPDATE charge SET state = 'settled', closed = now(), cost = 5 WHERE id = '$open'",
                "UPDATE charge SET state = 'released', closed = now(), extra = 1 WHERE id = '$open'",
                "UPDATE charge SET state = 'released', closed = now(), usage = '[]' WHERE id = '$open'",
                "UPDATE charge SET shortfall = -1 WHERE id = '$open'",
                "UPDATE charge SET state = 'settled', closed = now(), cost = 5, extra = 1, RECEIPT WHERE id = '$open'",
                "UPDATE charge SET state = 'settled', closed = now(), cost = 5, late = 1, RECEIPT WHERE id = '$open'",
                "UPDATE charge SET state = 'settled', closed = now(), cost = -1, RECEIPT WHERE id = '$open'",
                "INSERT INTO charge (id, request_id, wallet, project, key, model, state, reserved, budget_month,"
                    + " created) VALUES (gen_random_uuid(), 'r', '$wallet', 'p', 'k', 'm', 'reserved', 0, '2026-11',"
                    + " now())",
                // names, kinds and signs
                "INSERT INTO wallet (id) VALUES ('')",
                "INSERT INTO wallet (id) VALUES (repeat('w', 201))",
                "INSERT INTO entry VALUES ('$wallet', 99, '$open', 'gift', 0, 0, 0, 0, 5, 0, null, now())",
                "INSERT INTO entry VALUES ('$wallet', 0, '$open', 'late', 0, 0, 0, 0, 5, 0, null, now())",
                "INSERT INTO entry VALUES ('$wallet', 99, '$open', 'late', 5, 0, -5, 0, 5, 0, null, now())",
                "INSERT INTO entry VALUES ('$wallet', 99, '$open', 'extra', -5, 5, 0, 0, 5, 5, null, now())",
                "INSERT INTO entry VALUES ('$wallet', 99, '$open', 'settle', -5, -5, 10, 0, 5, 0, null, now())",
                "INSERT INTO entry VALUES ('$wallet', 99, '$open', 'expire', 5, -10, 5, 0, 5, 0, null, now())",
                "INSERT INTO entry VALUES ('$wallet', 99, '$open', 'expire', -5, 5, 0, 0, 5, 5, null, now())",
                "INSERT INTO entry VALUES ('$wallet', 99, null, 'deposit', -5, 0, 0, 5, 5, 0, 'x', now())",
                "INSERT INTO entry VALUES ('$wallet', 99, null, 'deposit', 5, 0, 0, -5, 5, 0, null, now())",
                "INSERT INTO entry VALUES ('$wallet', 99, '$open', 'late', -5, 0, 5, 0, -1, 0, null, now())",
            })
    void refuses(String sql) {
        String statement = sql.replace("$wallet", wallet)
                .replace("$open", open.toString())
                .replace("$settled", settled.toString())
                .replace("$released", released.toString())
                .replace("RECEIPT", "usage = '[]', usage_source = 'measured', price_version = '1'");

        assertThatThrownBy(() -> database.execute(statement))
                .isInstanceOf(SQLException.class)
                .satisfies(e -> assertThat(((SQLException) e).getSQLState()).startsWith("23"));
    }

    /** There are no foreign keys among the busy tables; each of these is undone by the exception that tells the audit. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        INSERT INTO entry VALUES ('nobody', 1, null, 'deposit', 5, 0, 0, -5, 5, 0, 'x', now()) | no such wallet
        INSERT INTO entry VALUES ('$wallet', 99, gen_random_uuid(), 'reserve', -5, 5, 0, 0, 5, 5, null, now()) \
          | there is no charge
        INSERT INTO charge (id, request_id, wallet, project, key, model, state, reserved, created) \
          VALUES (gen_random_uuid(), 'r', 'nobody', 'p', 'k', 'm', 'reserved', 0, now()) | there is no wallet nobody
        DELETE FROM lease_end WHERE '$open' = ANY (charges) | nobody will look at it
        UPDATE lease_end SET at = at - interval '1 minute' WHERE '$open' = ANY (charges) | nobody will look at it
        UPDATE charge SET deadline = null WHERE id = '$open' | reserved until ever
        """)
    void the_audit_tells_of_what_refers_to_nothing(String sql, String breach) {
        String statement = sql.replace("$wallet", wallet)
                .replace("$open", open.toString())
                .replace("$settled", settled.toString());

        assertThatThrownBy(() -> database.execute("DO $$ BEGIN " + statement
                        + "; RAISE EXCEPTION '%', (SELECT string_agg(a, '; ') FROM audit() a); END $$"))
                .hasMessageContaining(breach);
    }

    @Test
    void a_budget_is_refused_what_is_above_its_cap_and_not_a_lower_cap() throws SQLException {
        Account account = database.account(0);
        Project project = database.billing
                .projects()
                .create(account.id(), "p", new SpendCap(Credits.ofMicros(10), SpendCap.Period.TOTAL), null);
        String where = " WHERE project = '" + project.id() + "'";
        database.execute(
                "INSERT INTO budget (project, test, period, cap) VALUES ('" + project.id() + "', false, 'total', 10)");
        try {
            database.execute("UPDATE budget SET spent = 8" + where);
            assertThatThrownBy(() -> database.execute("UPDATE budget SET reserved = 3" + where))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("cap");
            database.execute("UPDATE budget SET cap = 5" + where);
            database.execute("UPDATE budget SET spent = 7" + where);
        } finally {
            database.execute("DELETE FROM budget" + where);
        }
    }

    @Test
    void an_account_has_one_default_project_which_has_no_cap() {
        Account account = database.account(0);

        assertThatThrownBy(() -> database.execute("INSERT INTO project (id, account, name, is_default) VALUES ('"
                        + UUID.randomUUID() + "', '" + account.id() + "', 'second', true)"))
                .isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> database.execute("UPDATE project SET spend_cap = 5, cap_period = 'total' WHERE id = '"
                        + account.defaultProject() + "'"))
                .isInstanceOf(SQLException.class);
    }

    /** What the migrations say that a program needs which may spend and not rewrite history. */
    @Test
    void a_program_can_work_without_the_right_to_rewrite_history() throws SQLException {
        String password = UUID.randomUUID().toString();
        database.execute("""
            DO $$ BEGIN
                IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'test_teller') THEN
                    DROP OWNED BY test_teller;
                    DROP ROLE test_teller;
                END IF;
            END $$;
            CREATE ROLE test_teller LOGIN PASSWORD '%1$s';
            GRANT USAGE ON SCHEMA %2$s TO test_teller;
            GRANT SELECT ON ALL TABLES IN SCHEMA %2$s TO test_teller;
            GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA %2$s TO test_teller;
            GRANT INSERT (id, account, test) ON wallet TO test_teller;
            GRANT INSERT, UPDATE ON account, project, api_key TO test_teller;
            GRANT INSERT, UPDATE, DELETE ON session, login_attempts, model_switch TO test_teller;
            GRANT INSERT, UPDATE ON top_up_code TO test_teller;
            GRANT INSERT (id, actor, address, request_id, action, target, detail) ON audit_event TO test_teller;
            """.formatted(password, database.options.schema()));
        String url = TestDatabase.postgres().url();
        try (var pool = Billing.pool(url, "test_teller", password);
                Billing billing = Billing.open(pool, database.options.onlyCheck())) {
            Account account =
                    billing.accounts().create("teller@example.com", "", Account.Role.USER, null, Credits.of(1));
            UUID charge = UUID.randomUUID();
            billing.ledger()
                    .hold(new HoldRequest(
                            charge,
                            "r",
                            account.wallet(),
                            account.defaultProject(),
                            "k",
                            "m",
                            Credits.of(1),
                            Credits.of(1),
                            Duration.ofHours(1)));
            billing.ledger().release(charge);
            assertThat(billing.ledger().available(account.wallet())).isEqualTo(Credits.of(1));
        }
        try (Connection connection = DriverManager.getConnection(url, "test_teller", password);
                Statement statement = connection.createStatement()) {
            String table = database.options.schema() + ".wallet";
            assertThatThrownBy(() -> statement.execute("UPDATE " + table + " SET version = version + 1"))
                    .hasMessageContaining("permission denied");
        }
    }
}
