package io.synapse.gateway.billing;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.synapse.gateway.fault.StoreUnavailableException;
import io.synapse.gateway.limit.RateDecision;
import io.synapse.gateway.limit.RateLimiter;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The limiter in PostgreSQL: one allowance per key for any number of gateway nodes, by the database's clock. Safe for use
 * by many threads.
 *
 * <p>No 60 seconds ever hold more admissions than the limit. For limits up to 120 it is also exact the other way: an
 * admission comes back 60 seconds after it was given. Above that, those of the same half second come back together, 60
 * seconds after the last of them, so that a million a minute take no more room than a hundred; a key that uses its whole
 * allowance gets somewhat less than 1 % less than it. Admissions that the database made but could not tell of (the
 * connection broke) count.
 *
 * <p>An admission is one round trip. A key that is known to be used up is refused without one, as long as the database
 * would refuse it too. The table is not logged: after a crash of the database all keys begin anew.
 */
final class PostgresRateLimiter implements RateLimiter {
    /** Keys whose exhaustion is remembered; those that are not are asked for. */
    private static final int REMEMBERED = 100_000;
    /** What is remembered is trusted this much shorter, 1/n, for clocks that do not run alike. */
    private static final int DRIFT = 1_000;
    /** Connections in use at once: a busy key makes its callers wait, and must not take them all from the ledger. */
    private static final int CONNECTIONS = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int FORGOTTEN_AT_ONCE = 1_000;
    private static final Duration WINDOW = Duration.ofSeconds(60);

    private final Database database;
    private final LongSupplier nanoTicker;
    private final @Nullable LongSupplier microsOfDatabase;
    private final Semaphore connections = new Semaphore(CONNECTIONS, true);
    private final Cache<String, UsedUp> usedUp;

    /**
     * That a key has nothing left, as the database said.
     *
     * @param decision what it said
     * @param asked when it was asked, by the ticker: its answer is no older
     * @param told when it answered: its answer is no younger
     */
    private record UsedUp(RateDecision decision, long asked, long told) {
        /** Whether the database would still refuse: not before all of the wait is over, counted from the earliest. */
        boolean holds(int perMinute, long now) {
            long wait = decision.retryAfter().toNanos();
            return perMinute == decision.limit() && now - asked < wait - wait / DRIFT;
        }

        /** The times that are left, counted from the latest: who waits that long waits long enough. */
        RateDecision refusal(long now) {
            Duration since = Duration.ofNanos(now - told);
            return new RateDecision(
                    false,
                    decision.limit(),
                    0,
                    decision.reset().minus(since),
                    decision.retryAfter().minus(since));
        }
    }

    PostgresRateLimiter(Database database) {
        this(database, System::nanoTime, null);
    }

    /**
     * One that goes by other clocks.
     *
     * @param nanoTicker this node's, in nanoseconds from any origin
     * @param microsOfDatabase stands in for the database's, in microseconds since 1970; null for the real one
     */
    PostgresRateLimiter(Database database, LongSupplier nanoTicker, @Nullable LongSupplier microsOfDatabase) {
        this.database = database;
        this.nanoTicker = nanoTicker;
        this.microsOfDatabase = microsOfDatabase;
        this.usedUp = Caffeine.newBuilder()
                .maximumSize(REMEMBERED)
                .expireAfterWrite(WINDOW)
                .ticker(nanoTicker::getAsLong)
                .build();
    }

    @Override
    public RateDecision admit(String key, int perMinute) {
        if (perMinute < 1) {
            throw new IllegalArgumentException("requests per minute must be 1 or more: " + perMinute);
        }
        RateDecision refused = refusedHere(key, perMinute);
        if (refused != null) {
            return refused;
        }
        enter();
        try {
            // Whoever was in front of this one may have used up the rest.
            refused = refusedHere(key, perMinute);
            return refused == null ? ask(key, perMinute) : refused;
        } finally {
            connections.release();
        }
    }

    private @Nullable RateDecision refusedHere(String key, int perMinute) {
        UsedUp known = usedUp.getIfPresent(key);
        long now = nanoTicker.getAsLong();
        return known != null && known.holds(perMinute, now) ? known.refusal(now) : null;
    }

    private void enter() {
        // As in the database's calls: an interrupt waits until the end.
        boolean interrupted = Thread.interrupted();
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (true) {
                try {
                    if (connections.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                        return;
                    }
                    throw new StoreUnavailableException("the rate limiter is too busy", null);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private RateDecision ask(String key, int perMinute) {
        long asked = nanoTicker.getAsLong();
        RateDecision decision = database.call("ask the rate limit", handle -> admit(handle, key, perMinute));
        if (decision.retryAfter().isPositive()) {
            usedUp.put(key, new UsedUp(decision, asked, nanoTicker.getAsLong()));
        }
        return decision;
    }

    private RateDecision admit(Handle handle, String key, int perMinute) {
        return handle.createQuery(database.sql("SELECT * FROM synapse.admit(:key, :limit, :now)"))
                .bind("key", key)
                .bind("limit", perMinute)
                .bindByType("now", now(), Long.class)
                .map((row, context) -> new RateDecision(
                        row.getBoolean("admitted"),
                        perMinute,
                        (int) Math.max(0, perMinute - row.getLong("used")),
                        Duration.of(row.getLong("reset"), ChronoUnit.MICROS),
                        Duration.of(row.getLong("wait"), ChronoUnit.MICROS)))
                .one();
    }

    private @Nullable Long now() {
        return microsOfDatabase == null ? null : microsOfDatabase.getAsLong();
    }

    /** Forgets keys that had nothing admitted for 60 seconds, a batch at a time. */
    void cleanUp() {
        long forgotten;
        do {
            forgotten = database.call(
                    "forget idle keys",
                    handle -> handle.createQuery(database.sql("SELECT synapse.forget_idle_keys(:most, :now)"))
                            .bind("most", FORGOTTEN_AT_ONCE)
                            .bindByType("now", now(), Long.class)
                            .mapTo(Long.class)
                            .one());
        } while (forgotten == FORGOTTEN_AT_ONCE);
    }
}
