package io.synapse.gateway.testkit.simulation;

import io.synapse.gateway.idempotency.Claim;
import io.synapse.gateway.idempotency.IdempotencyStore;
import io.synapse.gateway.idempotency.StoredAnswer;
import java.time.Duration;
import java.util.Collection;
import java.util.UUID;

/** The store of named calls as a node sees it, at the other end of the network. */
final class RemoteStore implements IdempotencyStore {
    private final IdempotencyStore store;
    private final Network network;

    RemoteStore(IdempotencyStore store, Network network) {
        this.store = store;
        this.network = network;
    }

    @Override
    public Claim claim(Name name, String fingerprint, UUID charge, Duration lease) {
        return network.ask("claim " + name.key(), charge, () -> store.claim(name, fingerprint, charge, lease));
    }

    @Override
    public void extend(Collection<UUID> charges, Duration lease) {
        network.send("extend claims", charges, () -> store.extend(charges, lease));
    }

    @Override
    public void complete(Name name, UUID charge, StoredAnswer answer) {
        network.send("complete " + name.key(), charge, () -> store.complete(name, charge, answer));
    }

    @Override
    public void abandon(Name name, UUID charge) {
        network.send("abandon " + name.key(), charge, () -> store.abandon(name, charge));
    }
}
