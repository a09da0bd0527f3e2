package io.synapse.gateway.testkit.simulation;

import io.synapse.gateway.credit.Charge;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.credit.HoldResult;
import io.synapse.gateway.credit.Settled;
import io.synapse.gateway.credit.Settlement;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The ledger in the database, compared after every command with what its {@link Books} should say. */
final class WatchedLedger implements CreditLedger {
    private final CreditLedger ledger;
    private final Scheduler scheduler;
    private final Books books = new Books();

    WatchedLedger(CreditLedger ledger, Scheduler scheduler) {
        this.ledger = ledger;
        this.scheduler = scheduler;
    }

    Books books() {
        return books;
    }

    @Override
    public HoldResult hold(HoldRequest request) {
        HoldResult expected = books.hold(request, scheduler.nanoTime());
        HoldResult result;
        try {
            result = ledger.hold(request);
        } catch (IllegalArgumentException e) {
            if (expected != null) {
                scheduler.breach("hold of " + request.charge() + " failed: " + e.getMessage());
            }
            throw e;
        }
        expect("hold of " + request.charge(), expected, result);
        expectAvailable(request.wallet());
        return result;
    }

    @Override
    public Settled settle(Settlement settlement) {
        long expected = books.settle(settlement);
        Settled settled;
        try {
            settled = ledger.settle(settlement);
        } catch (IllegalArgumentException e) {
            if (expected >= 0) {
                scheduler.breach("settle of " + settlement.charge() + " failed: " + e.getMessage());
            }
            throw e;
        }
        expect("paid for " + settlement.charge(), expected, settled.charged().micros());
        expectAvailableAfter(settlement.charge());
        return settled;
    }

    @Override
    public void release(UUID charge) {
        books.release(charge);
        ledger.release(charge);
        expectAvailableAfter(charge);
    }

    @Override
    public void extend(Collection<UUID> charges, Duration lease) {
        books.extend(charges, lease, scheduler.nanoTime());
        ledger.extend(charges, lease);
    }

    @Override
    public int expire() {
        int expected = books.expire(scheduler.nanoTime());
        int expired = ledger.expire();
        expect("expired holds", expected, expired);
        books.wallets().forEach(this::expectAvailable);
        return expired;
    }

    @Override
    public Credits available(String wallet) {
        expectAvailable(wallet);
        return ledger.available(wallet);
    }

    @Override
    public Credits deposit(String wallet, Credits amount, String reference) {
        books.deposit(wallet, amount.micros(), reference);
        Credits now = ledger.deposit(wallet, amount, reference);
        expectAvailable(wallet);
        return now;
    }

    @Override
    public Optional<Charge> find(String wallet, String requestId) {
        return ledger.find(wallet, requestId);
    }

    @Override
    public List<String> audit() {
        return ledger.audit();
    }

    private void expectAvailableAfter(UUID charge) {
        Books.Entry entry = books.entry(charge);
        if (entry != null) {
            expectAvailable(entry.request.wallet());
        }
    }

    private void expectAvailable(String wallet) {
        expect(
                "available in " + wallet,
                books.available(wallet),
                ledger.available(wallet).micros());
    }

    private void expect(String what, @Nullable Object expected, Object found) {
        if (!Objects.equals(expected, found)) {
            scheduler.breach(what + ": " + found + ", which should be " + expected);
        }
    }
}
