package io.synapse.gateway.billing;

import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.identity.ApiKey;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * The accounts, their projects and their API keys. Safe for use by many threads.
 *
 * <p>Everything of an account's is reached through the account's id: what belongs to another is as good as not there.
 * Where the database cannot be reached, every method throws
 * {@link io.synapse.gateway.fault.StoreUnavailableException}.
 */
public final class Accounts {
    /** What the test wallet of a new account holds. */
    public static final Credits TEST_CREDITS = Credits.of(1_000_000);

    private static final String ACCOUNT = """
        SELECT a.*, p.id AS default_project, live.id AS wallet, test.id AS test_wallet
          FROM synapse.account a
          JOIN synapse.project p ON p.account = a.id AND p.is_default
          JOIN synapse.wallet live ON live.account = a.id AND NOT live.test
          JOIN synapse.wallet test ON test.account = a.id AND test.test
        """;

    private static final String DUPLICATE = "23505";

    private final Database database;
    private final PostgresKeys keys;
    private final Passwords passwords;

    Accounts(Database database, PostgresKeys keys, Passwords passwords) {
        this.database = database;
        this.keys = keys;
        this.passwords = passwords;
    }

    /**
     * Creates an account with its default project, a live wallet with the starter credits and a test wallet with
     * {@link #TEST_CREDITS}: all of it, or nothing.
     *
     * @param email where to reach them; leading and trailing blanks are dropped
     * @param name what to call them, 200 characters at most; may be empty
     * @param password what they sign in with, or null for an account that nobody signs in to
     * @param starterCredits what they get for nothing; may be zero
     * @throws EmailTakenException if another account has the address, in whatever case
     * @throws IllegalArgumentException if the address is none, or the name or the password is too long
     */
    public Account create(
            String email, String name, Account.Role role, @Nullable String password, Credits starterCredits) {
        String address = email.strip();
        if (!looksLikeEmail(address)) {
            throw new IllegalArgumentException("'" + address + "' is no email address");
        }
        requireShort(name);
        // Outside the transaction: hashing takes a tenth of a second, and ids made once make a second try harmless.
        String hash = password == null ? null : passwords.hash(password);
        UUID account = Ids.next();
        UUID project = Ids.next();
        try {
            return database.transaction("create an account", handle -> {
                int made = handle.createUpdate(database.sql("""
                    INSERT INTO synapse.account (id, email, name, role, password_hash)
                    VALUES (:id, :email, :name, :role, :hash)
                        ON CONFLICT (id) DO NOTHING
                    """))
                        .bind("id", account)
                        .bind("email", address)
                        .bind("name", name)
                        .bind("role", role.name().toLowerCase(Locale.ROOT))
                        .bind("hash", hash)
                        .execute();
                if (made == 1) {
                    furnish(handle, account, project, starterCredits);
                }
                return find(handle, account).orElseThrow();
            });
        } catch (JdbiException e) {
            if (DUPLICATE.equals(Database.sqlState(e))) {
                throw new EmailTakenException();
            }
            throw e;
        }
    }

    private void furnish(Handle handle, UUID account, UUID project, Credits starterCredits) {
        handle.createUpdate(database.sql("""
            INSERT INTO synapse.project (id, account, name, is_default)
            VALUES (:id, :account, 'Default', true)
            """))
                .bind("id", project)
                .bind("account", account)
                .execute();
        String live = account.toString();
        String test = account + "-test";
        handle.createUpdate(database.sql("""
            INSERT INTO synapse.wallet (id, account, test)
            VALUES (:live, :account, false), (:test, :account, true)
            """))
                .bind("live", live)
                .bind("test", test)
                .bind("account", account)
                .execute();
        LedgerCommand testCredits = LedgerCommand.deposit(test, TEST_CREDITS, "test credits");
        LedgerCommand starter = LedgerCommand.deposit(live, starterCredits, "starter credits");
        LedgerCommand.apply(
                database, handle, starterCredits.isZero() ? List.of(testCredits) : List.of(starter, testCredits));
    }

    /** The account of that id. */
    public Optional<Account> find(String account) {
        return id(account).flatMap(id -> database.call("find an account", handle -> find(handle, id)));
    }

    private Optional<Account> find(Handle handle, UUID account) {
        return handle.createQuery(database.sql(ACCOUNT + "WHERE a.id = :id"))
                .bind("id", account)
                .map((row, context) -> account(row))
                .findOne();
    }

    /** The account with that email address, in whatever case. */
    public Optional<Account> findByEmail(String email) {
        return database.call(
                "find an account",
                handle -> handle.createQuery(database.sql(ACCOUNT + "WHERE lower(a.email) = lower(:email)"))
                        .bind("email", email.strip())
                        .map((row, context) -> account(row))
                        .findOne());
    }

