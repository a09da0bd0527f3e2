package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.synapse.gateway.credit.Charge;
import io.synapse.gateway.credit.Charge.State;
import io.synapse.gateway.credit.ChargeLine;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.credit.HoldResult;
import io.synapse.gateway.credit.HoldResult.Held;
import io.synapse.gateway.credit.HoldResult.InsufficientCredits;
import io.synapse.gateway.credit.PriceList;
import io.synapse.gateway.credit.Settled;
import io.synapse.gateway.credit.Settlement;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.credit.UsageSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What every {@link CreditLedger} must do. An implementation proves itself with a class that extends this one and
 * makes a ledger; each rule is a test named after it, and the books are audited after each.
 *
 * <p>Every test names wallets of its own, so that one ledger may serve them all, one after the other. Nothing else may
 * call {@link CreditLedger#expire} on it meanwhile.
 */
@Timeout(60)
public abstract class CreditLedgerContract {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int CALLERS = 64;

    /** One micro-credit per input token. */
    private static final PriceList MICRO_PER_TOKEN = PriceList.perMillionTokens(Credits.of(1), Credits.of(3));

    @RegisterExtension
    final LedgerAudit audit = new LedgerAudit(() -> ledger());

    private CreditLedger ledger = CreditLedger.inMemory();
    private String wallet = "";

    /** A ledger to test: a new one, or the same each time. */
    protected abstract CreditLedger newLedger();

    /**
     * Lets the ledger's clock go on by so much. Where the clock is a real one there is nothing to do: the tests ask
     * until what they wait for has come.
     */
    protected void pass(Duration time) {}

    /** The ledger under test. */
    protected final CreditLedger ledger() {
        return ledger;
    }

    @BeforeEach
    final void openLedger() {
        ledger = newLedger();
        wallet = newWallet();
    }

    // hold

    @Test
    void hold_takes_the_amount_from_what_is_available() {
        deposit(100);

        assertThat(ledger.hold(request(UUID.randomUUID(), 30))).isEqualTo(new Held(micros(30), micros(70)));
        assertThat(available()).isEqualTo(70);
    }

    @Test
    void hold_may_take_all_there_is() {
        deposit(100);

        assertThat(ledger.hold(request(UUID.randomUUID(), 100))).isEqualTo(new Held(micros(100), Credits.ZERO));
    }

    @Test
    void hold_that_does_not_fit_is_refused_and_leaves_nothing() {
        deposit(100);
        HoldRequest tooMuch = request(UUID.randomUUID(), 101);

        assertThat(ledger.hold(tooMuch)).isEqualTo(new InsufficientCredits(micros(100)));
        assertThat(available()).isEqualTo(100);
        assertThat(ledger.find(wallet, tooMuch.requestId())).isEmpty();
    }

    @Test
    void hold_on_a_wallet_that_never_got_anything_is_refused() {
        assertThat(ledger.hold(request(UUID.randomUUID(), 1))).isEqualTo(new InsufficientCredits(Credits.ZERO));
    }

    @Test
    void hold_refused_once_may_be_sent_again_when_there_is_money() {
        HoldRequest request = request(UUID.randomUUID(), 40);
        assertThat(ledger.hold(request)).isInstanceOf(InsufficientCredits.class);
        deposit(50);

        assertThat(ledger.hold(request)).isEqualTo(new Held(micros(40), micros(10)));
    }

    @Test
    void hold_shrinks_to_what_the_wallet_has() {
        deposit(60);

        assertThat(ledger.hold(request(UUID.randomUUID(), 100, 50, LONG)))
                .isEqualTo(new Held(micros(60), Credits.ZERO));
    }

    @Test
    void hold_never_shrinks_below_the_least() {
        deposit(49);

        assertThat(ledger.hold(request(UUID.randomUUID(), 100, 50, LONG)))
                .isEqualTo(new InsufficientCredits(micros(49)));
        assertThat(available()).isEqualTo(49);
    }

    @Test
    void hold_of_nothing_needs_no_money() {
        UUID free = UUID.randomUUID();

        assertThat(ledger.hold(request(free, 0))).isEqualTo(new Held(Credits.ZERO, Credits.ZERO));
        assertThat(ledger.settle(settlement(free, 0))).isEqualTo(new Settled(Credits.ZERO, Credits.ZERO));
        assertThat(find(free).state()).isEqualTo(State.SETTLED);
    }

    @Test
    void hold_sent_again_holds_once_and_answers_the_same() {
        deposit(100);
        HoldRequest request = request(UUID.randomUUID(), 30);

        HoldResult first = ledger.hold(request);

        assertThat(ledger.hold(request)).isEqualTo(first);
        assertThat(available()).isEqualTo(70);
    }

    @Test
    void hold_that_shrank_answers_the_same_when_sent_again() {
        deposit(60);
        HoldRequest request = request(UUID.randomUUID(), 100, 50, LONG);

        HoldResult first = ledger.hold(request);

        assertThat(ledger.hold(request)).isEqualTo(first);
    }

    @Test
    void hold_of_a_closed_charge_is_an_error_and_no_free_ride() {
        deposit(100);
        HoldRequest request = request(UUID.randomUUID(), 30);
        ledger.hold(request);
        ledger.settle(settlement(request.charge(), 10));

        assertThatThrownBy(() -> ledger.hold(request)).isInstanceOf(IllegalArgumentException.class);
        assertThat(available()).isEqualTo(90);
    }

    @Test
    void holds_of_different_wallets_do_not_touch() {
        deposit(10);
        String other = newWallet();
        ledger.deposit(other, micros(50), "first");

        ledger.hold(request(UUID.randomUUID(), 10));

        assertThat(ledger.available(other)).isEqualTo(micros(50));
    }

    @Test
    void many_callers_never_hold_more_than_there_is() {
        deposit(25 * 4);

        List<HoldResult> results = together(CALLERS, i -> ledger.hold(request(UUID.randomUUID(), 4)));

        assertThat(results).filteredOn(Held.class::isInstance).hasSize(25);
        assertThat(results).filteredOn(InsufficientCredits.class::isInstance).hasSize(CALLERS - 25);
        assertThat(available()).isZero();
    }

    @Test
    void many_callers_with_the_same_hold_get_it_once() {
        deposit(100);
        HoldRequest request = request(UUID.randomUUID(), 30);

        List<HoldResult> results = together(16, i -> ledger.hold(request));

        assertThat(results).containsOnly(new Held(micros(30), micros(70)));
    }

    // settle

    @Test
    void settle_charges_the_cost_and_returns_the_rest() {
        deposit(100);
        UUID charge = held(30);

        assertThat(ledger.settle(settlement(charge, 12))).isEqualTo(new Settled(micros(12), micros(88)));
        assertThat(available()).isEqualTo(88);
    }

    @Test
    void settle_may_charge_the_whole_hold() {
        deposit(100);
        UUID charge = held(30);

        assertThat(ledger.settle(settlement(charge, 30))).isEqualTo(new Settled(micros(30), micros(70)));
    }

    @Test
    void settle_of_nothing_returns_the_whole_hold_and_is_a_settled_charge() {
        deposit(100);
        UUID charge = held(30);

        assertThat(ledger.settle(settlement(charge, 0))).isEqualTo(new Settled(Credits.ZERO, micros(100)));
        assertThat(find(charge).state()).isEqualTo(State.SETTLED);
    }

    @Test
    void settle_above_the_hold_takes_the_difference_from_what_is_available() {
        deposit(100);
        UUID charge = held(30);

        assertThat(ledger.settle(settlement(charge, 45))).isEqualTo(new Settled(micros(45), micros(55)));
        assertThat(find(charge).shortfall()).isEqualTo(Credits.ZERO);
    }

    @Test
    void settle_above_everything_takes_everything_and_writes_off_the_rest() {
        deposit(40);
        UUID charge = held(30);

        assertThat(ledger.settle(settlement(charge, 100))).isEqualTo(new Settled(micros(40), Credits.ZERO));
        assertThat(find(charge).charged()).isEqualTo(micros(40));
        assertThat(find(charge).shortfall()).isEqualTo(micros(60));
    }

    @Test
    void settle_above_the_hold_leaves_other_holds_alone() {
        deposit(50);
        UUID other = held(20);
        UUID charge = held(30);

        assertThat(ledger.settle(settlement(charge, 45)).charged()).isEqualTo(micros(30));
        assertThat(ledger.settle(settlement(other, 20)).charged()).isEqualTo(micros(20));
    }

    @Test
    void settle_sent_again_charges_once_and_answers_the_same() {
        deposit(100);
        UUID charge = held(30);

        Settled first = ledger.settle(settlement(charge, 12));

        assertThat(ledger.settle(settlement(charge, 12))).isEqualTo(first);
        assertThat(ledger.settle(settlement(charge, 29))).isEqualTo(first);
        assertThat(available()).isEqualTo(88);
    }

    @Test
    void settle_of_a_released_charge_costs_nothing() {
        deposit(100);
        UUID charge = held(30);
        ledger.release(charge);

        assertThat(ledger.settle(settlement(charge, 12))).isEqualTo(new Settled(Credits.ZERO, micros(100)));
        assertThat(find(charge).state()).isEqualTo(State.RELEASED);
    }

    @Test
    void settle_of_an_unknown_charge_is_an_error() {
        assertThatThrownBy(() -> ledger.settle(settlement(UUID.randomUUID(), 12)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void many_callers_settle_a_charge_once() {
        deposit(1_000);
        UUID charge = held(100);

        List<Settled> results = together(16, i -> ledger.settle(settlement(charge, i)));

        assertThat(results.stream().map(Settled::charged).distinct()).hasSize(1);
        assertThat(available()).isEqualTo(1_000 - results.getFirst().charged().micros());
    }

    @Test
    void settle_and_release_at_once_leave_one_ending() {
        deposit(1_000);
        List<UUID> charges = IntStream.range(0, 16).mapToObj(i -> held(10)).toList();

        together(32, i -> {
            UUID charge = charges.get(i / 2);
            if (i % 2 == 0) {
                ledger.release(charge);
            } else {
                ledger.settle(settlement(charge, 7));
            }
            return true;
        });

        long settled = charges.stream()
                .filter(charge -> find(charge).state() == State.SETTLED)
                .count();
        assertThat(available()).isEqualTo(1_000 - 7 * settled);
    }

    // late settle

    @Test
    void settle_of_an_expired_charge_takes_what_is_available_now() {
        deposit(100);
        UUID charge = expired(30);

        assertThat(ledger.settle(settlement(charge, 12))).isEqualTo(new Settled(micros(12), micros(88)));
        assertThat(find(charge).state()).isEqualTo(State.SETTLED);
        assertThat(find(charge).charged()).isEqualTo(micros(12));
    }

    @Test
    void settle_of_an_expired_charge_writes_off_what_is_gone() {
        deposit(30);
        UUID charge = expired(30);
        held(25);

        assertThat(ledger.settle(settlement(charge, 12))).isEqualTo(new Settled(micros(5), Credits.ZERO));
        assertThat(find(charge).shortfall()).isEqualTo(micros(7));
    }

    @Test
    void settle_of_an_expired_charge_sent_again_charges_once() {
        deposit(100);
        UUID charge = expired(30);

        Settled first = ledger.settle(settlement(charge, 12));

        assertThat(ledger.settle(settlement(charge, 12))).isEqualTo(first);
        assertThat(available()).isEqualTo(88);
    }

    // release

    @Test
    void release_returns_the_whole_hold() {
        deposit(100);
        UUID charge = held(30);

        ledger.release(charge);

        assertThat(available()).isEqualTo(100);
        assertThat(find(charge).state()).isEqualTo(State.RELEASED);
        assertThat(find(charge).charged()).isEqualTo(Credits.ZERO);
    }

    @Test
    void release_sent_again_returns_once() {
        deposit(100);
        UUID charge = held(30);

        ledger.release(charge);
        ledger.release(charge);

        assertThat(available()).isEqualTo(100);
    }

    @Test
    void release_of_a_settled_charge_returns_nothing() {
        deposit(100);
        UUID charge = held(30);
        ledger.settle(settlement(charge, 12));

        ledger.release(charge);

        assertThat(available()).isEqualTo(88);
        assertThat(find(charge).state()).isEqualTo(State.SETTLED);
    }

    @Test
    void release_of_an_unknown_charge_does_nothing() {
        deposit(100);

        ledger.release(UUID.randomUUID());

        assertThat(available()).isEqualTo(100);
    }

    // extend and expire

    @Test
    void expire_returns_a_hold_whose_lease_has_run_out() {
        deposit(100);
        UUID charge = expired(30);

        assertThat(available()).isEqualTo(100);
        assertThat(find(charge).state()).isEqualTo(State.EXPIRED);
        assertThat(find(charge).charged()).isEqualTo(Credits.ZERO);
    }

    @Test
    void expire_leaves_holds_whose_lease_runs() {
        deposit(100);
        UUID alive = held(20);
        UUID dead = expired(30);

        assertThat(find(dead).state()).isEqualTo(State.EXPIRED);
        assertThat(find(alive).state()).isEqualTo(State.RESERVED);
        assertThat(available()).isEqualTo(80);
    }

    @Test
    void expire_counts_what_it_closed() {
        deposit(100);
        for (int i = 0; i < 5; i++) {
            ledger.hold(request(UUID.randomUUID(), 10, 10, SHORT));
        }

        assertThat(awaitExpired(5)).isEqualTo(5);
        assertThat(ledger.expire()).isZero();
        assertThat(available()).isEqualTo(100);
    }

    @Test
    void extend_keeps_a_hold_alive() {
        deposit(100);
        UUID kept = UUID.randomUUID();
        UUID left = UUID.randomUUID();
        ledger.hold(request(kept, 10, 10, SHORT));
        ledger.hold(request(left, 10, 10, SHORT));

        ledger.extend(List.of(kept), LONG);

        assertThat(awaitExpired(1)).isEqualTo(1);
        assertThat(find(kept).state()).isEqualTo(State.RESERVED);
        assertThat(find(left).state()).isEqualTo(State.EXPIRED);
    }

    @Test
    void extend_passes_over_closed_and_unknown_charges() {
        deposit(100);
        UUID closed = held(10);
        UUID open = UUID.randomUUID();
        ledger.settle(settlement(closed, 4));
        ledger.hold(request(open, 10, 10, SHORT));

        ledger.extend(List.of(closed, UUID.randomUUID(), open), LONG);

        pass(SHORT.multipliedBy(2));
        assertThat(ledger.expire()).isZero();
        assertThat(find(closed).state()).isEqualTo(State.SETTLED);
        assertThat(find(open).state()).isEqualTo(State.RESERVED);
    }

    @Test
    void extend_of_nothing_does_nothing() {
        ledger.extend(List.of(), LONG);
    }

    // deposit

    @Test
    void deposit_adds_to_what_is_available() {
        assertThat(ledger.deposit(wallet, micros(70), "first")).isEqualTo(micros(70));
        assertThat(ledger.deposit(wallet, micros(5), "second")).isEqualTo(micros(75));
        assertThat(available()).isEqualTo(75);
    }

    @Test
    void deposit_of_the_same_reference_adds_once() {
        ledger.deposit(wallet, micros(70), "first");

        assertThat(ledger.deposit(wallet, micros(70), "first")).isEqualTo(micros(70));
        assertThat(available()).isEqualTo(70);
    }

    @Test
    void deposits_of_different_wallets_may_share_a_reference() {
        String other = newWallet();
        ledger.deposit(wallet, micros(70), "first");

        assertThat(ledger.deposit(other, micros(8), "first")).isEqualTo(micros(8));
    }

    @Test
    void deposit_beyond_what_can_be_counted_is_an_error_and_adds_nothing() {
        deposit(100);

        assertThatThrownBy(() -> ledger.deposit(wallet, micros(Long.MAX_VALUE), "too much"))
                .isInstanceOf(ArithmeticException.class);
        assertThat(available()).isEqualTo(100);
    }

    @Test
    void many_callers_with_the_same_deposit_add_once() {
        together(16, i -> ledger.deposit(wallet, micros(70), "first"));

        assertThat(available()).isEqualTo(70);
    }

    @Test
    void available_is_zero_for_a_wallet_that_never_got_anything() {
        assertThat(available()).isZero();
    }

    // find

    @Test
    void find_tells_of_an_open_charge() {
        deposit(100);
        UUID id = held(30);

        Charge charge = find(id);

        assertThat(charge.id()).isEqualTo(id);
        assertThat(charge.wallet()).isEqualTo(wallet);
        assertThat(charge.project()).isEqualTo("project");
        assertThat(charge.key()).isEqualTo("key");
        assertThat(charge.model()).isEqualTo("model");
        assertThat(charge.state()).isEqualTo(State.RESERVED);
        assertThat(charge.reserved()).isEqualTo(micros(30));
        assertThat(charge.charged()).isEqualTo(Credits.ZERO);
        assertThat(charge.shortfall()).isEqualTo(Credits.ZERO);
        assertThat(charge.provider()).isNull();
        assertThat(charge.usage()).isNull();
        assertThat(charge.source()).isNull();
        assertThat(charge.priceVersion()).isNull();
        assertThat(charge.lines()).isEmpty();
        assertThat(charge.closed()).isNull();
    }

    @Test
    void find_tells_the_arithmetic_of_a_settled_charge() {
        deposit(100);
        UUID id = held(90);
        PriceList prices = new PriceList(
                Map.of(Unit.INPUT_TOKENS, 1_500_000L, Unit.OUTPUT_TOKENS, 3_000_000L, Unit.REQUESTS, 0L), "2026-11");
        Usage usage = Usage.of(Unit.INPUT_TOKENS, 3, Unit.OUTPUT_TOKENS, 20)
                .with(Unit.CACHED_INPUT_TOKENS, 5)
                .with(Unit.REASONING_TOKENS, 0);

        Settled settled = ledger.settle(Settlement.priced(id, usage, UsageSource.MEASURED, prices, "somebody"));

        Charge charge = find(id);
        assertThat(settled.charged()).isEqualTo(micros(72));
        assertThat(charge.charged()).isEqualTo(micros(72));
        assertThat(charge.state()).isEqualTo(State.SETTLED);
        assertThat(charge.provider()).isEqualTo("somebody");
        assertThat(charge.usage()).isEqualTo(usage);
        assertThat(charge.source()).isEqualTo(UsageSource.MEASURED);
        assertThat(charge.priceVersion()).isEqualTo("2026-11");
        assertThat(charge.lines())
                .extracting(ChargeLine::unit)
                .containsExactly(Unit.INPUT_TOKENS, Unit.CACHED_INPUT_TOKENS, Unit.OUTPUT_TOKENS);
        assertThat(charge.lines()).isEqualTo(prices.lines(usage));
        assertThat(charge.closed()).isNotNull().isAfterOrEqualTo(charge.created());
    }

    @Test
    void find_gives_lines_that_add_up_to_what_was_charged_and_written_off() {
        deposit(40);
        UUID id = held(30);
        ledger.settle(settlement(id, 100));

        Charge charge = find(id);

        assertThat(charge.lines().stream()
                        .mapToLong(line -> line.amount().micros())
                        .sum())
                .isEqualTo(charge.charged().plus(charge.shortfall()).micros());
    }

    @Test
    void find_tells_an_explicit_nothing_from_an_unknown_usage() {
        deposit(100);
        UUID id = held(30);
        ledger.settle(Settlement.priced(
                id, Usage.of(Unit.INPUT_TOKENS, 0), UsageSource.PROVIDER, MICRO_PER_TOKEN, "somebody"));

        assertThat(find(id).usage()).isEqualTo(Usage.of(Unit.INPUT_TOKENS, 0));
        assertThat(find(id).lines()).isEmpty();
    }

    @Test
    void find_gives_the_newest_charge_of_a_request() {
        deposit(100);
        HoldRequest first = request("the same", UUID.randomUUID(), 10, 10, LONG);
        HoldRequest second = request("the same", UUID.randomUUID(), 20, 20, LONG);
        ledger.hold(first);
        ledger.release(first.charge());
        pass(Duration.ofMillis(1));
        ledger.hold(second);

        assertThat(ledger.find(wallet, "the same").map(Charge::id)).contains(second.charge());
    }

    @Test
    void find_does_not_look_into_other_wallets() {
        deposit(100);
        UUID charge = held(10);

        assertThat(ledger.find(newWallet(), requestId(charge))).isEmpty();
        assertThat(ledger.find(wallet, "never sent")).isEmpty();
    }

    // everything at once

    @Test
    void many_callers_doing_everything_keep_the_books_right() {
        deposit(1_000);
        String other = newWallet();
        ledger.deposit(other, micros(200), "first");

        together(32, i -> {
            String from = i % 3 == 0 ? other : wallet;
            for (int n = 0; n < 5; n++) {
                UUID charge = UUID.randomUUID();
                HoldRequest request = new HoldRequest(
                        charge, requestId(charge), from, "project", "key", "model", micros(50), micros(20), LONG);
                if (ledger.hold(request) instanceof Held(Credits reserved, Credits available)) {
                    if ((i + n) % 4 == 0) {
                        ledger.release(charge);
                    } else {
                        ledger.settle(settlement(charge, reserved.micros() / 2 + (n % 3) * reserved.micros()));
                    }
                }
            }
            return true;
        });

        assertThat(ledger.available(wallet).micros()).isBetween(0L, 1_000L);
        assertThat(ledger.available(other).micros()).isBetween(0L, 200L);
    }

    // how the tests speak

    private static Credits micros(long micros) {
        return Credits.ofMicros(micros);
    }

    private static String newWallet() {
        return "wallet-" + UUID.randomUUID();
    }

    private static String requestId(UUID charge) {
        return "req_" + charge;
    }

    private void deposit(long micros) {
        ledger.deposit(wallet, micros(micros), "deposit of the test");
    }

    private long available() {
        return ledger.available(wallet).micros();
    }

    private HoldRequest request(UUID charge, long micros) {
        return request(charge, micros, micros, LONG);
    }

    private HoldRequest request(UUID charge, long amount, long least, Duration lease) {
        return request(requestId(charge), charge, amount, least, lease);
    }

    private HoldRequest request(String requestId, UUID charge, long amount, long least, Duration lease) {
        return new HoldRequest(
                charge, requestId, wallet, "project", "key", "model", micros(amount), micros(least), lease);
    }

    /** An open hold of exactly so much. */
    private UUID held(long micros) {
        UUID charge = UUID.randomUUID();
        assertThat(ledger.hold(request(charge, micros))).isInstanceOf(Held.class);
        return charge;
    }

    /** A hold that has expired. */
    private UUID expired(long micros) {
        UUID charge = UUID.randomUUID();
        assertThat(ledger.hold(request(charge, micros, micros, SHORT))).isInstanceOf(Held.class);
        assertThat(awaitExpired(1)).isEqualTo(1);
        return charge;
    }

    /** Calls {@code expire} until it has closed so many, and gives how many that were. */
    private int awaitExpired(int wanted) {
        pass(SHORT.multipliedBy(2));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int closed = 0;
        do {
            closed += ledger.expire();
        } while (closed < wanted && System.nanoTime() < deadline);
        return closed;
    }

    private static Settlement settlement(UUID charge, long micros) {
        return Settlement.priced(
                charge, Usage.of(Unit.INPUT_TOKENS, micros), UsageSource.PROVIDER, MICRO_PER_TOKEN, "somebody");
    }

    private Charge find(UUID charge) {
        return ledger.find(wallet, requestId(charge)).orElseThrow();
    }

    /** What one of many callers does. */
    @FunctionalInterface
    private interface Caller<T> {
        T call(int number);
    }

    /** Lets many callers start at the same moment, and gives what each got. */
    private static <T> List<T> together(int callers, Caller<T> caller) {
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                int number = i;
                Callable<T> task = () -> {
                    start.await();
                    return caller.call(number);
                };
                futures.add(threads.submit(task));
            }
            start.countDown();
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("a caller failed", e);
        }
    }
}
