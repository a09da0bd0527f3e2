package io.synapse.gateway.testkit.simulation;

import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.SettlementJournal;
import io.synapse.gateway.idempotency.IdempotencyStore;
import io.synapse.gateway.limit.RateLimiter;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * What is simulated.
 *
 * @param ledger in the database
 * @param claims in the database: the store of named calls
 * @param limiter in the database
 * @param journal on the disk of each machine
 * @param client stands between each node and the ledger, as a part of the node
 */
record Parts(
        Function<InstantSource, CreditLedger> ledger,
        Function<InstantSource, IdempotencyStore> claims,
        Function<LongSupplier, RateLimiter> limiter,
        Supplier<SettlementJournal> journal,
        UnaryOperator<CreditLedger> client) {
    /** The real ones. */
    static final Parts REAL = new Parts(
            clock -> CreditLedger.inMemory(Map.of(), clock),
            IdempotencyStore::inMemory,
            RateLimiter::inMemory,
            MemoryJournal::new,
            UnaryOperator.identity());

    Parts withLedger(UnaryOperator<CreditLedger> broken) {
        return new Parts(clock -> broken.apply(ledger.apply(clock)), claims, limiter, journal, client);
    }

    Parts withClaims(UnaryOperator<IdempotencyStore> broken) {
        return new Parts(ledger, clock -> broken.apply(claims.apply(clock)), limiter, journal, client);
    }

    Parts withLimiter(Function<LongSupplier, RateLimiter> broken) {
        return new Parts(ledger, claims, broken, journal, client);
    }

    Parts withJournal(Supplier<SettlementJournal> broken) {
        return new Parts(ledger, claims, limiter, broken, client);
    }

    Parts withClient(UnaryOperator<CreditLedger> broken) {
        return new Parts(ledger, claims, limiter, journal, broken);
    }
}