    /**
     * The account with that email address and password, or empty: whether it was the one or the other that was wrong is
     * not told, not even by the time it takes.
     */
    public Optional<Account> signIn(String email, String password) {
        record Candidate(Account account, @Nullable String hash) {}
        Optional<Candidate> candidate = database.call(
                "find an account",
                handle -> handle.createQuery(database.sql(ACCOUNT + "WHERE lower(a.email) = lower(:email)"))
                        .bind("email", email.strip())
                        .map((row, context) -> new Candidate(account(row), row.getString("password_hash")))
                        .findOne());
        boolean matches =
                passwords.matches(password, candidate.map(Candidate::hash).orElse(null));
        return matches ? candidate.map(Candidate::account) : Optional.empty();
    }

    /**
     * Fills an account's test wallet up to {@link #TEST_CREDITS} again.
     *
     * @return what the test wallet holds now
     */
    public Credits refillTestCredits(Account account) {
        String reference = "test credits " + Ids.next();
        return database.transaction("refill test credits", handle -> {
            long available = handle.createQuery(
                            database.sql("SELECT available FROM synapse.wallet WHERE id = :wallet FOR UPDATE"))
                    .bind("wallet", account.testWallet())
                    .mapTo(Long.class)
                    .one();
            long missing = TEST_CREDITS.micros() - available;
            if (missing <= 0) {
                return Credits.ofMicros(available);
            }
            LedgerCommand refill = LedgerCommand.deposit(account.testWallet(), Credits.ofMicros(missing), reference);
            return Credits.ofMicros(LedgerCommand.apply(database, handle, List.of(refill))
                    .getFirst()
                    .available());
        });
    }

    /**
     * Creates a project.
     *
     * @param name what its owner calls it, 1 to 200 characters
     * @param cap what it may spend, or null for all that the account has
     * @param allowedModels the only models its keys may use, by public id, or null for all
     * @throws NoSuchElementException if there is no such account
     * @throws IllegalArgumentException if the name is empty or too long
     */
    public Project createProject(
            String account, String name, @Nullable SpendCap cap, @Nullable Set<String> allowedModels) {
        UUID owner = find(account)
                .map(found -> UUID.fromString(found.id()))
                .orElseThrow(() -> new NoSuchElementException("no such account"));
        if (name.isBlank()) {
            throw new IllegalArgumentException("a project needs a name");
        }
        requireShort(name);
        UUID id = Ids.next();
        return database.call("create a project", handle -> {
            handle.createUpdate(database.sql("""
                INSERT INTO synapse.project (id, account, name, spend_cap, cap_period, allowed_models)
                VALUES (:id, :account, :name, :cap, :period, :models)
                    ON CONFLICT (id) DO NOTHING
                """))
                    .bind("id", id)
                    .bind("account", owner)
                    .bind("name", name)
                    .bind("cap", cap == null ? null : (Long) cap.amount().micros())
                    .bind("period", cap == null ? null : cap.period().name().toLowerCase(Locale.ROOT))
                    .bindByType(
                            "models",
                            allowedModels == null ? null : allowedModels.toArray(String[]::new),
                            String[].class)
                    .execute();
            return handle.createQuery(database.sql("SELECT * FROM synapse.project WHERE id = :id"))
                    .bind("id", id)
                    .map((row, context) -> project(row))
                    .one();
        });
    }

    /** An account's projects, the default one first, then by age. */
    public List<Project> projects(String account) {
        return id(account)
                .map(owner -> database.call(
                        "list projects",
                        handle -> handle.createQuery(database.sql("""
                            SELECT * FROM synapse.project WHERE account = :account
                             ORDER BY is_default DESC, created, id
                            """))
                                .bind("account", owner)
                                .map((row, context) -> project(row))
                                .list()))
                .orElse(List.of());
    }

    /**
     * Creates a key in one of an account's projects.
     *
     * @return the key with its secret, which cannot be had again
     * @throws NoSuchElementException if the account has no such project
     * @throws IllegalArgumentException if the name is too long
     */
    public IssuedKey createKey(String account, KeyRequest request) {
        requireShort(request.name());
        Project project = projects(account).stream()
                .filter(own ->
                        request.project() == null ? own.isDefault() : own.id().equals(request.project()))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("no such project"));
        String secret = ApiKey.generate(request.test(), project.isDefault());
        UUID id = Ids.next();
        insert(id, project, secret, request);
        return new IssuedKey(secret, key(id));
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
    public boolean ensureKey(String account, String secret, String name) {
        if (!ApiKey.isWellFormed(secret) || !secret.startsWith(ApiKey.prefix(ApiKey.isTest(secret), true))) {
            throw new IllegalArgumentException("a key of one's own starts with mmg_live_ or mmg_test_ and has at least "
                    + ApiKey.SHORTEST + " letters and digits after that");
        }
        Project project = projects(account).stream()
                .filter(Project::isDefault)
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("no such account"));
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

