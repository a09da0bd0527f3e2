package io.synapse.gateway.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.billing.LedgerCommand.Outcome;
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
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many commands in one call of the SQL function. */
class LedgerBatchTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final PriceList MICRO_PER_TOKEN = PriceList.perMillionTokens(Credits.of(1), Credits.of(1));
    private static TestDatabase database;

    @RegisterExtension
    final LedgerAudit audit = new LedgerAudit(() -> database.billing.ledger());

    private final CreditLedger ledger = database.billing.ledger();

    @BeforeAll
    static void open() throws SQLException {
        database = new TestDatabase(LedgerBatchTest.class);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void a_mixed_batch_is_answered_in_its_order() {
        String wallet = wallet(100);
        UUID toSettle = held(wallet, 20);
        UUID toRelease = held(wallet, 30);
        UUID toExtend = held(wallet, 10);
        UUID fresh = UUID.randomUUID();

        List<Outcome> outcomes = database.apply(List.of(
                hold(fresh, wallet, 80),
                LedgerCommand.settle(settlement(toSettle, 15)),
                LedgerCommand.extend(toExtend, LONG),
                LedgerCommand.release(toRelease),
                LedgerTwin.expire(toExtend),
                LedgerCommand.deposit(wallet, Credits.ofMicros(7), "more"),
                LedgerCommand.release(UUID.randomUUID()),
                hold(UUID.randomUUID(), wallet, 3)));

        assertThat(outcomes)
                .containsExactly(
                        new Outcome("held", 80, 2),
                        new Outcome("settled", 15, 45),
                        new Outcome("reserved", 0, 45),
                        new Outcome("released", 0, 75),
                        new Outcome("unchanged", 0, 75),
                        new Outcome("deposited", 0, 82),
                        new Outcome("unknown", 0, 0),
                        new Outcome("insufficient", 0, 2));
    }

    @Test
    void money_that_comes_back_in_a_batch_is_there_for_its_holds() {
        String wallet = wallet(50);
        UUID running = held(wallet, 50);

        List<Outcome> outcomes = database.apply(
                List.of(hold(UUID.randomUUID(), wallet, 45), LedgerCommand.settle(settlement(running, 5))));

        assertThat(outcomes).extracting(Outcome::code).containsExactly("held", "settled");
    }

    @Test
    void a_hold_that_does_not_fit_does_not_block_smaller_ones_behind_it() {
        String wallet = wallet(10);

        List<Outcome> outcomes = database.apply(List.of(
                hold(UUID.randomUUID(), wallet, 6),
                hold(UUID.randomUUID(), wallet, 5),
                hold(UUID.randomUUID(), wallet, 4),
                hold(UUID.randomUUID(), wallet, 1)));

        assertThat(outcomes).extracting(Outcome::code).containsExactly("held", "insufficient", "held", "insufficient");
    }

    @Test
    void one_hot_wallet_takes_a_whole_batch() {
        String wallet = wallet(100);
        List<LedgerCommand> batch = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            batch.add(hold(UUID.randomUUID(), wallet, 1));
        }

        assertThat(database.apply(batch))
                .filteredOn(outcome -> outcome.code().equals("held"))
                .hasSize(100);
        assertThat(ledger.available(wallet)).isEqualTo(Credits.ZERO);
    }

    @Test
    void a_batch_sent_again_changes_nothing() {
        String wallet = wallet(100);
        UUID settled = held(wallet, 20);
        List<LedgerCommand> batch = List.of(
                hold(UUID.randomUUID(), wallet, 10),
                LedgerCommand.settle(settlement(settled, 12)),
                LedgerCommand.deposit(wallet, Credits.ofMicros(5), "again"));

        List<Outcome> first = database.apply(batch);
        Credits available = ledger.available(wallet);
        List<Outcome> second = database.apply(batch);

        assertThat(second)
                .extracting(Outcome::code)
                .isEqualTo(first.stream().map(Outcome::code).toList());
        assertThat(second)
                .extracting(Outcome::amount)
                .isEqualTo(first.stream().map(Outcome::amount).toList());
        assertThat(ledger.available(wallet)).isEqualTo(available);
    }

    @Test
    void the_same_command_twice_in_a_batch_is_done_once() {
        String wallet = wallet(100);
        UUID settled = held(wallet, 20);
        UUID fresh = UUID.randomUUID();

        List<Outcome> outcomes = database.apply(List.of(
                hold(fresh, wallet, 10),
                hold(fresh, wallet, 10),
                LedgerCommand.settle(settlement(settled, 12)),
                LedgerCommand.settle(settlement(settled, 19)),
                LedgerCommand.release(settled),
                LedgerCommand.deposit(wallet, Credits.ofMicros(5), "twice"),
                LedgerCommand.deposit(wallet, Credits.ofMicros(5), "twice")));

        assertThat(outcomes)
                .extracting(Outcome::code)
                .containsExactly("held", "held", "settled", "settled", "settled", "deposited", "deposited");
        assertThat(outcomes.get(3).amount()).isEqualTo(12);
        assertThat(ledger.available(wallet)).isEqualTo(Credits.ofMicros(100 - 12 + 5 - 10));
    }

    @Test
    void a_charge_of_another_request_is_a_conflict() {
        String wallet = wallet(100);
        UUID charge = held(wallet, 20);

        assertThat(database.apply(List.of(hold(charge, wallet(50), 20))))
                .extracting(Outcome::code)
                .containsExactly("conflict");
    }

    @Test
    void an_empty_batch_is_nothing() {
        assertThat(database.apply(List.of())).isEmpty();
    }

    @Test
    void batches_at_once_wait_for_each_other_and_never_in_a_circle() throws Exception {
        Account account = database.account(100_000);
        List<Project> projects = new ArrayList<>();
        List<String> wallets = new ArrayList<>(List.of(account.wallet(), account.testWallet()));
        for (int i = 0; i < 4; i++) {
            SpendCap cap =
                    new SpendCap(Credits.ofMicros(500), i % 2 == 0 ? SpendCap.Period.TOTAL : SpendCap.Period.MONTH);
            projects.add(database.billing.projects().create(account.id(), "p" + i, cap, null));
            wallets.add(wallet(10_000));
        }
        try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int writer = 0; writer < 8; writer++) {
                Random random = new Random(writer);
                all.add(writers.submit(() -> {
                    List<UUID> open = new ArrayList<>();
                    for (int round = 0; round < 8; round++) {
                        List<LedgerCommand> batch = new ArrayList<>();
                        open.forEach(charge -> batch.add(
                                random.nextBoolean()
                                        ? LedgerCommand.release(charge)
                                        : LedgerCommand.settle(settlement(charge, random.nextInt(30)))));
                        open.clear();
                        for (int i = 0; i < 20; i++) {
                            UUID charge = UUID.randomUUID();
                            batch.add(LedgerCommand.hold(new HoldRequest(
                                    charge,
                                    "r" + charge,
                                    wallets.get(random.nextInt(wallets.size())),
                                    projects.get(random.nextInt(projects.size()))
                                            .id(),
                                    "k",
                                    "m",
                                    Credits.ofMicros(20),
                                    Credits.ofMicros(5),
                                    LONG)));
                            open.add(charge);
                        }
                        Collections.shuffle(batch, random);
                        // Goes past what would try again: a deadlock fails the test.
                        database.apply(batch);
                    }
                }));
            }
            for (Future<?> writer : all) {
                writer.get();
            }
        }
    }

    /** The database and the ledger in memory, given the same commands, say the same: the one is the other's oracle. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void batches_of_anything_do_what_the_same_commands_do_one_by_one(long seed) {
        Random random = new Random(seed);
        CreditLedger oracle = CreditLedger.inMemory();
        List<String> wallets = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            long funds = random.nextInt(500);
            String wallet = wallet(funds);
            oracle.deposit(wallet, Credits.ofMicros(funds), "funds");
            wallets.add(wallet);
        }
        List<UUID> charges = new ArrayList<>();
        for (int round = 0; round < 12; round++) {
            List<LedgerCommand> batch = new ArrayList<>();
            List<Runnable> checks = new ArrayList<>();
            List<Outcome> answers = new ArrayList<>();
            List<UUID> open = new ArrayList<>(charges);
            Collections.shuffle(open, random);
            // The function does what brings money back first, so the oracle is given that order too.
            for (UUID charge : open.subList(0, Math.min(open.size(), random.nextInt(12)))) {
                int at = batch.size();
                if (random.nextInt(3) == 0) {
                    batch.add(LedgerCommand.release(charge));
                    checks.add(() -> oracle.release(charge));
                } else {
                    Settlement settlement = settlement(charge, random.nextInt(80));
                    batch.add(LedgerCommand.settle(settlement));
                    checks.add(() -> assertThat(answers.get(at).amount())
                            .isEqualTo(oracle.settle(settlement).charged().micros()));
                }
            }
            for (int i = random.nextInt(20); i > 0; i--) {
                int at = batch.size();
                UUID charge = UUID.randomUUID();
                int amount = random.nextInt(60);
                HoldRequest request =
                        request(charge, wallets.get(random.nextInt(4)), amount, random.nextInt(amount + 1));
                batch.add(LedgerCommand.hold(request));
                checks.add(() -> {
                    HoldResult expected = oracle.hold(request);
                    if (expected instanceof HoldResult.Held held) {
                        charges.add(charge);
                        assertThat(answers.get(at))
                                .isEqualTo(new Outcome(
                                        "held",
                                        held.reserved().micros(),
                                        held.available().micros()));
                    } else {
                        assertThat(answers.get(at).code()).isEqualTo("insufficient");
                    }
                });
            }
            answers.addAll(database.apply(batch));
            checks.forEach(Runnable::run);
            for (String wallet : wallets) {
                assertThat(ledger.available(wallet)).isEqualTo(oracle.available(wallet));
            }
        }
    }

    private String wallet(long micros) {
        String wallet = "wallet-" + UUID.randomUUID();
        ledger.deposit(wallet, Credits.ofMicros(micros), "funds");
        return wallet;
    }

    private UUID held(String wallet, long micros) {
        UUID charge = UUID.randomUUID();
        assertThat(ledger.hold(request(charge, wallet, micros, micros))).isInstanceOf(HoldResult.Held.class);
        return charge;
    }

    private static LedgerCommand hold(UUID charge, String wallet, long micros) {
        return LedgerCommand.hold(request(charge, wallet, micros, micros));
    }

    private static HoldRequest request(UUID charge, String wallet, long amount, long least) {
        return new HoldRequest(
                charge, "r" + charge, wallet, "p", "k", "m", Credits.ofMicros(amount), Credits.ofMicros(least), LONG);
    }

    private static Settlement settlement(UUID charge, long micros) {
        return Settlement.priced(
                charge, Usage.of(Unit.INPUT_TOKENS, micros), UsageSource.PROVIDER, MICRO_PER_TOKEN, "somebody");
    }
}
