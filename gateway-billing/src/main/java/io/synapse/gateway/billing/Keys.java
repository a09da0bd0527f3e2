package io.synapse.gateway.billing;

import io.synapse.gateway.identity.ApiKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The API keys of the accounts' projects. Safe for use by many threads.
 *
 * <p>A key is reached through its account's id: what belongs to another account is as good as not there. Where the
 * database cannot be reached, every method throws {@link io.synapse.gateway.fault.StoreUnavailableException}.
 */
public final class Keys {
    private final Database database;
    private final PostgresKeys cache;
    private final AuditTrail audit;

    Keys(Database database, PostgresKeys cache, AuditTrail audit) {
        this.database = database;
        this.cache = cache;
        this.audit = audit;
    }

    /**
     * Creates a key in one of an account's projects.
     *
     * @return the key with its secret, which cannot be had again
     * @throws NoSuchElementException if the account has no such project
     * @throws IllegalArgumentException if the name is too long
     */
    public IssuedKey create(String account, KeyRequest request) {
        Rows.requireName(request.name());
        Project project = project(account, request.project());
        String secret = ApiKey.generate(request.test(), project.isDefault());
        UUID id = Ids.next();
        insert(id, project, secret, request);
        return new IssuedKey(secret, database.call("look up a key", handle -> key(handle, id)));
    }

    /**
     * Makes sure that a key chosen by an operator exists, as a key of the account's default project; it is a test key
     * if it has a test key's prefix. A key that exists already stays as it is, even if it was revoked.
     *
     * @return whether it was made now
     * @throws IllegalArgumentException if it is no well-formed key of a default project ({@code mmg_live_…},
     *     {@code mmg_test_…}), or belongs to another account
     * @throws NoSuchElementException if there is no such account
     */
    public boolean ensure(String account, String secret, String name) {
        if (!ApiKey.isWellFormed(secret) || !secret.startsWith(ApiKey.prefix(ApiKey.isTest(secret), true))) {
            throw new IllegalArgumentException("a key of one's own starts with mmg_live_ or mmg_test_ and has at least "
                    + ApiKey.SHORTEST + " letters and digits after that");
        }
        Project project = project(account, null);
        UUID id = Ids.next();
        insert(id, project, secret, new KeyRequest(name, null, ApiKey.isTest(secret), null, 0));
        UUID existing = database.call(
                "look up a key",
                handle -> handle.createQuery(database.sql("""
                    SELECT k.id
                      FROM synapse.api_key k
                      JOIN synapse.project p ON p.id = k.project
                     WHERE k.hash = :hash AND p.account = :account
                    """))
                        .bind("hash", ApiKey.hash(secret))
                        .bind("account", UUID.fromString(project.account()))
                        .mapTo(UUID.class)
                        .findOne()
                        .orElseThrow(() -> new IllegalArgumentException("this key belongs to another account")));
        return existing.equals(id);
    }

    /** The project of that id, or the default project for null. */
    private Project project(String account, @Nullable String project) {
        Optional<UUID> id = project == null ? Optional.empty() : Rows.id(project);
        return Rows.id(account)
                .filter(owner -> project == null || id.isPresent())
                .flatMap(owner -> database.call(
                        "find a project",
                        handle -> handle.createQuery(database.sql("""
                            SELECT * FROM synapse.project
                             WHERE account = :account AND deleted IS NULL
                               AND CASE WHEN :project::uuid IS NULL THEN is_default ELSE id = :project::uuid END
                            """))
                                .bind("account", owner)
                                .bindByType("project", id.orElse(null), UUID.class)
                                .map((row, context) -> Projects.project(row))
                                .findOne()))
                .orElseThrow(() -> new NoSuchElementException("no such project"));
    }

