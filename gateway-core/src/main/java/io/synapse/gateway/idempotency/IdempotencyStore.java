package io.synapse.gateway.idempotency;

import io.synapse.gateway.fault.StoreUnavailableException;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Remembers which calls run and what those answered that succeeded, by the key that their caller gave them. Keys are a
 * project's own: no project sees another's answers. Safe for use by many threads; every method throws
 * {@link StoreUnavailableException} if the store cannot be asked.
 */
public interface IdempotencyStore {
    /** How long an answer is kept after its call ended. */
    Duration KEPT = Duration.ofHours(24);

    /**
     * Asks to run a call. Of several who ask at once, one is told {@link Claim.First}.
     *
     * @param project whose key
     * @param key the caller's name of the call
     * @param fingerprint what the call is: the same key for another request is a mistake
     * @param lease how long a claim outlives whoever won it; from then on the key is free again
     */
    Claim claim(String project, String key, String fingerprint, Duration lease);

    /** Keeps the answer of a call that succeeded, for {@link #KEPT}. Only for who was told {@link Claim.First}. */
    void complete(String project, String key, StoredAnswer answer);

    /** Frees the key of a call that failed, so that the next try runs. Only for who was told {@link Claim.First}. */
    void abandon(String project, String key);

    /** A store in this process's memory: for embedding and for tests. Gone with the process. */
    static IdempotencyStore inMemory() {
        return inMemory(InstantSource.system());
    }

    /** An in-memory store that goes by the given clock. */
    static IdempotencyStore inMemory(InstantSource clock) {
        return new InMemoryIdempotencyStore(clock);
    }
}
