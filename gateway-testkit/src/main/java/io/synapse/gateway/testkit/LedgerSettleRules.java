package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.synapse.gateway.credit.Charge.State;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.Settled;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How a hold ends: settled, settled late, or released. */
abstract class LedgerSettleRules extends LedgerHoldRules {
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
}
