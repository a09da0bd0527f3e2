package io.synapse.gateway.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.credit.HoldResult.Held;
import io.synapse.gateway.credit.PriceList;
import io.synapse.gateway.credit.Settled;
import io.synapse.gateway.credit.Settlement;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.credit.UsageSource;
import io.synapse.gateway.idempotency.Claim;
import io.synapse.gateway.idempotency.IdempotencyStore;
import io.synapse.gateway.media.MediaStore;
import io.synapse.gateway.testkit.LedgerAudit;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.common.BaseDataSource;

/** The connection breaks after the database has done its work and before it could say so: the work is done once. */
class LostAnswersTest {
    private static TestDatabase database;

    @RegisterExtension
    final LedgerAudit audit = new LedgerAudit(() -> database.billing.ledger());

    private final LosingDataSource losing = new LosingDataSource();
    private final Billing billing = Billing.open(losing, database.options.onlyCheck());
    private final CreditLedger ledger = billing.ledger();
    private final String wallet = "wallet-" + UUID.randomUUID();
    private final UUID charge = UUID.randomUUID();

    @BeforeAll
    static void open() throws SQLException {
        database = new TestDatabase(LostAnswersTest.class);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void a_deposit_is_made_once() {
        losing.loseNext("executeQuery");

        assertThat(ledger.deposit(wallet, Credits.ofMicros(10), "first")).isEqualTo(Credits.ofMicros(10));
        assertThat(losing.lost()).isTrue();
    }

    @Test
    void a_hold_is_taken_once() {
        ledger.deposit(wallet, Credits.ofMicros(100), "first");
        losing.loseNext("executeQuery");

        assertThat(ledger.hold(request())).isEqualTo(new Held(Credits.ofMicros(30), Credits.ofMicros(70)));
        assertThat(losing.lost()).isTrue();
    }

    @Test
    void a_charge_is_settled_once() {
        ledger.deposit(wallet, Credits.ofMicros(100), "first");
        ledger.hold(request());
        losing.loseNext("executeQuery");

        Settlement settlement = Settlement.priced(
                charge,
                Usage.of(Unit.INPUT_TOKENS, 40),
                UsageSource.PROVIDER,
                PriceList.perMillionTokens(Credits.of(1), Credits.of(1)),
                "somebody");
        assertThat(ledger.settle(settlement)).isEqualTo(new Settled(Credits.ofMicros(40), Credits.ofMicros(60)));
        assertThat(losing.lost()).isTrue();
    }

    @Test
    void a_charge_is_released_once() {
        ledger.deposit(wallet, Credits.ofMicros(100), "first");
        ledger.hold(request());
        losing.loseNext("executeQuery");

        ledger.release(charge);
        assertThat(ledger.available(wallet)).isEqualTo(Credits.ofMicros(100));
        assertThat(losing.lost()).isTrue();
    }

    @Test
    void an_account_is_made_once_and_its_email_is_not_taken_by_itself() {
        String email = UUID.randomUUID() + "@example.com";
        losing.loseNext("commit");

        Account account = billing.accounts().create(email, "", Account.Role.USER, null, Credits.of(5));
        assertThat(losing.lost()).isTrue();
        assertThat(billing.accounts().findByEmail(email)).contains(account);
        assertThat(ledger.available(account.wallet())).isEqualTo(Credits.of(5));
    }

    @Test
    void a_key_is_made_once() {
        Account account = database.account(0);
        Keys keys = billing.keys();
        keys.list(account.id());
        losing.loseNext("executeUpdate", "execute");

        IssuedKey issued = keys.create(account.id(), KeyRequest.live("k"));
        assertThat(losing.lost()).isTrue();
        assertThat(keys.list(account.id())).containsExactly(issued.key());
        assertThat(billing.authenticator().authenticate(issued.secret())).isPresent();
    }

    @Test
    void an_idempotency_key_is_won_by_the_one_who_asks_again() {
        IdempotencyStore store = billing.idempotency(MediaStore.inMemory());
        IdempotencyStore.Name name = new IdempotencyStore.Name(wallet, "k");
        losing.loseNext("execute");

        assertThat(store.claim(name, "request", charge, Duration.ofHours(1))).isInstanceOf(Claim.First.class);
        assertThat(losing.lost()).isTrue();
        assertThat(store.claim(name, "request", charge, Duration.ofHours(1))).isInstanceOf(Claim.Running.class);
    }

    private HoldRequest request() {
        return new HoldRequest(
                charge, "r", wallet, "p", "k", "m", Credits.ofMicros(30), Credits.ofMicros(30), Duration.ofHours(1));
    }

    /** Connections that do what they are told and then break, when armed. */
    private static final class LosingDataSource extends BaseDataSource implements DataSource {
        private volatile Set<String> calls = Set.of();

        void loseNext(String... methods) {
            calls = Set.of(methods);
        }

        /** Whether what was to be lost was lost. */
        boolean lost() {
            return calls.isEmpty();
        }

        @Override
        public Connection getConnection() throws SQLException {
            return losing(Connection.class, database.pool.getConnection());
        }

        private <T> T losing(Class<T> type, T real) {
            Object proxy =
                    Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                        Object result;
                        try {
                            result = method.invoke(real, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                        if (calls.contains(method.getName())) {
                            calls = Set.of();
                            throw new SQLException("an I/O error occurred while sending to the backend", "08006");
                        }
                        return result instanceof PreparedStatement statement
                                ? losing(PreparedStatement.class, statement)
                                : result;
                    });
            return type.cast(proxy);
        }

        @Override
        public String getDescription() {
            return "a data source that loses answers";
        }

        @Override
        public <T> T unwrap(Class<T> type) throws SQLException {
            throw new SQLException("wraps nothing");
        }

        @Override
        public boolean isWrapperFor(Class<?> type) {
            return false;
        }
    }
}
