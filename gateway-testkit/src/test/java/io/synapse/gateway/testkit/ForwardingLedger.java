package io.synapse.gateway.testkit;

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
import java.util.Optional;
import java.util.UUID;

/** A ledger that passes everything on; what is to be broken overrides it. */
public class ForwardingLedger implements CreditLedger {
    protected final CreditLedger ledger;

    protected ForwardingLedger(CreditLedger ledger) {
        this.ledger = ledger;
    }

    @Override
    public HoldResult hold(HoldRequest request) {
        return ledger.hold(request);
    }

    @Override
    public Settled settle(Settlement settlement) {
        return ledger.settle(settlement);
    }

    @Override
    public void release(UUID charge) {
        ledger.release(charge);
    }

    @Override
    public void extend(Collection<UUID> charges, Duration lease) {
        ledger.extend(charges, lease);
    }

    @Override
    public int expire() {
        return ledger.expire();
    }

    @Override
    public Credits available(String wallet) {
        return ledger.available(wallet);
    }

    @Override
    public Credits deposit(String wallet, Credits amount, String reference) {
        return ledger.deposit(wallet, amount, reference);
    }

    @Override
    public Optional<Charge> find(String wallet, String requestId) {
        return ledger.find(wallet, requestId);
    }

    @Override
    public List<String> audit() {
        return ledger.audit();
    }
}
