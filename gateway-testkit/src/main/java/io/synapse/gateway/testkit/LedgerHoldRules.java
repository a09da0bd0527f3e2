package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.synapse.gateway.credit.Charge.State;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.credit.HoldResult;
import io.synapse.gateway.credit.HoldResult.Held;
import io.synapse.gateway.credit.HoldResult.InsufficientCredits;
import io.synapse.gateway.credit.Settled;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a hold must do. */
abstract class LedgerHoldRules extends LedgerRules {
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
}
