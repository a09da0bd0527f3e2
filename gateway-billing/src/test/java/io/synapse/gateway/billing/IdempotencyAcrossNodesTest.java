package io.synapse.gateway.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.credit.PriceList;
import io.synapse.gateway.credit.Settled;
import io.synapse.gateway.credit.Settlement;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.credit.UsageSource;
import io.synapse.gateway.fault.StoreUnavailableException;
import io.synapse.gateway.idempotency.Claim;
import io.synapse.gateway.idempotency.IdempotencyStore;
import io.synapse.gateway.idempotency.IdempotencyStore.Name;
import io.synapse.gateway.idempotency.StoredAnswer;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.media.MediaStore;
import io.synapse.gateway.testkit.LedgerAudit;
import io.synapse.gateway.testkit.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two nodes on one database: what one claims, ends or leaves behind at its death, as the other sees it. */
@Timeout(60)
class IdempotencyAcrossNodesTest {
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static TestDatabase database;

    @RegisterExtension
    final LedgerAudit audit = new LedgerAudit(() -> database.billing.ledger());

    private final HikariDataSource otherPool = TestDatabase.pool();
    private final Billing otherNode = Billing.open(otherPool, database.options.onlyCheck());
    private final ManualClock clock = new ManualClock();
    private final MediaStore media = MediaStore.inMemory(clock);
    private final IdempotencyStore here = database.billing.idempotency(media);
    private final IdempotencyStore there = otherNode.idempotency(media);
    private final CreditLedger ledger = database.billing.ledger();
    private final String wallet = "wallet-" + UUID.randomUUID();
    private final Name name = new Name(UUID.randomUUID().toString(), "key");
    private final UUID charge = UUID.randomUUID();

    @BeforeAll
    static void openDatabase() throws SQLException {
        database = new TestDatabase(IdempotencyAcrossNodesTest.class);
    }

    @AfterAll
    static void closeDatabase() {
        database.close();
    }

    @AfterEach
    void close() {
        otherNode.close();
        otherPool.close();
    }

    @Test
    void of_fifty_who_ask_two_nodes_at_once_one_runs() throws Exception {
        oneOfFiftyRuns();
    }

