package io.synapse.gateway.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.credit.SettlementJournal;
import io.synapse.gateway.idempotency.Claim;
import io.synapse.gateway.idempotency.IdempotencyStore;
import io.synapse.gateway.idempotency.StoredAnswer;
import io.synapse.gateway.limit.RateDecision;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A part that breaks a law is found, and soon: a simulation that finds nothing proves nothing. */
@ExtendWith(Silence.class)
class BrokenPartsTest {
    private static final int SOON = 200;

    /** What the first run says that finds it. */
    private static String found(Parts broken) {
        Seeds.Report report = Seeds.run(broken, 1, SOON, Duration.ofMinutes(5));
        Simulation.Result failure = report.firstFailure();
        assertThat(failure).as("a failing seed among " + SOON).isNotNull();
        assertThat(report.explain(broken))
                .contains("-Dsimulation.first=" + failure.seed())
                .contains("BREACH")
                .doesNotContain("another way");
        return failure.breaches().getFirst();
    }

    @Test
    void a_ledger_that_settles_twice() {
        assertThat(found(Parts.REAL.withLedger(BrokenLedgers.SettlesTwice::new)))
                .contains("available in");
    }

    @Test
    void a_ledger_that_holds_twice() {
        assertThat(found(Parts.REAL.withLedger(BrokenLedgers.HoldsTwice::new)))
                .containsAnyOf("hold of", "expired holds", "available in");
    }

    @Test
    void a_ledger_that_forgets_releases() {
        assertThat(found(Parts.REAL.withLedger(BrokenLedgers.ForgetsReleases::new)))
                .contains("available in");
    }

    @Test
    void a_ledger_that_takes_nothing_for_what_comes_late() {
        assertThat(found(Parts.REAL.withLedger(BrokenLedgers.ForgivesTheLate::new)))
                .containsAnyOf("paid for", "but the ledger has");
    }

    @Test
    void a_node_that_lets_calls_through_while_the_ledger_is_away() {
        assertThat(found(Parts.REAL.withClient(BrokenLedgers.FailsOpen::new))).contains("nothing was ever held");
    }

    @Test
    void a_node_that_gives_up_what_it_could_not_settle() {
        assertThat(found(Parts.REAL.withClient(BrokenLedgers.DropsSettlements::new)))
                .contains("is not settled");
    }

    @Test
    void a_node_that_charges_more_than_was_made() {
        assertThat(found(Parts.REAL.withClient(BrokenLedgers.ChargesDouble::new)))
                .contains("but what was made is worth");
    }

    @Test
    void a_node_that_charges_less_than_its_upstream_does() {
        assertThat(found(Parts.REAL.withClient(BrokenLedgers.ChargesHalf::new))).contains("settled for");
    }

    @Test
    void a_journal_that_forgets_when_its_process_dies() {
        assertThat(found(Parts.REAL.withJournal(SettlementJournal::none))).contains("is not settled");
    }

    @Test
    void a_limiter_that_begins_anew_each_minute() {
        assertThat(found(Parts.REAL.withLimiter(ticker -> {
                    Map<String, Integer> counts = new HashMap<>();
                    return (key, perMinute) -> {
                        long minute = Duration.ofNanos(ticker.getAsLong()).toMinutes();
                        int count = counts.merge(key + minute, 1, Integer::sum);
                        return new RateDecision(count <= perMinute, perMinute, 0, Duration.ZERO, Duration.ZERO);
                    };
                })))
                .contains("the limiter");
    }

    @Test
    void a_store_that_lets_a_running_call_run_again() {
        assertThat(found(Parts.REAL.withClaims(ForgetsClaims::new))).contains("claim of");
    }

    /** Knows the calls that ended, not those that run. */
    private record ForgetsClaims(IdempotencyStore store) implements IdempotencyStore {
        @Override
        public Claim claim(Name name, String fingerprint, UUID charge, Duration lease) {
            Claim claim = store.claim(name, fingerprint, charge, lease);
            return claim instanceof Claim.Running ? new Claim.First() : claim;
        }

        @Override
        public void extend(Collection<UUID> charges, Duration lease) {
            store.extend(charges, lease);
        }

        @Override
        public void complete(Name name, UUID charge, StoredAnswer answer) {
            store.complete(name, charge, answer);
        }

        @Override
        public void abandon(Name name, UUID charge) {
            store.abandon(name, charge);
        }
    }
}
