package io.synapse.gateway.billing;

import io.synapse.gateway.credit.Credits;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * Codes that bring credits to whoever redeems them first, once. Safe for use by many threads.
 *
 * <p>A code is {@code SG-} and five groups of five letters and digits, 125 random bits; only its SHA-256 is stored. Case,
 * blanks and dashes do not matter when it is brought, nor does O for 0, or I or L for 1. Where the database cannot be
 * reached, every method throws {@link io.synapse.gateway.fault.StoreUnavailableException}.
 */
public final class TopUpCodes {
    /** The most codes made at once. */
    public static final int MOST_AT_ONCE = 1000;

    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final String PREFIX = "SG";
    private static final int GROUPS = 5;
    private static final int GROUP = 5;
    private static final int LONGEST = 100;

    private final Database database;
    private final AuditTrail audit;

    TopUpCodes(Database database, AuditTrail audit) {
        this.database = database;
        this.audit = audit;
    }

    /**
     * Makes codes. This is the only time that they can be had.
     *
     * @param credits what each is worth, above zero
     * @param count how many, 1 to {@link #MOST_AT_ONCE}
     * @param expiresAt when they stop working, or null for never
     */
    public List<String> create(Credits credits, int count, @Nullable Instant expiresAt) {
        if (credits.isZero() || count < 1 || count > MOST_AT_ONCE) {
            throw new IllegalArgumentException("cannot make " + count + " codes of " + credits + " credits");
        }
        List<String> codes = new ArrayList<>(count);
        List<UUID> ids = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            codes.add(newCode());
            ids.add(Ids.next());
        }
        AuditTrail.Line line = audit.line("codes.create", ids.getFirst());
        database.transaction("create codes", handle -> {
            PreparedBatch batch = handle.prepareBatch(database.sql("""
                INSERT INTO synapse.top_up_code (id, hash, credits, expires_at)
                VALUES (:id, :hash, :credits, :expiresAt::timestamptz)
                    ON CONFLICT (id) DO NOTHING
                """));
            for (int i = 0; i < count; i++) {
                batch.bind("id", ids.get(i))
                        .bind("hash", Secrets.hash(plain(codes.get(i))))
                        .bind("credits", credits.micros())
                        .bindByType("expiresAt", Rows.time(expiresAt), OffsetDateTime.class)
                        .add();
            }
            batch.execute();
            line.write(
                    handle, count + " of " + credits + " credits" + (expiresAt == null ? "" : ", until " + expiresAt));
            return count;
        });
        return codes;
    }

    private static String newCode() {
        StringBuilder code = new StringBuilder(PREFIX);
        for (int i = 0; i < GROUPS; i++) {
            code.append('-').append(Secrets.next(ALPHABET, GROUP));
        }
        return code.toString();
    }

    /** A code as it is hashed: people may have typed it from paper. */
    private static String plain(String code) {
        String typed = code.toUpperCase(Locale.ROOT).replaceAll("[\\s-]", "");
        return typed.startsWith(PREFIX)
                ? PREFIX
                        + typed.substring(PREFIX.length())
                                .replace('O', '0')
                                .replace('I', '1')
                                .replace('L', '1')
                : typed;
    }

    /**
     * Brings a code: its credits go to the account's live wallet, in the same transaction that uses the code up. Of
     * several who bring it at once, one gets them.
     */
    public Redemption redeem(Account account, String code) {
        if (code.length() > LONGEST) {
            return new Redemption.Unknown();
        }
        byte[] hash = Secrets.hash(plain(code));
        UUID redemption = Ids.next();
        AuditTrail.Line line = audit.line("code.redeem", account.id());
        return database.transaction("redeem a code", handle -> {
            handle.createUpdate(database.sql("""
                UPDATE synapse.top_up_code
                   SET redeemed_at = clock_timestamp(), redeemed_by = :account::uuid, redemption = :redemption
                 WHERE hash = :hash AND redeemed_at IS NULL
                   AND (expires_at IS NULL OR expires_at > clock_timestamp())
                """))
                    .bind("hash", hash)
                    .bind("account", account.id())
                    .bind("redemption", redemption)
                    .execute();
            return handle.createQuery(database.sql("""
                SELECT id, credits, redemption FROM synapse.top_up_code WHERE hash = :hash
                """))
                    .bind("hash", hash)
                    .map((row, context) -> new Brought(
                            row.getObject("id", UUID.class),
                            Credits.ofMicros(row.getLong("credits")),
                            row.getObject("redemption", UUID.class)))
                    .findOne()
                    .map(brought -> outcome(handle, account, brought, redemption, line))
                    .orElseGet(Redemption.Unknown::new);
        });
    }

    private record Brought(
            UUID id, Credits credits, @Nullable UUID redemption) {}

    private Redemption outcome(Handle handle, Account account, Brought brought, UUID redemption, AuditTrail.Line line) {
        if (brought.redemption() == null) {
            return new Redemption.Expired();
        }
        if (!brought.redemption().equals(redemption)) {
            return new Redemption.UsedUp();
        }
        LedgerCommand deposit = LedgerCommand.deposit(account.wallet(), brought.credits(), "code " + brought.id());
        long available = LedgerCommand.apply(database, handle, List.of(deposit))
                .getFirst()
                .available();
        line.write(handle, "code " + brought.id() + ", credits " + brought.credits());
        return new Redemption.Redeemed(brought.credits(), Credits.ofMicros(available));
    }
}
