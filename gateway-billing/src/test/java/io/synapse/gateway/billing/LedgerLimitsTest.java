package io.synapse.gateway.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.credit.HoldResult;
import io.synapse.gateway.credit.HoldResult.BudgetExceeded;
import io.synapse.gateway.credit.HoldResult.Held;
import io.synapse.gateway.credit.HoldResult.InsufficientCredits;
import io.synapse.gateway.credit.HoldResult.KeyInactive;
import io.synapse.gateway.credit.PriceList;
import io.synapse.gateway.credit.Settlement;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.credit.UsageSource;
import io.synapse.gateway.testkit.LedgerAudit;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a hold looks at beside the balance: the key and the project's cap. */
class LedgerLimitsTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final PriceList MICRO_PER_TOKEN = PriceList.perMillionTokens(Credits.of(1), Credits.of(1));
    private static TestDatabase database;

    @RegisterExtension
    final LedgerAudit audit = new LedgerAudit(() -> database.billing.ledger());

    private final CreditLedger ledger = database.billing.ledger();
    private final Keys keys = database.billing.keys();
    private final Projects projects = database.billing.projects();
    private Account account;

    @BeforeAll
    static void open() throws SQLException {
        database = new TestDatabase(LedgerLimitsTest.class);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void newAccount() {
        account = database.account(1_000);
    }

    // keys

    @Test
    void a_key_that_works_may_hold() {
        StoredKey key = keys.create(account.id(), KeyRequest.live("k")).key();

        assertThat(hold(account.defaultProject(), key.id(), 10)).isInstanceOf(Held.class);
    }

    @Test
    void a_revoked_key_holds_nothing() {
        StoredKey key = keys.create(account.id(), KeyRequest.live("k")).key();
        keys.revoke(account.id(), key.id());

        assertThat(hold(account.defaultProject(), key.id(), 10)).isEqualTo(new KeyInactive());
        assertThat(hold(account.defaultProject(), key.id(), 0)).isEqualTo(new KeyInactive());
        assertThat(ledger.available(account.wallet())).isEqualTo(Credits.ofMicros(1_000));
    }

    @Test
    void an_expired_key_holds_nothing() {
        KeyRequest expired = new KeyRequest("k", null, false, Instant.now().minusSeconds(1), 0);
        StoredKey key = keys.create(account.id(), expired).key();

        assertThat(hold(account.defaultProject(), key.id(), 10)).isEqualTo(new KeyInactive());
    }

    @Test
    void a_call_that_runs_is_settled_though_its_key_was_revoked() {
        StoredKey key = keys.create(account.id(), KeyRequest.live("k")).key();
        UUID charge = UUID.randomUUID();
        ledger.hold(request(charge, account.wallet(), account.defaultProject(), key.id(), 10, 10));
        keys.revoke(account.id(), key.id());

        assertThat(settle(charge, 4)).isEqualTo(4);
    }

    @Test
    void keys_and_projects_that_are_not_in_the_tables_are_not_checked() {
        assertThat(hold("somebody's project", "somebody's key", 10)).isInstanceOf(Held.class);
        assertThat(hold(UUID.randomUUID().toString(), UUID.randomUUID().toString(), 10))
                .isInstanceOf(Held.class);
    }

    // caps

    @Test
    void a_total_cap_is_never_passed() {
        Project project = project(new SpendCap(Credits.ofMicros(50), SpendCap.Period.TOTAL));

        settle(held(project, 30), 30);

        assertThat(hold(project.id(), "k", 21)).isEqualTo(new BudgetExceeded(Credits.ofMicros(20)));
        assertThat(hold(project.id(), "k", 20)).isInstanceOf(Held.class);
        assertThat(hold(project.id(), "k", 1)).isEqualTo(new BudgetExceeded(Credits.ZERO));
    }

    @Test
    void what_is_held_counts_in_the_cap_and_comes_back_when_it_is_released() {
        Project project = project(new SpendCap(Credits.ofMicros(50), SpendCap.Period.MONTH));
        UUID charge = held(project, 50);
        assertThat(hold(project.id(), "k", 1)).isEqualTo(new BudgetExceeded(Credits.ZERO));

        ledger.release(charge);
        assertThat(hold(project.id(), "k", 50)).isInstanceOf(Held.class);
    }

    @Test
    void a_settle_gives_back_to_the_cap_what_it_did_not_cost() {
        Project project = project(new SpendCap(Credits.ofMicros(50), SpendCap.Period.MONTH));

        settle(held(project, 50), 10);

        assertThat(hold(project.id(), "k", 40)).isInstanceOf(Held.class);
    }

    @Test
    void a_hold_shrinks_to_what_the_cap_has_left() {
        Project project = project(new SpendCap(Credits.ofMicros(50), SpendCap.Period.TOTAL));
        UUID charge = UUID.randomUUID();

        assertThat(ledger.hold(request(charge, account.wallet(), project.id(), "k", 80, 40)))
                .isEqualTo(new Held(Credits.ofMicros(50), Credits.ofMicros(950)));
        assertThat(ledger.hold(request(UUID.randomUUID(), account.wallet(), project.id(), "k", 80, 1)))
                .isEqualTo(new BudgetExceeded(Credits.ZERO));
    }

    @Test
    void a_poor_wallet_is_told_before_a_full_cap() {
        Project project = project(new SpendCap(Credits.ofMicros(50), SpendCap.Period.TOTAL));

        assertThat(hold(project.id(), "k", 2_000)).isEqualTo(new InsufficientCredits(Credits.ofMicros(1_000)));
    }

    @Test
    void a_monthly_cap_begins_anew_and_a_call_belongs_to_the_month_it_was_held_in() throws SQLException {
        Project project = project(new SpendCap(Credits.ofMicros(50), SpendCap.Period.MONTH));
        UUID charge = held(project, 50);
        assertThat(hold(project.id(), "k", 1)).isEqualTo(new BudgetExceeded(Credits.ZERO));

        // The month ends: what was held becomes last month's.
        database.execute("ALTER TABLE charge DISABLE TRIGGER charge_keeps_its_hold;"
                + "UPDATE charge SET budget_month = '2020-01' WHERE id = '" + charge + "';"
                + "ALTER TABLE charge ENABLE TRIGGER charge_keeps_its_hold;"
                + "UPDATE budget SET period = '2020-01' WHERE period <> 'total' AND project = '" + project.id() + "'");

        assertThat(hold(project.id(), "k", 50)).isInstanceOf(Held.class);
        assertThat(settle(charge, 45)).isEqualTo(45);
        assertThat(spent(project, "2020-01")).isEqualTo(45);
        assertThat(spent(project, "total")).isEqualTo(45);
    }

    @Test
    void a_cap_that_is_set_later_counts_what_was_spent_before() throws SQLException {
        Project project = project(null);
        settle(held(project, 30), 30);
        database.execute("UPDATE project SET spend_cap = 40, cap_period = 'total' WHERE id = '" + project.id() + "'");

        assertThat(hold(project.id(), "k", 11)).isEqualTo(new BudgetExceeded(Credits.ofMicros(10)));
    }

    @Test
    void a_cap_may_be_lowered_below_what_is_spent_and_calls_that_run_are_still_settled() throws SQLException {
        Project project = project(new SpendCap(Credits.ofMicros(50), SpendCap.Period.TOTAL));
        settle(held(project, 30), 30);
        UUID running = held(project, 20);
        database.execute("UPDATE project SET spend_cap = 5 WHERE id = '" + project.id() + "'");

        assertThat(settle(running, 15)).isEqualTo(15);
        assertThat(hold(project.id(), "k", 1)).isEqualTo(new BudgetExceeded(Credits.ZERO));
    }

    @Test
    void a_cost_above_the_hold_stops_at_the_cap_and_the_rest_is_written_off() {
        Project project = project(new SpendCap(Credits.ofMicros(50), SpendCap.Period.TOTAL));
        UUID charge = held(project, 40);

        assertThat(settle(charge, 60)).isEqualTo(50);
        assertThat(ledger.find(account.wallet(), "r" + charge).orElseThrow().shortfall())
                .isEqualTo(Credits.ofMicros(10));
    }

    @Test
    void a_late_cost_stops_at_the_cap_too() {
        Project project = project(new SpendCap(Credits.ofMicros(50), SpendCap.Period.TOTAL));
        UUID charge = UUID.randomUUID();
        ledger.hold(new HoldRequest(
                charge,
                "r" + charge,
                account.wallet(),
                project.id(),
                "k",
                "m",
                Credits.ofMicros(40),
                Credits.ofMicros(40),
                Duration.ofMillis(1)));
        while (ledger.expire() == 0) {
            Thread.onSpinWait();
        }
        held(project, 45);

        assertThat(settle(charge, 40)).isEqualTo(5);
    }

    @Test
    void test_money_counts_apart() {
        Project project = project(new SpendCap(Credits.ofMicros(50), SpendCap.Period.TOTAL));

        assertThat(ledger.hold(request(UUID.randomUUID(), account.testWallet(), project.id(), "k", 50, 50)))
                .isInstanceOf(Held.class);
        assertThat(ledger.hold(request(UUID.randomUUID(), account.testWallet(), project.id(), "k", 1, 1)))
                .isEqualTo(new BudgetExceeded(Credits.ZERO));
        assertThat(hold(project.id(), "k", 50)).isInstanceOf(Held.class);
    }

    @Test
    void a_cap_of_nothing_allows_what_is_free() {
        Project project = project(new SpendCap(Credits.ZERO, SpendCap.Period.MONTH));

        assertThat(hold(project.id(), "k", 0)).isInstanceOf(Held.class);
        assertThat(hold(project.id(), "k", 1)).isEqualTo(new BudgetExceeded(Credits.ZERO));
    }

    @Test
    void many_callers_never_pass_a_cap() throws Exception {
        Project project = project(new SpendCap(Credits.ofMicros(100), SpendCap.Period.MONTH));
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<HoldResult>> results = IntStream.range(0, 64)
                    .mapToObj(i -> callers.submit(() -> hold(project.id(), "k", 4)))
                    .toList();
            int held = 0;
            for (Future<HoldResult> result : results) {
                held += result.get() instanceof Held ? 1 : 0;
            }
            assertThat(held).isEqualTo(25);
        }
    }

    private Project project(@Nullable SpendCap cap) {
        return projects.create(account.id(), "p", cap, null);
    }

    private UUID held(Project project, long micros) {
        UUID charge = UUID.randomUUID();
        assertThat(ledger.hold(request(charge, account.wallet(), project.id(), "k", micros, micros)))
                .isInstanceOf(Held.class);
        return charge;
    }

    private HoldResult hold(String project, String key, long micros) {
        return ledger.hold(request(UUID.randomUUID(), account.wallet(), project, key, micros, micros));
    }

    private static HoldRequest request(
            UUID charge, String wallet, String project, String key, long amount, long least) {
        return new HoldRequest(
                charge,
                "r" + charge,
                wallet,
                project,
                key,
                "m",
                Credits.ofMicros(amount),
                Credits.ofMicros(least),
                LONG);
    }

    private long settle(UUID charge, long micros) {
        return ledger.settle(Settlement.priced(
                        charge, Usage.of(Unit.INPUT_TOKENS, micros), UsageSource.PROVIDER, MICRO_PER_TOKEN, "somebody"))
                .charged()
                .micros();
    }

    private long spent(Project project, String period) {
        return database.number("SELECT spent FROM synapse.budget WHERE NOT test AND period = '" + period
                + "' AND project = '" + project.id() + "'");
    }
}
