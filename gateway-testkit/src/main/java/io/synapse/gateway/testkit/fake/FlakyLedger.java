package io.synapse.gateway.testkit.fake;

import io.synapse.gateway.credit.Charge;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.credit.HoldResult;
import io.synapse.gateway.credit.Settled;
import io.synapse.gateway.credit.Settlement;
import io.synapse.gateway.fault.StoreUnavailableException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

/** A ledger that cannot be reached to settle or release, or does not answer, while a test says so. Safe for use by many threads. */
public final class FlakyLedger implements CreditLedger {
    private final CreditLedger books;
    private volatile boolean closingsFail;
    private volatile CountDownLatch answersExtend = new CountDownLatch(0);

    /** One that passes everything on to these books. */
    public FlakyLedger(CreditLedger books) {
        this.books = books;
    }

    /** From now on, settles and releases fail with a {@link StoreUnavailableException}. */
    public void failClosings() {
        closingsFail = true;
    }

    /** From now on, who extends a lease waits. */
    public void hangExtending() {
        answersExtend = new CountDownLatch(1);
    }

    /** From now on, everything goes well again. */
    public void recover() {
        closingsFail = false;
        answersExtend.countDown();
    }

    private void requireClosings() {
        if (closingsFail) {
            throw new StoreUnavailableException("away", null);
        }
    }

    @Override
    public HoldResult hold(HoldRequest request) {
        return books.hold(request);
    }

    @Override
    public Settled settle(Settlement settlement) {
        requireClosings();
        return books.settle(settlement);
    }

    @Override
    public void release(UUID charge) {
        requireClosings();
        books.release(charge);
    }

    @Override
    public void extend(Collection<UUID> charges, Duration lease) {
        try {
            answersExtend.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("interrupted", e);
        }
        books.extend(charges, lease);
    }

    @Override
    public int expire() {
        return books.expire();
    }

    @Override
    public Credits available(String wallet) {
        return books.available(wallet);
    }

    @Override
    public Credits deposit(String wallet, Credits amount, String reference) {
        return books.deposit(wallet, amount, reference);
    }

    @Override
    public Optional<Charge> find(String wallet, String requestId) {
        return books.find(wallet, requestId);
    }

    @Override
    public List<String> audit() {
        return books.audit();
    }
}
