package io.synapse.gateway.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.credit.HoldResult;
import io.synapse.gateway.fault.StoreUnavailableException;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HoldSweeperTest {
    private static final Duration OFTEN = Duration.ofMillis(5);

    @Test
    void sweeps_again_after_a_failure() throws InterruptedException {
        CountDownLatch turns = new CountDownLatch(5);
        CreditLedger failing = expiring(() -> {
            turns.countDown();
            throw new StoreUnavailableException("down", null);
        });
        HoldSweeper sweeper = HoldSweeper.start(failing, OFTEN);
        assertThat(turns.await(20, TimeUnit.SECONDS)).isTrue();
        sweeper.close();
    }

    @Test
    void stops_when_it_is_closed() throws InterruptedException {
        CountDownLatch turns = new CountDownLatch(2);
        int[] count = new int[1];
        HoldSweeper sweeper = HoldSweeper.start(
                expiring(() -> {
                    turns.countDown();
                    return count[0]++;
                }),
                OFTEN);
        assertThat(turns.await(20, TimeUnit.SECONDS)).isTrue();
        sweeper.close();
        int atClose = count[0];

        assertThat(new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(count[0]).isEqualTo(atClose);
    }

    @Test
    void needs_a_pause() {
        assertThatThrownBy(() -> HoldSweeper.start(CreditLedger.inMemory(), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void an_open_billing_returns_what_a_dead_node_held() throws SQLException {
        try (TestDatabase database = new TestDatabase(HoldSweeperTest.class)) {
            CreditLedger ledger = database.billing.ledger();
            ledger.deposit("ada", Credits.ofMicros(10), "funds");
            HoldRequest abandoned = new HoldRequest(
                    UUID.randomUUID(),
                    "r",
                    "ada",
                    "p",
                    "k",
                    "m",
                    Credits.ofMicros(10),
                    Credits.ofMicros(10),
                    Duration.ofMillis(1));
            assertThat(ledger.hold(abandoned)).isInstanceOf(HoldResult.Held.class);

            try (Billing other = Billing.open(database.pool, database.options.withSweepEvery(OFTEN))) {
                long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
                while (ledger.available("ada").isZero() && System.nanoTime() < deadline) {
                    Thread.onSpinWait();
                }
                assertThat(other.ledger().available("ada")).isEqualTo(Credits.ofMicros(10));
            }
            assertThat(ledger.audit()).isEmpty();
        }
    }

    private interface Expiring {
        int expire();
    }

    /** A ledger of which only {@code expire} is called. */
    private static CreditLedger expiring(Expiring expiring) {
        return (CreditLedger) Proxy.newProxyInstance(
                HoldSweeperTest.class.getClassLoader(),
                new Class<?>[] {CreditLedger.class},
                (proxy, method, arguments) -> {
                    if (!method.getName().equals("expire")) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    return expiring.expire();
                });
    }
}
