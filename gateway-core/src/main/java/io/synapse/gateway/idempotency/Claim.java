package io.synapse.gateway.idempotency;

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
}
