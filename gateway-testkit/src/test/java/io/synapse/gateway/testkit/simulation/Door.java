package io.synapse.gateway.testkit.simulation;

import io.synapse.gateway.Admission;
import io.synapse.gateway.Receipt;
import io.synapse.gateway.fault.StoreUnavailableException;
import io.synapse.gateway.idempotency.Claim;
import io.synapse.gateway.idempotency.IdempotencyStore;
import io.synapse.gateway.idempotency.IdempotencyStore.Name;
import io.synapse.gateway.idempotency.StoredAnswer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** A node's way to run named calls once: claim, call, and keep the answer before it is given or free the name. */
final class Door {
    private static final Duration LEASE = Duration.ofMinutes(2);
    private static final int TRIES = 4;

    private final IdempotencyStore store;
    private final Machine machine;

    /** Somebody else runs it, or ran another call of that name. */
    static final class NotNow extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotNow(Claim claim) {
            super(claim.toString());
        }
    }

    Door(IdempotencyStore store, Machine machine) {
        this.store = store;
        this.machine = machine;
    }

    /** Makes a call, or finds out what it answered before: the charge of the answer. */
    UUID call(Admission admission, String key, String fingerprint, Function<Admission, Receipt> call) {
        Name name = new Name(admission.caller().project(), key);
        UUID charge = machine.newCharge();
        Claim claim = store.claim(name, fingerprint, charge, LEASE);
        if (claim instanceof Claim.Finished finished) {
            return UUID.fromString(new String(finished.answer().body(), StandardCharsets.UTF_8));
        }
        if (!(claim instanceof Claim.First)) {
            throw new NotNow(claim);
        }
        Receipt receipt;
        try {
            receipt = call.apply(admission.inBackground(charge));
        } catch (RuntimeException e) {
            insist(() -> store.abandon(name, charge));
            throw e;
        }
        byte[] body = charge.toString().getBytes(StandardCharsets.UTF_8);
        insist(() -> store.complete(name, charge, new StoredAnswer(200, Map.of(), body)));
        return receipt.charge();
    }

    private static void insist(Runnable request) {
        for (int i = 0; i < TRIES; i++) {
            try {
                request.run();
                return;
            } catch (StoreUnavailableException | Network.BrokenException e) {
                // Once more; after that the lease decides.
            }
        }
    }
}
