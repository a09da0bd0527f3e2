package io.synapse.gateway.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.synapse.gateway.billing.LedgerCommand.Outcome;
import io.synapse.gateway.billing.LedgerWriter.Limits;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.credit.HoldResult;
import io.synapse.gateway.credit.PriceList;
import io.synapse.gateway.credit.Settlement;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.credit.UsageSource;
import io.synapse.gateway.testkit.LedgerAudit;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Batches of many callers in the database. A wallet that the test keeps locked makes the others queue up. */
@Timeout(60)
class LedgerWriterDatabaseTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final PriceList MICRO_PER_TOKEN = PriceList.perMillionTokens(Credits.of(1), Credits.of(1));
    private static TestDatabase database;

    @RegisterExtension
    final LedgerAudit audit = new LedgerAudit(() -> database.billing.ledger());

    private final CreditLedger ledger = database.billing.ledger();
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    /** One batch at a time, so that what comes while a wallet is locked is surely one batch. */
    private final LedgerWriter writer = new LedgerWriter(
            PostgresCreditLedger.books(database.database), new Limits(256, 4_096, LONG, Duration.ofMillis(20), 1, 24));

    @BeforeAll
    static void open() throws SQLException {
        database = new TestDatabase(LedgerWriterDatabaseTest.class);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @AfterEach
    void end() {
        callers.close();
    }

    @Test
    void batches_form_by_themselves_when_many_work_on_one_wallet() throws Exception {
        long funds = 100_000_000;
        String wallet = wallet(funds);
        AtomicBoolean formed = new AtomicBoolean();
        AtomicLong charged = new AtomicLong();
        LedgerFigures before = database.billing.figures();
        List<Future<?>> work = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            work.add(callers.submit(() -> {
                while (!formed.get()) {
                    UUID charge = UUID.randomUUID();
                    assertThat(ledger.hold(request(charge, "r" + charge, wallet, 20)))
                            .isInstanceOf(HoldResult.Held.class);
                    charged.addAndGet(
                            ledger.settle(settlement(charge, 7)).charged().micros());
                    LedgerFigures now = database.billing.figures();
                    long batches = now.batches() - before.batches();
                    formed.compareAndSet(false, batches > 10 && now.commands() - before.commands() > 4 * batches);
                }
                return null;
            }));
        }
        for (Future<?> caller : work) {
            caller.get();
        }

        assertThat(ledger.available(wallet)).isEqualTo(Credits.ofMicros(funds - charged.get()));
    }

    @Test
    void a_command_that_the_database_cannot_take_fails_alone() throws Exception {
        String wallet = wallet(100);
        List<Future<Outcome>> answers = new ArrayList<>();
        try (Lock lock = new Lock(wallet)) {
            answers.add(waitingForTheLock(wallet));
            for (int i = 0; i < 20; i++) {
                String requestId = i == 13 ? "no text in PostgreSQL: \0" : "r" + i;
                answers.add(queued(() -> hold(request(UUID.randomUUID(), requestId, wallet, 1))));
            }
            lock.open();
        }

        assertThatThrownBy(answers.remove(14)::get).hasCauseInstanceOf(JdbiException.class);
        for (Future<Outcome> answer : answers) {
            assertThat(answer.get().code()).isEqualTo("held");
        }
        assertThat(ledger.available(wallet)).isEqualTo(Credits.ofMicros(80));
        assertThat(writer.figures()).isEqualTo(new LedgerFigures(1, 1, 1, 20, 0, 0));
    }

    @Test
    void a_batch_whose_connection_is_killed_is_done_once() throws Exception {
        String first = wallet(100);
        String second = wallet(100);
        UUID running = UUID.randomUUID();
        ledger.hold(request(running, "running", second, 10));
        List<Future<Outcome>> answers = new ArrayList<>();
        try (Lock lockFirst = new Lock(first);
                Lock lockSecond = new Lock(second)) {
            Future<Outcome> leader = waitingForTheLock(first);
            for (int i = 0; i < 10; i++) {
                answers.add(queued(() -> hold(request(UUID.randomUUID(), "r", second, 1))));
            }
            answers.add(queued(() -> writer.apply("settle a charge", LedgerCommand.settle(settlement(running, 4)))));
            lockFirst.open();
            assertThat(leader.get().code()).isEqualTo("held");
            awaitBlocked(1);
            await(() -> killBlocked() == 1);
            lockSecond.open();
        }

        for (Future<Outcome> answer : answers) {
            assertThat(answer.get().code()).isIn("held", "settled");
        }
        assertThat(ledger.available(second)).isEqualTo(Credits.ofMicros(100 - 4 - 10));
        assertThat(writer.figures().resent()).isEqualTo(11);
    }

    @Test
    void a_wallet_that_somebody_keeps_locked_does_not_stop_the_others() throws Exception {
        String locked = wallet(100);
        String free = wallet(100);
        UUID charge = UUID.randomUUID();
        Future<HoldResult> waiting;
        try (Lock lock = new Lock(locked)) {
            waiting = callers.submit(() -> ledger.hold(request(charge, "r", locked, 10)));
            awaitBlocked(1);

            assertThat(ledger.hold(request(UUID.randomUUID(), "r", free, 10))).isInstanceOf(HoldResult.Held.class);
            assertThat(waiting).isNotDone();
            lock.open();
        }
        assertThat(waiting.get()).isInstanceOf(HoldResult.Held.class);
    }

    @Test
    void a_wallet_that_is_made_while_a_batch_waits_for_another_is_not_there_for_that_batch() throws Exception {
        String made = "a new wallet " + UUID.randomUUID();
        String locked = wallet(100);
        Future<List<Outcome>> answers;
        try (Lock lock = new Lock(locked)) {
            answers = callers.submit(() -> database.apply(List.of(
                    LedgerCommand.hold(request(UUID.randomUUID(), "r", made, 1)),
                    LedgerCommand.hold(request(UUID.randomUUID(), "r", locked, 1)))));
            awaitBlocked(1);
            ledger.deposit(made, Credits.ofMicros(10), "first");
            lock.open();
        }

        assertThat(answers.get()).extracting(Outcome::code).containsExactly("insufficient", "held");
        assertThat(ledger.available(made)).isEqualTo(Credits.ofMicros(10));
    }

    /** The row lock of a wallet, from elsewhere. */
    private static final class Lock implements AutoCloseable {
        private final Connection connection;

        Lock(String wallet) throws SQLException {
            connection = database.pool.getConnection();
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute(
                        "SELECT FROM " + database.options.schema() + ".wallet WHERE id = '" + wallet + "' FOR UPDATE");
            }
        }

        void open() throws SQLException {
            connection.rollback();
        }

        @Override
        public void close() throws SQLException {
            connection.rollback();
            connection.close();
        }
    }

    /** Somebody whose batch is under way, and stays so while the wallet is locked. */
    private Future<Outcome> waitingForTheLock(String wallet) throws SQLException {
        Future<Outcome> answer = callers.submit(() -> hold(request(UUID.randomUUID(), "r", wallet, 1)));
        awaitBlocked(1);
        return answer;
    }

    private Future<Outcome> queued(Callable<Outcome> caller) {
        int before = writer.figures().waiting();
        Future<Outcome> answer = callers.submit(caller);
        await(() -> writer.figures().waiting() == before + 1);
        return answer;
    }

    private static final String BLOCKED = " FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE"
            + " '%test_ledgerwriterdatabasetest.apply%'";

    private static void awaitBlocked(int backends) {
        await(() -> database.number("SELECT count(*)" + BLOCKED) == backends);
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private static long killBlocked() {
        return database.number("SELECT count(*) FILTER (WHERE pg_terminate_backend(pid))" + BLOCKED);
    }

    private Outcome hold(HoldRequest request) {
        return writer.apply("hold credits", LedgerCommand.hold(request));
    }

    private String wallet(long micros) {
        String wallet = "wallet-" + UUID.randomUUID();
        ledger.deposit(wallet, Credits.ofMicros(micros), "funds");
        return wallet;
    }

    private static HoldRequest request(UUID charge, String requestId, String wallet, long micros) {
        return new HoldRequest(
                charge, requestId, wallet, "p", "k", "m", Credits.ofMicros(micros), Credits.ofMicros(micros), LONG);
    }

    private static Settlement settlement(UUID charge, long micros) {
        return Settlement.priced(
                charge, Usage.of(Unit.INPUT_TOKENS, micros), UsageSource.PROVIDER, MICRO_PER_TOKEN, "somebody");
    }
}
