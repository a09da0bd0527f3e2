package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.synapse.gateway.credit.Charge;
import io.synapse.gateway.credit.Charge.State;
import io.synapse.gateway.credit.ChargeLine;
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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * What every {@link CreditLedger} must do. An implementation proves itself with a class that extends this one and
 * makes a ledger; each rule is a test named after it, and the books are audited after each.
 *
 * <p>Every test names wallets of its own, so that one ledger may serve them all, one after the other. Nothing else may
 * call {@link CreditLedger#expire} on it meanwhile.
 */
public abstract class CreditLedgerContract extends LedgerSettleRules {
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
}