    private void insert(UUID id, Project project, String secret, KeyRequest request) {
        byte[] hash = ApiKey.hash(secret);
        AuditTrail.Line line = audit.line("key.create", id);
        database.transaction("create a key", handle -> {
            // The lock keeps the project from being deleted between this look and the key's arrival.
            int made = handle.createUpdate(database.sql("""
                WITH home AS (SELECT id FROM synapse.project WHERE id = :project AND deleted IS NULL FOR SHARE)
                INSERT INTO synapse.api_key
                       (id, project, name, hash, display, test, expires_at, requests_per_minute)
                SELECT :id, home.id, :name, :hash, :display, :test, :expiresAt::timestamptz,
                       :requestsPerMinute::integer
                  FROM home
                    ON CONFLICT (hash) DO NOTHING
                """))
                    .bind("id", id)
                    .bind("project", UUID.fromString(project.id()))
                    .bind("name", request.name())
                    .bind("hash", hash)
                    .bind("display", ApiKey.display(secret))
                    .bind("test", request.test())
                    .bindByType("expiresAt", Rows.time(request.expiresAt()), OffsetDateTime.class)
                    .bindByType(
                            "requestsPerMinute",
                            request.requestsPerMinute() == 0 ? null : request.requestsPerMinute(),
                            Integer.class)
                    .execute();
            if (made == 1) {
                line.write(handle, ApiKey.display(secret) + " in project " + project.id());
            }
            return made;
        });
        cache.forget(hash);
    }

    private StoredKey key(Handle handle, UUID id) {
        return handle.createQuery(database.sql("SELECT * FROM synapse.api_key WHERE id = :id"))
                .bind("id", id)
                .map((row, context) -> storedKey(row))
                .findOne()
                .orElseThrow(() -> new NoSuchElementException("no such project"));
    }

    /** An account's keys in all its projects, the newest first; revoked ones too. */
    public List<StoredKey> list(String account) {
        return Rows.id(account)
                .map(owner -> database.call(
                        "list keys",
                        handle -> handle.createQuery(database.sql("""
                            SELECT k.*
                              FROM synapse.api_key k
                              JOIN synapse.project p ON p.id = k.project
                             WHERE p.account = :account
                             ORDER BY k.created DESC, k.id DESC
                            """))
                                .bind("account", owner)
                                .map((row, context) -> storedKey(row))
                                .list()))
                .orElse(List.of());
    }

    /**
     * Revokes a key: from now on it cannot spend anywhere, and it is refused here at once and by other nodes within
     * half a minute. To revoke it again changes nothing.
     *
     * @return whether the account has such a key
     */
    public boolean revoke(String account, String key) {
        Optional<UUID> owner = Rows.id(account);
        Optional<UUID> id = Rows.id(key);
        if (owner.isEmpty() || id.isEmpty()) {
            return false;
        }
        AuditTrail.Line line = audit.line("key.revoke", id.get());
        Optional<byte[]> hash = database.transaction("revoke a key", handle -> {
            int revoked = handle.createUpdate(database.sql("""
                UPDATE synapse.api_key k
                   SET revoked_at = clock_timestamp()
                  FROM synapse.project p
                 WHERE k.id = :id AND p.id = k.project AND p.account = :account AND k.revoked_at IS NULL
                """))
                    .bind("id", id.get())
                    .bind("account", owner.get())
                    .execute();
            Optional<Revoked> known = handle.createQuery(database.sql("""
                SELECT k.hash, k.display
                  FROM synapse.api_key k
                  JOIN synapse.project p ON p.id = k.project
                 WHERE k.id = :id AND p.account = :account
                """))
                    .bind("id", id.get())
                    .bind("account", owner.get())
                    .map((row, context) -> new Revoked(row.getBytes("hash"), row.getString("display")))
                    .findOne();
            if (revoked == 1) {
                known.ifPresent(now -> line.write(handle, now.display()));
            }
            return known.map(Revoked::hash);
        });
        hash.ifPresent(cache::forget);
        return hash.isPresent();
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Revoked(byte[] hash, String display) {}

    private static StoredKey storedKey(ResultSet row) throws SQLException {
        return new StoredKey(
                row.getString("id"),
                row.getString("project"),
                row.getString("name"),
                row.getString("display"),
                row.getBoolean("test"),
                Rows.instant(row, "created"),
                Rows.instantOrNull(row, "expires_at"),
                Rows.instantOrNull(row, "revoked_at"),
                row.getInt("requests_per_minute"));
    }
}
