package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.credit.Charge;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.credit.HoldResult.Held;
import io.synapse.gateway.credit.PriceList;
import io.synapse.gateway.credit.Settlement;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.credit.UsageSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The ledger under test, and how the rules about it speak. */
@Timeout(60)
abstract class LedgerRules {
    static final Duration LONG = Duration.ofHours(1);
    static final Duration SHORT = Duration.ofMillis(20);
    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final int CALLERS = 64;

    /** One micro-credit per input token. */
    static final PriceList MICRO_PER_TOKEN = PriceList.perMillionTokens(Credits.of(1), Credits.of(3));

    @RegisterExtension
    final LedgerAudit audit = new LedgerAudit(() -> ledger());

    CreditLedger ledger = CreditLedger.inMemory();
    String wallet = "";

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

    static Credits micros(long micros) {
        return Credits.ofMicros(micros);
    }

    static String newWallet() {
        return "wallet-" + UUID.randomUUID();
    }

    static String requestId(UUID charge) {
        return "req_" + charge;
    }

    void deposit(long micros) {
        ledger.deposit(wallet, micros(micros), "deposit of the test");
    }

    long available() {
        return ledger.available(wallet).micros();
    }

    HoldRequest request(UUID charge, long micros) {
        return request(charge, micros, micros, LONG);
    }

    HoldRequest request(UUID charge, long amount, long least, Duration lease) {
        return request(requestId(charge), charge, amount, least, lease);
    }

    HoldRequest request(String requestId, UUID charge, long amount, long least, Duration lease) {
        return new HoldRequest(
                charge, requestId, wallet, "project", "key", "model", micros(amount), micros(least), lease);
    }

    /** An open hold of exactly so much. */
    UUID held(long micros) {
        UUID charge = UUID.randomUUID();
        assertThat(ledger.hold(request(charge, micros))).isInstanceOf(Held.class);
        return charge;
    }

    /** A hold that has expired. */
    UUID expired(long micros) {
        UUID charge = UUID.randomUUID();
        assertThat(ledger.hold(request(charge, micros, micros, SHORT))).isInstanceOf(Held.class);
        assertThat(awaitExpired(1)).isEqualTo(1);
        return charge;
    }

    /** Calls {@code expire} until it has closed so many, and gives how many that were. */
    int awaitExpired(int wanted) {
        pass(SHORT.multipliedBy(2));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int closed = 0;
        do {
            closed += ledger.expire();
        } while (closed < wanted && System.nanoTime() < deadline);
        return closed;
    }

    static Settlement settlement(UUID charge, long micros) {
        return Settlement.priced(
                charge, Usage.of(Unit.INPUT_TOKENS, micros), UsageSource.PROVIDER, MICRO_PER_TOKEN, "somebody");
    }

    Charge find(UUID charge) {
        return ledger.find(wallet, requestId(charge)).orElseThrow();
    }

    /** What one of many callers does. */
    @FunctionalInterface
    interface Caller<T> {
        T call(int number);
    }

    /** Lets many callers start at the same moment, and gives what each got. */
    static <T> List<T> together(int callers, Caller<T> caller) {
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
