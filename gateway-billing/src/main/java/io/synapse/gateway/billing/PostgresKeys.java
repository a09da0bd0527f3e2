package io.synapse.gateway.billing;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.synapse.gateway.fault.StoreUnavailableException;
import io.synapse.gateway.identity.ApiKey;
import io.synapse.gateway.identity.Authenticator;
import io.synapse.gateway.identity.Caller;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Tells who bears an API key, from the keys in PostgreSQL and a cache in front of them. Safe for use by many threads.
 *
 * <p>What was looked up holds for half a minute, so a key that another node revoked may still pass here for as long;
 * it cannot spend, because the ledger looks at the key again with every hold. That a key is unknown is remembered for
 * a few seconds, so that a stranger's guesses do not reach the database one by one. A key's own expiry is checked at
 * every use.
 */
final class PostgresKeys implements Authenticator {
    private static final Duration KNOWN_FOR = Duration.ofSeconds(30);
    private static final Duration UNKNOWN_FOR = Duration.ofSeconds(5);
    /** Keys in use stay in the cache under a flood of others: it prefers what is asked for often. */
    private static final int CACHED = 50_000;

    private final Database database;
    private final InstantSource clock;
    /** By the key's hash, never by the key. */
    private final AsyncCache<String, Entry> cache;

    PostgresKeys(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
        this.cache = Caffeine.newBuilder()
                .maximumSize(CACHED)
                .expireAfter(
                        Expiry.creating((String hash, Entry entry) -> entry.caller() == null ? UNKNOWN_FOR : KNOWN_FOR))
                .buildAsync();
    }

    /** What a hash stands for: nobody, or a caller until the key's expiry. */
    private record Entry(@Nullable Caller caller, @Nullable Instant expiresAt) {
        static final Entry NOBODY = new Entry(null, null);
    }

    @Override
    public Optional<Caller> authenticate(String secret) {
        if (!ApiKey.isWellFormed(secret)) {
            return Optional.empty();
        }
        Entry entry = entry(ApiKey.hashHex(secret));
        boolean expired = entry.expiresAt() != null && !entry.expiresAt().isAfter(clock.instant());
        return expired ? Optional.empty() : Optional.ofNullable(entry.caller());
    }

    /** Forgets what is cached about a key, so that a change is seen at once on this node. */
    void forget(byte[] hash) {
        cache.synchronous().invalidate(HexFormat.of().formatHex(hash));
    }

    /** The first to ask for a key looks it up on its own thread; whoever asks meanwhile waits for that. */
    private Entry entry(String hash) {
        CompletableFuture<Entry> mine = new CompletableFuture<>();
        CompletableFuture<Entry> first = cache.asMap().putIfAbsent(hash, mine);
        if (first == null) {
            try {
                Entry entry = lookUp(hash);
                mine.complete(entry);
                return entry;
            } catch (RuntimeException | Error e) {
                mine.cancel(false); // which takes it out of the cache, without a line in the log for each
                throw e;
            }
        }
        try {
            return first.join();
        } catch (CancellationException e) {
            throw new StoreUnavailableException("the database could not look up a key", e);
        }
    }

    private Entry lookUp(String hash) {
        return database.call(
                "look up a key",
                handle -> handle.createQuery(database.sql("""
                    SELECT k.id, k.test, k.expires_at, coalesce(k.requests_per_minute, 0) AS requests_per_minute,
                           p.id AS project, p.is_default, p.allowed_models, p.account, w.id AS wallet
                      FROM synapse.api_key k
                      JOIN synapse.project p ON p.id = k.project
                      JOIN synapse.wallet w ON w.account = p.account AND w.test = k.test
                     WHERE k.hash = :hash AND k.revoked_at IS NULL
                    """))
                        .bind("hash", HexFormat.of().parseHex(hash))
                        .map((row, context) -> entry(row))
                        .findOne()
                        .orElse(Entry.NOBODY));
    }

    private static Entry entry(ResultSet row) throws SQLException {
        OffsetDateTime expiresAt = row.getObject("expires_at", OffsetDateTime.class);
        Array allowedModels = row.getArray("allowed_models");
        Caller caller = new Caller(
                row.getString("account"),
                row.getString("project"),
                row.getBoolean("is_default"),
                row.getString("id"),
                row.getString("wallet"),
                row.getBoolean("test"),
                row.getInt("requests_per_minute"),
                allowedModels == null ? null : Set.copyOf(Arrays.asList((String[]) allowedModels.getArray())));
        return new Entry(caller, expiresAt == null ? null : expiresAt.toInstant());
    }
}
