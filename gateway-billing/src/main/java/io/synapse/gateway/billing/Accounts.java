package io.synapse.gateway.billing;

import io.synapse.gateway.credit.Credits;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * The accounts, and the money that is given to them. Safe for use by many threads.
 *
 * <p>Where the database cannot be reached, every method throws
 * {@link io.synapse.gateway.fault.StoreUnavailableException}.
 */
public final class Accounts {
    /** What the test wallet of a new account holds. */
    public static final Credits TEST_CREDITS = Credits.of(1_000_000);

    /** Selects accounts; a WHERE clause may follow. {@link #account} reads the rows. */
    static final String ACCOUNT = """
        SELECT a.*, p.id AS default_project, live.id AS wallet, test.id AS test_wallet,
               live.available AS live_available, test.available AS test_available
          FROM synapse.account a
          JOIN synapse.project p ON p.account = a.id AND p.is_default
          JOIN synapse.wallet live ON live.account = a.id AND NOT live.test
          JOIN synapse.wallet test ON test.account = a.id AND test.test
        """;

    private static final String DUPLICATE = "23505";

    private final Database database;
    private final Passwords passwords;
    private final AuditTrail audit;

    Accounts(Database database, Passwords passwords, AuditTrail audit) {
        this.database = database;
        this.passwords = passwords;
        this.audit = audit;
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
        if (!isEmail(address)) {
            throw new IllegalArgumentException("'" + address + "' is no email address");
        }
        Rows.requireName(name);
        // Outside the transaction: hashing takes a tenth of a second, and ids made once make a second try harmless.
        String hash = password == null ? null : passwords.hash(password);
        UUID account = Ids.next();
        UUID project = Ids.next();
        AuditTrail.Line line = audit.line("account.create", account);
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
                    line.write(handle, role.name().toLowerCase(Locale.ROOT) + ", starter credits " + starterCredits);
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
        return Rows.id(account).flatMap(id -> database.call("find an account", handle -> find(handle, id)));
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
        AuditTrail.Line line = audit.line("test_credits.refill", account.id());
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
            Credits refilled = deposit(handle, account.testWallet(), Credits.ofMicros(missing), reference);
            line.write(handle, "by " + Credits.ofMicros(missing));
            return refilled;
        });
    }

    /**
     * Gives an account credits.
     *
     * @param amount how many, above zero
     * @param reason why, 1 to 200 characters: it stands in the account's ledger and in the audit log
     * @return what the account's live wallet holds now, or empty if there is no such account
     * @throws IllegalArgumentException if the amount is zero, or the reason is empty or too long
     */
    public Optional<Credits> grant(String account, Credits amount, String reason) {
        if (amount.isZero() || reason.isBlank()) {
            throw new IllegalArgumentException("a grant has an amount and a reason");
        }
        Rows.requireName(reason);
        UUID grant = Ids.next();
        AuditTrail.Line line = audit.line("credits.grant", account);
        return find(account)
                .map(found -> database.transaction("grant credits", handle -> {
                    Credits balance = deposit(handle, found.wallet(), amount, "grant " + grant + ": " + reason);
                    line.write(handle, amount + ": " + reason);
                    return balance;
                }));
    }

    private Credits deposit(Handle handle, String wallet, Credits amount, String reference) {
        return Credits.ofMicros(
                LedgerCommand.apply(database, handle, List.of(LedgerCommand.deposit(wallet, amount, reference)))
                        .getFirst()
                        .available());
    }

    /**
     * An account with what it has.
     *
     * @param account the account
     * @param available what its live wallet can spend now
     * @param testAvailable what its test wallet can spend now
     */
    public record Balance(Account account, Credits available, Credits testAvailable) {}

    /** An account with what it has. */
    public Optional<Balance> balance(String account) {
        return Rows.id(account)
                .flatMap(id -> database.call(
                        "read a balance",
                        handle -> handle.createQuery(database.sql(ACCOUNT + "WHERE a.id = :id"))
                                .bind("id", id)
                                .map((row, context) -> balance(row))
                                .findOne()));
    }

    /**
     * All accounts, the newest first.
     *
     * @param email a part of the address that they must have, in whatever case, or null for all
     * @param cursor where the page before ended, or null for the first
     * @param most how many at most, above zero
     */
    public Page<Balance> list(@Nullable String email, @Nullable String cursor, int most) {
        Cursor after = cursor == null ? null : Cursor.read(cursor);
        List<Balance> found = database.call(
                "list accounts",
                handle -> handle.createQuery(database.sql(ACCOUNT + """
                    WHERE (:email::text IS NULL OR position(lower(:email) IN lower(a.email)) > 0)
                      AND (:id::uuid IS NULL OR (a.created, a.id) < (:time::timestamptz, :id::uuid))
                    ORDER BY a.created DESC, a.id DESC
                    LIMIT :most
                    """))
                        .bind("email", email)
                        .bindByType("time", after == null ? null : Rows.time(after.time()), OffsetDateTime.class)
                        .bindByType("id", after == null ? null : after.id(), UUID.class)
                        .bind("most", most + 1)
                        .map((row, context) -> balance(row))
                        .list());
        return Page.of(
                found,
                most,
                last -> Cursor.of(last.account().created(), last.account().id()));
    }

    /** Whether a text has the form of an email address: something, one @, something, and no blanks. */
    public static boolean isEmail(String text) {
        int at = text.indexOf('@');
        return at > 0
                && at == text.lastIndexOf('@')
                && at < text.length() - 1
                && text.length() <= 254
                && text.chars().noneMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c));
    }

    private static Balance balance(ResultSet row) throws SQLException {
        return new Balance(
                account(row),
                Credits.ofMicros(row.getLong("live_available")),
                Credits.ofMicros(row.getLong("test_available")));
    }

    static Account account(ResultSet row) throws SQLException {
        return new Account(
                row.getString("id"),
                row.getString("email"),
                row.getString("name"),
                Account.Role.valueOf(row.getString("role").toUpperCase(Locale.ROOT)),
                row.getString("default_project"),
                row.getString("wallet"),
                row.getString("test_wallet"),
                Rows.instant(row, "created"));
    }
}
