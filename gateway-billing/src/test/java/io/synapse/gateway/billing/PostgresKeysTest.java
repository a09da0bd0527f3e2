package io.synapse.gateway.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.synapse.gateway.fault.StoreUnavailableException;
import io.synapse.gateway.identity.ApiKey;
import io.synapse.gateway.identity.Authenticator;
import io.synapse.gateway.identity.Caller;
import io.synapse.gateway.testkit.AuthenticatorContract;
import io.synapse.gateway.testkit.ManualClock;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.common.BaseDataSource;

class PostgresKeysTest extends AuthenticatorContract {
    private static TestDatabase database;
    private static Keys keys;
    private static Account account;
    private static IssuedKey known;

    @BeforeAll
    static void open() throws SQLException {
        database = new TestDatabase(PostgresKeysTest.class);
        keys = database.billing.keys();
        account = database.account(100);
        known = keys.create(account.id(), KeyRequest.live("known"));
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Override
    protected Authenticator authenticator() {
        return database.billing.authenticator();
    }

    @Override
    protected String knownSecret() {
        return known.secret();
    }

    @Override
    protected Caller knownCaller() {
        return new Caller(
                account.id(), account.defaultProject(), true, known.key().id(), account.wallet(), false, 0, null);
    }

    @Override
    protected Optional<String> expiredSecret() {
        KeyRequest request = new KeyRequest("", null, false, Instant.now().minusSeconds(1), 0);
        return Optional.of(keys.create(account.id(), request).secret());
    }

    @Override
    protected Optional<String> revokedSecret() {
        IssuedKey issued = keys.create(account.id(), KeyRequest.live(""));
        assertThat(authenticator().authenticate(issued.secret())).isPresent();
        keys.revoke(account.id(), issued.key().id());
        return Optional.of(issued.secret());
    }

    @Test
    void a_test_key_spends_test_money() {
        IssuedKey issued = keys.create(account.id(), KeyRequest.test(""));

        Caller caller = authenticator().authenticate(issued.secret()).orElseThrow();
        assertThat(caller.test()).isTrue();
        assertThat(caller.wallet()).isEqualTo(account.testWallet());
    }

    @Test
    void a_projects_key_carries_the_projects_rules() {
        Project project = database.billing.projects().create(account.id(), "p", null, Set.of("llama-3.1-8b", "sdxl"));
        IssuedKey issued = keys.create(account.id(), new KeyRequest("", project.id(), false, null, 7));

        Caller caller = authenticator().authenticate(issued.secret()).orElseThrow();
        assertThat(issued.secret()).startsWith("mg_live_");
        assertThat(caller.defaultProject()).isFalse();
        assertThat(caller.project()).isEqualTo(project.id());
        assertThat(caller.requestsPerMinute()).isEqualTo(7);
        assertThat(caller.allowedModels()).containsExactlyInAnyOrder("llama-3.1-8b", "sdxl");
    }

    @Test
    void a_key_expires_while_it_is_cached() {
        // PostgreSQL keeps microseconds.
        ManualClock clock = new ManualClock(Instant.now().truncatedTo(ChronoUnit.MILLIS));
        KeyRequest request = new KeyRequest("", null, false, clock.instant().plusSeconds(10), 0);
        String secret = keys.create(account.id(), request).secret();
        PostgresKeys own = new PostgresKeys(database.database, clock);

        assertThat(own.authenticate(secret)).isPresent();
        clock.advance(Duration.ofSeconds(10));
        assertThat(own.authenticate(secret)).isEmpty();
    }

    @Test
    void what_was_looked_up_is_not_looked_up_again_and_nonsense_never() {
        FaultyDataSource counted = new FaultyDataSource();
        PostgresKeys own = new PostgresKeys(new Database(counted, database.options.schema()), InstantSource.system());
        String unknown = ApiKey.generate(false, true);

        for (int i = 0; i < 5; i++) {
            own.authenticate(known.secret());
            own.authenticate(unknown);
            own.authenticate("mmg_live_'; DROP TABLE api_key; --");
        }
        assertThat(counted.connections).hasValue(2);
    }

    @Test
    void a_database_that_is_down_is_never_an_unknown_key_and_is_not_remembered() {
        FaultyDataSource faulty = new FaultyDataSource();
        PostgresKeys own = new PostgresKeys(new Database(faulty, database.options.schema()), InstantSource.system());

        faulty.down.set(true);
        assertThatThrownBy(() -> own.authenticate(known.secret())).isInstanceOf(StoreUnavailableException.class);
        assertThat(own.authenticate("nonsense")).isEmpty();
        faulty.down.set(false);
        assertThat(own.authenticate(known.secret())).isPresent();
        faulty.down.set(true);
        assertThat(own.authenticate(known.secret())).isPresent();
    }

    @Test
    void a_key_made_elsewhere_right_after_it_was_asked_for_is_known_here_when_it_is_made_here() {
        String secret = "mmg_live_chosen_by_an_operator_0123456789";
        assertThat(authenticator().authenticate(secret)).isEmpty();

        assertThat(keys.ensure(account.id(), secret, "bootstrap")).isTrue();

        assertThat(authenticator().authenticate(secret)).isPresent();
    }

    /** Hands out connections, counts them, and can be down. */
    private static final class FaultyDataSource extends BaseDataSource implements DataSource {
        private final AtomicBoolean down = new AtomicBoolean();
        private final AtomicInteger connections = new AtomicInteger();

        @Override
        public Connection getConnection() throws SQLException {
            if (down.get()) {
                throw new SQLException("connection refused", "08001");
            }
            connections.incrementAndGet();
            return database.pool.getConnection();
        }

        @Override
        public String getDescription() {
            return "a data source that can be down";
        }

        @Override
        public boolean isWrapperFor(Class<?> type) {
            return false;
        }

        @Override
        public <T> T unwrap(Class<T> type) throws SQLException {
            throw new SQLException("wraps nothing");
        }
    }
}
