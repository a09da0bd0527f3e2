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
import java.util.Optional;
import java.util.UUID;

/** The ledger as a node sees it, at the other end of the network. */
final class RemoteLedger implements CreditLedger {
    private final CreditLedger ledger;
    private final Network network;

    RemoteLedger(CreditLedger ledger, Network network) {
        this.ledger = ledger;
        this.network = network;
    }

    @Override
    public HoldResult hold(HoldRequest request) {
        return network.ask("hold", request.charge(), () -> ledger.hold(request));
    }

    @Override
    public Settled settle(Settlement settlement) {
        return network.ask("settle", settlement.charge(), () -> ledger.settle(settlement));
    }

    @Override
    public void release(UUID charge) {
        network.send("release", charge, () -> ledger.release(charge));
    }

    @Override
    public void extend(Collection<UUID> charges, Duration lease) {
        network.send("extend", charges, () -> ledger.extend(charges, lease));
    }

    @Override
    public int expire() {
        return network.ask("expire", "", ledger::expire);
    }

    @Override
    public Credits available(String wallet) {
        return network.ask("available", wallet, () -> ledger.available(wallet));
    }

    @Override
    public Credits deposit(String wallet, Credits amount, String reference) {
        return network.ask("deposit", reference, () -> ledger.deposit(wallet, amount, reference));
    }

    @Override
    public Optional<Charge> find(String wallet, String requestId) {
        return network.ask("find", requestId, () -> ledger.find(wallet, requestId));
    }

    @Override
    public List<String> audit() {
        return network.ask("audit", "", ledger::audit);
    }
}
