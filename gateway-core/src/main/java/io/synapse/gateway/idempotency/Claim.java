package io.synapse.gateway.idempotency;

import java.util.UUID;

/** What came of asking to run a call. */
public sealed interface Claim {
    /** Nobody ran it yet, or whoever did failed: run it, then complete or abandon it. */
    record First() implements Claim {}

    /** Somebody runs it now. */
    record Running() implements Claim {}

    /** The key was used for another request. */
    record Mismatch() implements Claim {}

    /**
     * It ran and succeeded.
     *
     * @param answer what it answered
     */
    record Finished(StoredAnswer answer) implements Claim {}

    /**
     * It ran and was paid for, but its answer is gone: whoever ran it died before the answer was kept, or the store of
     * large answers lost it. It is not run again, since that would charge it again.
     *
     * @param charge what was paid
     */
    record Lost(UUID charge) implements Claim {}
}
