package io.synapse.gateway.idempotency;

import io.synapse.gateway.fault.StoreUnavailableException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.UUID;

/**
 * Remembers which calls run and what those answered that succeeded, by the key that their caller gave them. Keys are a
 * project's own: no project sees another's answers. Safe for use by many threads; every method throws
 * {@link StoreUnavailableException} if the store cannot be asked.
 */
public interface IdempotencyStore {
    /** How long an answer is kept after its call ended. */
    Duration KEPT = Duration.ofHours(24);

    /**
     * What a caller named a call.
     *
     * @param project whose name it is
     * @param key the name
     */
    record Name(String project, String key) {}

    /**
     * Asks to run a call. Of several who ask at once, one is told {@link Claim.First}; from then on the claim is known by
     * its charge.
     *
     * <p>A claim whose lease has run out can be won again, unless its charge turns out to be paid: then the answer is
     * {@link Claim.Lost}, and while it is still held {@link Claim.Running}. A store that knows no charges takes every
     * such claim for unpaid.
     *
     * @param fingerprint what the call is: the same key for another request is a mistake
     * @param charge the charge that the call will have if it runs
     * @param lease how long a claim outlives whoever won it
     */
    Claim claim(Name name, String fingerprint, UUID charge, Duration lease);

    /** Gives the claims of these charges a new lease, counted from now by the store's own clock. */
    void extend(Collection<UUID> charges, Duration lease);

    /** Keeps the answer of a call that succeeded, for {@link #KEPT}. Does nothing if the claim is not the charge's any more. */
    void complete(Name name, UUID charge, StoredAnswer answer);

    /** Frees the key of a call that failed, so that the next try runs. Does nothing if the claim is not the charge's. */
    void abandon(Name name, UUID charge);

    /** A store in this process's memory: for embedding and for tests. Gone with the process. */
    static IdempotencyStore inMemory() {
        return inMemory(InstantSource.system());
    }

    /** An in-memory store that goes by the given clock. */
    static IdempotencyStore inMemory(InstantSource clock) {
        return new InMemoryIdempotencyStore(clock);
    }
}
