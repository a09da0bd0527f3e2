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
import io.synapse.gateway.fault.InvalidRequestException;
import io.synapse.gateway.testkit.LedgerAudit;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What accounts are told of their usage and their ledger. */
class ReportsTest {
    private static final PriceList PRICES = PriceList.perMillionTokens(Credits.of(1_000), Credits.of(1_000));

    private static TestDatabase database;

    @RegisterExtension
    final LedgerAudit audit = new LedgerAudit(() -> database.billing.ledger());

    private final UsageReports reports = database.billing.usage();
    private final CreditLedger ledger = database.billing.ledger();
    private final Account account = database.account(Credits.of(100).micros());
    private final Project project = database.billing.projects().create(account.id(), "mine", null, null);
    private final StoredKey key = database.billing
            .keys()
            .create(account.id(), new KeyRequest("laptop", project.id(), false, null, 0))
            .key();

    @BeforeAll
    static void open() throws SQLException {
        database = new TestDatabase(ReportsTest.class);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void someBusiness() {
        call(account, account.wallet(), "r1", "a", 1000);
        call(account, account.wallet(), "r2", "b", 2000);
        call(account, account.wallet(), "r3", "a", 4000);
        call(account, account.testWallet(), "r4", "a", 8000);
        ledger.release(hold(account, account.wallet(), "r5", "a"));
        hold(account, account.wallet(), "r6", "a");
        Account other = database.account(Credits.of(100).micros());
        call(other, other.wallet(), "r7", "a", 1000);
    }

    private UUID hold(Account who, String wallet, String requestId, String model) {
        UUID charge = UUID.randomUUID();
        ledger.hold(new HoldRequest(
                charge,
                requestId,
                wallet,
                who.equals(account) ? project.id() : who.defaultProject(),
                who.equals(account) ? key.id() : "k",
                model,
                Credits.of(10),
                Credits.of(10),
                Duration.ofHours(1)));
        return charge;
    }

    /** Costs a thousandth of a credit a token. */
    private void call(Account who, String wallet, String requestId, String model, long tokens) {
        ledger.settle(Settlement.priced(
                hold(who, wallet, requestId, model),
                Usage.of(Unit.INPUT_TOKENS, tokens),
                UsageSource.PROVIDER,
                PRICES,
                "p"));
    }

    private static UsageFilter only(@Nullable String model, @Nullable Boolean test) {
        return new UsageFilter(null, null, model, null, null, test);
    }

    @Test
    void calls_are_listed_the_newest_first_with_all_that_is_known() {
        List<UsageRecord> records =
                reports.records(account.id(), UsageFilter.ALL, null, 100).data();

        assertThat(records)
                .extracting(record -> record.charge().requestId())
                .containsExactly("r6", "r5", "r4", "r3", "r2", "r1");
        UsageRecord first = records.getLast();
        assertThat(first.charge().charged()).isEqualTo(Credits.of(1));
        assertThat(first.charge().lines())
                .singleElement()
                .satisfies(line -> assertThat(line.quantity()).isEqualTo(1000));
        assertThat(first.keyName()).isEqualTo("laptop");
        assertThat(first.projectName()).isEqualTo("mine");
        assertThat(records.get(2).test()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void pages_join_to_the_whole_list(int most) {
        List<String> ids = new ArrayList<>();
        String cursor = null;
        do {
            Page<UsageRecord> page = reports.records(account.id(), UsageFilter.ALL, cursor, most);
            assertThat(page.data().size()).isLessThanOrEqualTo(most);
            page.data().forEach(record -> ids.add(record.charge().requestId()));
            cursor = page.next();
        } while (cursor != null);
        assertThat(ids).containsExactly("r6", "r5", "r4", "r3", "r2", "r1");
    }

    @Test
    void filters_narrow_the_list() {
        Instant now = Instant.now();
        assertThat(ids(only("b", null))).containsExactly("r2");
        assertThat(ids(only(null, true))).containsExactly("r4");
        assertThat(ids(only("a", false))).containsExactly("r6", "r5", "r3", "r1");
        assertThat(ids(new UsageFilter(now.minusSeconds(600), now.plusSeconds(600), null, null, null, false)))
                .hasSize(5);
        assertThat(ids(new UsageFilter(now.plusSeconds(600), null, null, null, null, null)))
                .isEmpty();
        assertThat(ids(new UsageFilter(null, now.minusSeconds(600), null, null, null, null)))
                .isEmpty();
        assertThat(ids(new UsageFilter(null, null, null, key.id(), project.id(), true)))
                .containsExactly("r4");
        assertThat(ids(new UsageFilter(null, null, null, "k", null, null))).isEmpty();
        assertThat(ids(new UsageFilter(null, null, null, null, account.defaultProject(), null)))
                .isEmpty();
    }

    private List<String> ids(UsageFilter filter) {
        return reports.records(account.id(), filter, null, 100).data().stream()
                .map(record -> record.charge().requestId())
                .toList();
    }

    @Test
    void calls_are_added_up() {
        String today = LocalDate.now(ZoneOffset.UTC).toString();
        UsageTotal live = new UsageTotal(today, null, false, 3, 1, Credits.of(7), Map.of(Unit.INPUT_TOKENS, 7000L));
        UsageTotal test = new UsageTotal(today, null, true, 1, 0, Credits.of(8), Map.of(Unit.INPUT_TOKENS, 8000L));
        assertThat(totals(UsageTotal.By.DAY)).containsExactly(live, test);
        assertThat(totals(UsageTotal.By.MODEL))
                .containsExactly(
                        new UsageTotal("a", null, false, 2, 1, Credits.of(5), Map.of(Unit.INPUT_TOKENS, 5000L)),
                        new UsageTotal("a", null, true, 1, 0, Credits.of(8), Map.of(Unit.INPUT_TOKENS, 8000L)),
                        new UsageTotal("b", null, false, 1, 0, Credits.of(2), Map.of(Unit.INPUT_TOKENS, 2000L)));
        assertThat(totals(UsageTotal.By.KEY))
                .extracting(UsageTotal::group, UsageTotal::name)
                .containsOnly(org.assertj.core.groups.Tuple.tuple(key.id(), "laptop"));
        assertThat(totals(UsageTotal.By.PROJECT))
                .extracting(UsageTotal::group, UsageTotal::name)
                .containsOnly(org.assertj.core.groups.Tuple.tuple(project.id(), "mine"));
    }

    /** In pages of one, which join. */
    private List<UsageTotal> totals(UsageTotal.By by) {
        List<UsageTotal> totals = new ArrayList<>();
        String cursor = null;
        do {
            Page<UsageTotal> page = reports.totals(account.id(), by, UsageFilter.ALL, cursor, 1);
            totals.addAll(page.data());
            cursor = page.next();
        } while (cursor != null);
        return totals;
    }

    @Test
    void the_ledgers_lines_add_up_to_the_balance() {
        LedgerHistory history = database.billing.history();
        List<LedgerEntry> lines = new ArrayList<>();
        String cursor = null;
        do {
            Page<LedgerEntry> page = history.entries(account.id(), UsageFilter.ALL, cursor, 4);
            lines.addAll(page.data());
            cursor = page.next();
        } while (cursor != null);

        assertThat(lines).hasSize(10);
        assertThat(lines.getLast().kind()).isEqualTo("deposit");
        assertThat(lines.getLast().reference()).isEqualTo("starter credits");
        assertThat(lines.getFirst().available()).isEqualTo(ledger.available(account.wallet()));
        assertThat(lines.stream().mapToLong(LedgerEntry::amount).sum())
                .isEqualTo(ledger.available(account.wallet()).micros());
        long running = 0;
        for (LedgerEntry line : lines.reversed()) {
            running += line.amount();
            assertThat(line.available().micros()).isEqualTo(running);
        }
        assertThat(history.entries(account.id(), only("b", null), null, 100).data())
                .extracting(LedgerEntry::requestId)
                .containsExactly("r2", "r2");
        assertThat(history.entries(account.id(), only(null, true), null, 100).data())
                .hasSize(3);
    }

    @Test
    void nobody_elses_business_is_told() {
        String nobody = UUID.randomUUID().toString();
        for (String id : List.of(nobody, "nonsense", "")) {
            assertThat(reports.records(id, UsageFilter.ALL, null, 10).data()).isEmpty();
            assertThat(reports.totals(id, UsageTotal.By.DAY, UsageFilter.ALL, null, 10)
                            .data())
                    .isEmpty();
            assertThat(database.billing
                            .history()
                            .entries(id, UsageFilter.ALL, null, 10)
                            .data())
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "%%%", "eCB5", "MQ", "MSB4"})
    void a_cursor_of_ones_own_making_is_refused(String cursor) {
        assertThatThrownBy(() -> reports.records(account.id(), UsageFilter.ALL, cursor, 10))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("cursor");
    }

    @Test
    void operators_see_all_accounts_with_what_they_have() {
        Accounts accounts = database.billing.accounts();
        Page<Accounts.Balance> first = accounts.list(null, null, 1);
        assertThat(first.data()).hasSize(1);
        assertThat(first.next()).isNotNull();
        assertThat(accounts.list(null, first.next(), 1).data())
                .singleElement()
                .satisfies(second -> assertThat(second.account())
                        .isNotEqualTo(first.data().getFirst().account()));
        assertThat(accounts.list(account.email().toUpperCase(java.util.Locale.ROOT), null, 10)
                        .data())
                .containsExactly(accounts.balance(account.id()).orElseThrow());
        assertThat(accounts.balance(account.id()).orElseThrow().available())
                .isEqualTo(ledger.available(account.wallet()));
        assertThat(accounts.balance("nobody")).isEmpty();
    }

    @Test
    void credits_are_granted_with_a_reason() {
        Accounts accounts = database.billing.accounts();
        Credits before = ledger.available(account.wallet());

        assertThat(accounts.grant(account.id(), Credits.of(3), "for patience")).contains(before.plus(Credits.of(3)));
        assertThat(database.billing
                        .history()
                        .entries(account.id(), UsageFilter.ALL, null, 1)
                        .data()
                        .getFirst()
                        .reference())
                .startsWith("grant ")
                .endsWith(": for patience");
        assertThat(accounts.grant(UUID.randomUUID().toString(), Credits.of(3), "x"))
                .isEmpty();
        assertThatThrownBy(() -> accounts.grant(account.id(), Credits.ZERO, "x"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> accounts.grant(account.id(), Credits.of(1), " "))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
