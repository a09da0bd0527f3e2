package io.synapse.gateway.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.credit.HoldResult.Held;
import io.synapse.gateway.credit.PriceList;
import io.synapse.gateway.credit.Settlement;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.credit.UsageSource;
import io.synapse.gateway.fault.StoreUnavailableException;
import io.synapse.gateway.testkit.LedgerAudit;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Connections are killed while batches run: every outcome must still be told right, and the books must add up. */
class LedgerChaosTest {
    private static final Duration LASTS = Duration.ofSeconds(3);
    private static final Duration BETWEEN_KILLS = Duration.ofMillis(25);
    private static final int CALLERS = 24;
    private static final int WALLETS = 16;
    private static final long FUNDS = 1_000_000;
    private static final PriceList MICRO_PER_TOKEN = PriceList.perMillionTokens(Credits.of(1), Credits.of(1));
    private static TestDatabase database;

    @RegisterExtension
    final LedgerAudit audit = new LedgerAudit(() -> database.billing.ledger());

    @BeforeAll
    static void open() throws SQLException {
        database = new TestDatabase(LedgerChaosTest.class);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    @Timeout(60)
    void every_outcome_is_resolved_though_connections_are_killed() throws Exception {
        CreditLedger ledger = database.billing.ledger();
        List<String> wallets = new ArrayList<>();
        for (int i = 0; i < WALLETS; i++) {
            wallets.add("wallet-" + UUID.randomUUID());
            ledger.deposit(wallets.getLast(), Credits.ofMicros(FUNDS), "funds");
        }
        AtomicBoolean running = new AtomicBoolean(true);
        AtomicLong charged = new AtomicLong();
        AtomicLong settled = new AtomicLong();
        long kills;
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> work = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                // Half of them on one hot wallet, the others everywhere.
                int first = i % 2 == 0 ? 0 : i;
                int step = i % 2 == 0 ? 0 : 1;
                work.add(callers.submit(() -> {
                    for (int n = 0; running.get(); n++) {
                        String wallet = wallets.get((first + n * step) % WALLETS);
                        long cost = call(ledger, wallet, n);
                        charged.addAndGet(cost);
                        settled.addAndGet(n % 5 == 4 ? 0 : 1);
                    }
                }));
            }
            kills = killConnectionsFor(LASTS);
            running.set(false);
            for (Future<?> caller : work) {
                caller.get();
            }
        }

        long left = wallets.stream()
                .mapToLong(wallet -> ledger.available(wallet).micros())
                .sum();
        LedgerFigures figures = database.billing.figures();
        assertThat(kills).isGreaterThan(10);
        assertThat(figures.commands()).isGreaterThan(figures.batches());
        assertThat(figures.failed()).isPositive();
        assertThat(figures.resent()).isGreaterThan(figures.failed());
        assertThat(figures.waiting()).isZero();
        assertThat(left).isEqualTo(WALLETS * FUNDS - charged.get());
        assertThat(database.number("SELECT count(*) FROM synapse.charge WHERE state = 'settled'"))
                .isEqualTo(settled.get());
        assertThat(database.number("SELECT count(*) FROM synapse.charge WHERE state = 'reserved'"))
                .isZero();
    }

    /** One call from its hold to its end, and what it cost. */
    private static long call(CreditLedger ledger, String wallet, int n) {
        UUID charge = UUID.randomUUID();
        HoldRequest request = new HoldRequest(
                charge,
                "r" + charge,
                wallet,
                "p",
                "k",
                "m",
                Credits.ofMicros(20),
                Credits.ofMicros(20),
                Duration.ofHours(1));
        assertThat(untilKnown(() -> ledger.hold(request))).isInstanceOf(Held.class);
        if (n % 5 == 4) {
            untilKnown(() -> {
                ledger.release(charge);
                return true;
            });
            return 0;
        }
        long cost = n % 25; // sometimes above the hold
        Settlement settlement = Settlement.priced(
                charge, Usage.of(Unit.INPUT_TOKENS, cost), UsageSource.PROVIDER, MICRO_PER_TOKEN, "somebody");
        assertThat(untilKnown(() -> ledger.settle(settlement)).charged()).isEqualTo(Credits.ofMicros(cost));
        return cost;
    }

    /** What a caller does whom the ledger told that it cannot know: ask again. */
    private static <T> T untilKnown(Supplier<T> command) {
        while (true) {
            try {
                return command.get();
            } catch (StoreUnavailableException e) {
                Thread.onSpinWait();
            }
        }
    }

    private static long killConnectionsFor(Duration time) throws SQLException, InterruptedException {
        EmbeddedDatabase postgres = TestDatabase.postgres();
        long killed = 0;
        long end = System.nanoTime() + time.toNanos();
        try (Connection killer = DriverManager.getConnection(postgres.url(), postgres.user(), postgres.password());
                Statement statement = killer.createStatement()) {
            while (System.nanoTime() < end) {
                // One that is at work, with a statement of this test's.
                try (ResultSet row = statement.executeQuery("""
                    SELECT count(*) FILTER (WHERE pg_terminate_backend(pid))
                      FROM (SELECT pid FROM pg_stat_activity
                             WHERE pid <> pg_backend_pid() AND state = 'active' AND query LIKE '%test_ledgerchaostest.apply%'
                             ORDER BY random() LIMIT 1) victim
                    """)) {
                    row.next();
                    killed += row.getLong(1);
                }
                Thread.sleep(BETWEEN_KILLS);
            }
        }
        return killed;
    }
}