    private void insert(UUID id, Project project, String secret, KeyRequest request) {
        byte[] hash = ApiKey.hash(secret);
        database.call(
                "create a key",
                handle -> handle.createUpdate(database.sql("""
                    INSERT INTO synapse.api_key
                           (id, project, name, hash, display, test, expires_at, requests_per_minute)
                    VALUES (:id, :project, :name, :hash, :display, :test, :expiresAt, :requestsPerMinute)
                        ON CONFLICT (hash) DO NOTHING
                    """))
                        .bind("id", id)
                        .bind("project", UUID.fromString(project.id()))
                        .bind("name", request.name())
                        .bind("hash", hash)
                        .bind("display", ApiKey.display(secret))
                        .bind("test", request.test())
                        .bind(
                                "expiresAt",
                                request.expiresAt() == null
                                        ? null
                                        : request.expiresAt().atOffset(ZoneOffset.UTC))
                        .bind(
                                "requestsPerMinute",
                                request.requestsPerMinute() == 0 ? null : (Integer) request.requestsPerMinute())
                        .execute());
        keys.forget(hash);
    }

    private StoredKey key(UUID id) {
        return database.call(
                "look up a key",
                handle -> handle.createQuery(database.sql("SELECT * FROM synapse.api_key WHERE id = :id"))
                        .bind("id", id)
                        .map((row, context) -> storedKey(row))
                        .one());
    }

    /** An account's keys in all its projects, the newest first; revoked ones too. */
    public List<StoredKey> keys(String account) {
        return id(account)
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
    public boolean revokeKey(String account, String key) {
        Optional<UUID> owner = id(account);
        Optional<UUID> id = id(key);
        if (owner.isEmpty() || id.isEmpty()) {
            return false;
        }
        Optional<byte[]> hash = database.call(
                "revoke a key",
                handle -> handle.createQuery(database.sql("""
                    UPDATE synapse.api_key k
                       SET revoked_at = coalesce(k.revoked_at, clock_timestamp())
                      FROM synapse.project p
                     WHERE k.id = :id AND p.id = k.project AND p.account = :account
                    RETURNING k.hash
                    """))
                        .bind("id", id.get())
                        .bind("account", owner.get())
                        .mapTo(byte[].class)
                        .findOne());
        hash.ifPresent(keys::forget);
        return hash.isPresent();
    }

    private static boolean looksLikeEmail(String text) {
        int at = text.indexOf('@');
        return at > 0
                && at == text.lastIndexOf('@')
                && at < text.length() - 1
                && text.length() <= 254
                && text.chars().noneMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c));
    }

    private static void requireShort(String name) {
        if (name.codePointCount(0, name.length()) > 200) {
            throw new IllegalArgumentException("a name has at most 200 characters");
        }
    }

    /** An id of ours, or empty for a text that cannot be one: there is nothing of that id then. */
    private static Optional<UUID> id(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Account account(ResultSet row) throws SQLException {
        return new Account(
                row.getString("id"),
                row.getString("email"),
                row.getString("name"),
                Account.Role.valueOf(row.getString("role").toUpperCase(Locale.ROOT)),
                row.getString("default_project"),
                row.getString("wallet"),
                row.getString("test_wallet"),
                row.getObject("created", OffsetDateTime.class).toInstant());
    }

    private static Project project(ResultSet row) throws SQLException {
        String period = row.getString("cap_period");
        Array models = row.getArray("allowed_models");
        return new Project(
                row.getString("id"),
                row.getString("account"),
                row.getString("name"),
                row.getBoolean("is_default"),
                period == null
                        ? null
                        : new SpendCap(
                                Credits.ofMicros(row.getLong("spend_cap")),
                                SpendCap.Period.valueOf(period.toUpperCase(Locale.ROOT))),
                models == null ? null : Set.copyOf(Arrays.asList((String[]) models.getArray())),
                row.getObject("created", OffsetDateTime.class).toInstant());
    }

    private static StoredKey storedKey(ResultSet row) throws SQLException {
        return new StoredKey(
                row.getString("id"),
                row.getString("project"),
                row.getString("name"),
                row.getString("display"),
                row.getBoolean("test"),
                row.getObject("created", OffsetDateTime.class).toInstant(),
                instant(row, "expires_at"),
                instant(row, "revoked_at"),
                row.getInt("requests_per_minute"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
