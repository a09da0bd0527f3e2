package io.synapse.gateway.credit;

import io.synapse.gateway.fault.StoreUnavailableException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Prepaid money in two phases: an amount is held before a call and resolved exactly once after it. A wallet can never go
 * below zero, whatever the concurrency.
 *
 * <p>Life of a charge: {@code reserved -> settled | released | expired}, and {@code expired -> settled} once more if the
 * true cost arrives late. Every command is idempotent in the charge's id: a caller that lost an answer asks again and
 * gets the same one. Implementations are safe for use by many threads; every method blocks until its effect is durable
 * (as durable as the implementation is) and throws {@link StoreUnavailableException} if that cannot be known.
 */
public interface CreditLedger {
    /**
     * Holds an amount for a call that is about to be made. A refusal leaves nothing behind.
     *
     * @throws IllegalArgumentException if a charge of that id is closed already, or was another one's
     */
    HoldResult hold(HoldRequest request);

    /**
     * Charges the true cost of a call and returns the rest of its hold.
     *
     * <p>A cost above the hold takes the difference from what is available; what even that cannot cover is written off
     * as the charge's shortfall. A charge that is closed already keeps what it has: the answer then tells what that is. A
     * charge that was released costs nothing. One that had expired is charged from what is available now.
     *
     * @throws IllegalArgumentException if there is no such charge
     */
    Settled settle(Settlement settlement);

    /** Returns a whole hold: the call failed. Does nothing to a charge that is closed already. */
    void release(UUID charge);

    /** Gives the named open holds a new lease, counted from now by the ledger's own clock. */
    void extend(Collection<UUID> charges, Duration lease);

    /**
     * Closes every hold whose lease has run out, because whoever took it is dead, and returns its amount.
     *
     * @return how many were closed
     */
    int expire();

    /** What a wallet can spend now; zero for a wallet that never got anything. */
    Credits available(String wallet);

    /**
     * Adds credits to a wallet, making it if need be.
     *
     * @param reference names the deposit: the same reference adds once, however often it is sent
     * @return what the wallet can spend after it
     */
    Credits deposit(String wallet, Credits amount, String reference);

    /** The newest charge that a wallet's request of that id made. */
    Optional<Charge> find(String wallet, String requestId);

    /**
     * Recomputes every law of the books from the entries: what was funded is available, held or spent, no hold is
     * resolved twice, nothing is negative.
     *
     * @return one line per breach; empty when the books are right
     */
    List<String> audit();

    /**
     * A ledger in this process's memory: for embedding without a database, and for tests. Gone with the process. Of closed
     * charges it keeps the last 10,000: it knows no receipt, and no command that comes again, of one before them. The sums
     * that {@link #audit} adds up are kept for good.
     */
    static CreditLedger inMemory() {
        return inMemory(Map.of(), InstantSource.system());
    }

    /** An in-memory ledger with credits in it already. */
    static CreditLedger inMemory(Map<String, Credits> wallets) {
        return inMemory(wallets, InstantSource.system());
    }

    /** An in-memory ledger whose leases run by the given clock. */
    static CreditLedger inMemory(Map<String, Credits> wallets, InstantSource clock) {
        CreditLedger ledger = new InMemoryCreditLedger(clock);
        wallets.forEach((wallet, amount) -> ledger.deposit(wallet, amount, "opening balance of " + wallet));
        return ledger;
    }
}