    private void oneOfFiftyRuns() throws Exception {
        List<Callable<Claim>> callers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            IdempotencyStore node = i % 2 == 0 ? here : there;
            callers.add(() -> node.claim(name, "request", UUID.randomUUID(), LEASE));
        }
        int first = 0;
        int running = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Claim> caller : threads.invokeAll(callers)) {
                first += caller.get() instanceof Claim.First ? 1 : 0;
                running += caller.get() instanceof Claim.Running ? 1 : 0;
            }
        }
        assertThat(first).isEqualTo(1);
        assertThat(running).isEqualTo(49);
    }

    @Test
    void of_fifty_who_want_a_dead_nodes_key_one_gets_it() throws Exception {
        claimHere();
        die();
        oneOfFiftyRuns();
    }

    @Test
    void a_dead_nodes_key_is_not_free_while_its_charge_is_held() throws SQLException {
        claimHere();
        hold(Duration.ofHours(1));
        die();

        assertThat(claimThere(UUID.randomUUID())).isInstanceOf(Claim.Running.class);
        ledger.release(charge);
        assertThat(claimThere(UUID.randomUUID())).isInstanceOf(Claim.First.class);
    }

    @Test
    void a_dead_nodes_key_is_lost_once_its_charge_is_paid_and_stays_so() throws SQLException {
        claimHere();
        hold(Duration.ofHours(1));
        ledger.settle(settlement(40));
        die();
        PostgresIdempotencyStore.cleanUp(database.database);

        assertThat(claimThere(UUID.randomUUID())).isEqualTo(new Claim.Lost(charge));
        assertThat(claimThere(UUID.randomUUID())).isEqualTo(new Claim.Lost(charge));
        assertThat(there.claim(name, "another", UUID.randomUUID(), LEASE)).isInstanceOf(Claim.Mismatch.class);
    }

    @Test
    void a_cost_that_comes_after_the_key_was_won_again_takes_nothing() throws SQLException {
        claimHere();
        hold(Duration.ofMillis(1));
        expire();
        die();
        assertThat(claimThere(UUID.randomUUID())).isInstanceOf(Claim.First.class);

        assertThat(ledger.settle(settlement(40))).isEqualTo(new Settled(Credits.ZERO, Credits.ofMicros(100)));
        here.complete(name, charge, answer(3));
        assertThat(claimThere(UUID.randomUUID())).isInstanceOf(Claim.Running.class);
    }

    @Test
    void a_cost_that_comes_before_the_key_is_won_again_leaves_the_answer_lost() throws SQLException {
        claimHere();
        hold(Duration.ofMillis(1));
        expire();
        ledger.settle(settlement(40));
        die();

        assertThat(claimThere(UUID.randomUUID())).isEqualTo(new Claim.Lost(charge));
        assertThat(ledger.available(wallet)).isEqualTo(Credits.ofMicros(60));
    }

    @RepeatedTest(10)
    void a_cost_that_comes_while_the_key_is_won_again_is_paid_or_run_again_and_not_both() throws Exception {
        claimHere();
        hold(Duration.ofMillis(1));
        expire();
        die();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Settled> settled = threads.submit(() -> ledger.settle(settlement(40)));
            Claim claim = claimThere(UUID.randomUUID());
            boolean paid = settled.get().charged().equals(Credits.ofMicros(40));
            assertThat(claim).isInstanceOf(paid ? Claim.Lost.class : Claim.First.class);
            assertThat(ledger.available(wallet)).isEqualTo(Credits.ofMicros(paid ? 60 : 100));
        }
    }

    @Test
    void one_nodes_answer_is_given_by_the_other_with_any_body() {
        for (int size : new int[] {0, 1, 64 * 1024, 64 * 1024 + 1, 3_000_000}) {
            Name each = new Name(name.project(), "size " + size);
            UUID its = UUID.randomUUID();
            StoredAnswer answer = answer(size);
            here.claim(each, "request", its, LEASE);
            here.complete(each, its, answer);

            assertThat(there.claim(each, "request", UUID.randomUUID(), LEASE))
                    .isInstanceOfSatisfying(Claim.Finished.class, finished -> {
                        assertThat(finished.answer().status()).isEqualTo(201);
                        assertThat(finished.answer().headers()).isEqualTo(answer.headers());
                        assertThat(finished.answer().body()).isEqualTo(answer.body());
                    });
        }
        assertThat(database.number("SELECT coalesce(max(octet_length(body)), 0) FROM synapse.idempotency"))
                .isEqualTo(64 * 1024);
    }

    @Test
    void a_large_body_outlives_its_row_and_one_that_is_gone_is_lost() {
        claimHere();
        here.complete(name, charge, answer(100_000));
        clock.advance(IdempotencyStore.KEPT);
        assertThat(claimThere(UUID.randomUUID())).isInstanceOf(Claim.Finished.class);

        clock.advance(Duration.ofHours(2));
        assertThat(claimThere(UUID.randomUUID())).isEqualTo(new Claim.Lost(charge));
    }

    @Test
    void a_body_that_could_not_be_kept_is_lost_and_the_call_not_run_again() {
        IdempotencyStore full = database.billing.idempotency(new FailingMedia());
        full.claim(name, "request", charge, LEASE);
        full.complete(name, charge, answer(100_000));
        assertThat(claimThere(UUID.randomUUID())).isEqualTo(new Claim.Lost(charge));
    }

    @Test
    void a_body_that_cannot_be_read_now_is_not_lost() {
        claimHere();
        here.complete(name, charge, answer(100_000));
        IdempotencyStore failing = otherNode.idempotency(new FailingMedia());
        assertThatThrownBy(() -> failing.claim(name, "request", UUID.randomUUID(), LEASE))
                .isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void what_is_past_its_time_is_dropped_and_nothing_else() throws SQLException {
        claimHere();
        database.execute("INSERT INTO idempotency (project, key, fingerprint, charge, ticket, until, status, headers)"
                + " SELECT 'old', sha256(n::text::bytea), 'f', gen_random_uuid(), gen_random_uuid(),"
                + " now() - interval '1 second', 200, '{}' FROM generate_series(1, 1200) n");
        database.execute("INSERT INTO idempotency (project, key, fingerprint, charge, ticket, until)"
                + " SELECT 'dead', sha256(n::text::bytea), 'f', gen_random_uuid(), gen_random_uuid(),"
                + " now() - n * interval '23 hours' FROM generate_series(1, 3) n");
        PostgresIdempotencyStore.cleanUp(database.database);

        assertThat(database.number("SELECT count(*) FROM synapse.idempotency WHERE project = 'old'"))
                .isZero();
        assertThat(database.number("SELECT count(*) FROM synapse.idempotency WHERE project = 'dead'"))
                .isEqualTo(1);
        assertThat(claimThere(UUID.randomUUID())).isInstanceOf(Claim.Running.class);
    }

    @Test
    void a_database_that_is_away_says_nothing_about_a_key() {
        otherPool.close();
        assertThatThrownBy(() -> claimThere(charge)).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> there.extend(List.of(charge), LEASE)).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> there.complete(name, charge, answer(1))).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> there.abandon(name, charge)).isInstanceOf(StoreUnavailableException.class);
    }

    private void claimHere() {
        assertThat(here.claim(name, "request", charge, LEASE)).isInstanceOf(Claim.First.class);
    }

    private Claim claimThere(UUID its) {
        return there.claim(name, "request", its, LEASE);
    }

    /** The claims' leases run out. */
    private static void die() throws SQLException {
        database.execute("UPDATE idempotency SET until = until - interval '1 hour' WHERE status IS NULL");
    }

    private void hold(Duration lease) {
        ledger.deposit(wallet, Credits.ofMicros(100), "first");
        ledger.hold(
                new HoldRequest(charge, "r", wallet, "p", "k", "m", Credits.ofMicros(50), Credits.ofMicros(50), lease));
    }

    private void expire() {
        while (ledger.available(wallet).equals(Credits.ofMicros(50))) {
            ledger.expire();
        }
    }

    private Settlement settlement(long micros) {
        return Settlement.priced(
                charge,
                Usage.of(Unit.INPUT_TOKENS, micros),
                UsageSource.PROVIDER,
                PriceList.perMillionTokens(Credits.of(1), Credits.of(1)),
                "somebody");
    }

    private static StoredAnswer answer(int size) {
        byte[] body = new byte[size];
        for (int i = 0; i < size; i++) {
            body[i] = (byte) (i * 31);
        }
        return new StoredAnswer(201, Map.of("Content-Type", "application/json", "X-Odd", "a,b {\"c\"} \\"), body);
    }

    /** A disk that is full, and fails to be read too. */
    private static final class FailingMedia implements MediaStore {
        @Override
        public String keep(Media media, Duration lifetime) {
            throw new UncheckedIOException(new IOException("no space left on device"));
        }

        @Override
        public Optional<Media> find(String name) {
            throw new UncheckedIOException(new IOException("input/output error"));
        }

        @Override
        public void cleanUp() {
            throw new UnsupportedOperationException();
        }
    }
}
