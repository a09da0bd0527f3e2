package io.synapse.gateway.idempotency;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The store in memory. What is past its time is dropped when new calls come. */
final class InMemoryIdempotencyStore implements IdempotencyStore {
    /** With more entries than this, those past their time are dropped now and then. */
    private static final int SWEEP_ABOVE = 1_000;

    private static final Duration SWEEP_EVERY = Duration.ofMinutes(1);

    private final InstantSource clock;
    private final ConcurrentHashMap<Name, Entry> entries = new ConcurrentHashMap<>();
    private volatile Instant lastSweep;

    /** A call that runs, without an answer, or one that ended, with it. */
    private record Entry(
            String fingerprint, UUID charge, @Nullable StoredAnswer answer, Instant until) {}

    InMemoryIdempotencyStore(InstantSource clock) {
        this.clock = clock;
        this.lastSweep = clock.instant();
    }

    @Override
    public Claim claim(Name name, String fingerprint, UUID charge, Duration lease) {
        Instant now = clock.instant();
        sweep(now);
        boolean[] first = new boolean[1];
        Entry holder = entries.compute(name, (same, known) -> {
            first[0] = known == null || isOver(known, now);
            return first[0] || known == null ? new Entry(fingerprint, charge, null, now.plus(lease)) : known;
        });
        if (first[0]) {
            return new Claim.First();
        }
        if (!holder.fingerprint().equals(fingerprint)) {
            return new Claim.Mismatch();
        }
        StoredAnswer answer = holder.answer();
        return answer == null ? new Claim.Running() : new Claim.Finished(answer);
    }

    @Override
    public void extend(Collection<UUID> charges, Duration lease) {
        Instant until = clock.instant().plus(lease);
        Set<UUID> named = Set.copyOf(charges);
        entries.replaceAll((name, known) -> runs(known) && named.contains(known.charge())
                ? new Entry(known.fingerprint(), known.charge(), null, until)
                : known);
    }

    @Override
    public void complete(Name name, UUID charge, StoredAnswer answer) {
        Instant until = clock.instant().plus(KEPT);
        entries.computeIfPresent(
                name,
                (same, known) -> runs(known) && known.charge().equals(charge)
                        ? new Entry(known.fingerprint(), charge, answer, until)
                        : known);
    }

    @Override
    public void abandon(Name name, UUID charge) {
        entries.computeIfPresent(
                name, (same, known) -> runs(known) && known.charge().equals(charge) ? null : known);
    }

    private static boolean runs(Entry entry) {
        return entry.answer() == null;
    }

    private static boolean isOver(Entry entry, Instant now) {
        return !entry.until().isAfter(now);
    }

    private void sweep(Instant now) {
        if (entries.size() > SWEEP_ABOVE && now.isAfter(lastSweep.plus(SWEEP_EVERY))) {
            lastSweep = now;
            entries.values().removeIf(entry -> isOver(entry, now));
        }
    }
}
