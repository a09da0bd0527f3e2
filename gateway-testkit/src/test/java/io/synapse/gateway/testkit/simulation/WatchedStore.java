package io.synapse.gateway.testkit.simulation;

import io.synapse.gateway.idempotency.Claim;
import io.synapse.gateway.idempotency.IdempotencyStore;
import io.synapse.gateway.idempotency.StoredAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The store of named calls in the database, compared after every claim with what it should say. */
final class WatchedStore implements IdempotencyStore {
    private final IdempotencyStore store;
    private final Scheduler scheduler;
    private final Map<Name, Known> known = new HashMap<>();
    private final Map<Name, List<UUID>> wins = new LinkedHashMap<>();
    private final Map<Name, Integer> lapses = new HashMap<>();

    private static final class Known {
        final String fingerprint;
        final UUID charge;
        long until;

        @Nullable
        StoredAnswer answer;

        Known(String fingerprint, UUID charge, long until) {
            this.fingerprint = fingerprint;
            this.charge = charge;
            this.until = until;
        }
    }

    WatchedStore(IdempotencyStore store, Scheduler scheduler) {
        this.store = store;
        this.scheduler = scheduler;
    }

    /** The charges that each name stood for, one after the other. */
    Map<Name, List<UUID>> wins() {
        return wins;
    }

    /** How often a name was won because the lease of whoever had it had run out. */
    int lapses(Name name) {
        return lapses.getOrDefault(name, 0);
    }

    @Override
    public Claim claim(Name name, String fingerprint, UUID charge, Duration lease) {
        Known before = known.get(name);
        boolean lapsed = before != null && before.until <= scheduler.nanoTime();
        Claim claim = store.claim(name, fingerprint, charge, lease);
        if (!isRight(claim, lapsed ? null : before, fingerprint)) {
            scheduler.breach("claim of " + name.key() + ": " + claim + ", though "
                    + (before == null ? "nobody has it" : before.charge + " has it"));
        }
        if (claim instanceof Claim.First) {
            known.put(name, new Known(fingerprint, charge, scheduler.nanoTime() + lease.toNanos()));
            wins.computeIfAbsent(name, same -> new ArrayList<>()).add(charge);
            lapses.merge(name, lapsed ? 1 : 0, Integer::sum);
        }
        return claim;
    }

    /** Whether a claim was answered as whoever has the name demands; null if nobody does. */
    private static boolean isRight(Claim claim, @Nullable Known holder, String fingerprint) {
        if (holder == null) {
            return claim instanceof Claim.First;
        }
        if (!holder.fingerprint.equals(fingerprint)) {
            return claim instanceof Claim.Mismatch;
        }
        return holder.answer == null
                ? claim instanceof Claim.Running
                : claim instanceof Claim.Finished finished && finished.answer().equals(holder.answer);
    }

    @Override
    public void extend(Collection<UUID> charges, Duration lease) {
        store.extend(charges, lease);
        for (Known each : known.values()) {
            if (each.answer == null && charges.contains(each.charge)) {
                each.until = scheduler.nanoTime() + lease.toNanos();
            }
        }
    }

    @Override
    public void complete(Name name, UUID charge, StoredAnswer answer) {
        store.complete(name, charge, answer);
        Known mine = running(name, charge);
        if (mine != null) {
            mine.answer = answer;
            mine.until = scheduler.nanoTime() + KEPT.toNanos();
        }
    }

    @Override
    public void abandon(Name name, UUID charge) {
        store.abandon(name, charge);
        if (running(name, charge) != null) {
            known.remove(name);
        }
    }

    private @Nullable Known running(Name name, UUID charge) {
        Known mine = known.get(name);
        return mine != null && mine.answer == null && mine.charge.equals(charge) ? mine : null;
    }
}
