package io.synapse.gateway.billing;

import io.synapse.gateway.media.AddressRule;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how often a password can be guessed: {@link #MOST} attempts that do not succeed in any {@link #WINDOW}, for one
 * account and from one address, on all nodes together. Whether the account exists makes no difference. As often, and no
 * more, can somebody sign up from an address. Safe for use by many threads.
 *
 * <p>Only addresses of the public Internet are counted: one of the gateway's own network is as a rule that of a proxy,
 * which stands for everybody. Of an IPv6 address the first 64 bits count, since whoever has one has all that begin so.
 */
public final class LoginThrottle {
    /** How many attempts may fail. */
    public static final int MOST = 5;
    /** In which time. */
    public static final Duration WINDOW = Duration.ofMinutes(15);

    private final Database database;
    private final InstantSource clock;

    LoginThrottle(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * An attempt that was let through.
     *
     * @param account what it counts for
     * @param address where it counts too, or null
     * @param at when it was
     */
    public record Attempt(String account, @Nullable String address, Instant at) {}

    /**
     * Lets an attempt through and counts it as one that failed, until {@link #succeeded} says otherwise: of many attempts
     * at the same time, no more get through than of as many in a row.
     *
     * @param email whom they say to be
     * @param address the network address that they come from
     * @throws TooManyAttemptsException if there were too many before
     */
    public Attempt admit(String email, String address) {
        // PostgreSQL keeps microseconds.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        String account =
                "account:" + HexFormat.of().formatHex(Secrets.hash(email.strip().toLowerCase(Locale.ROOT)));
        Attempt attempt = new Attempt(account, publicAddress(address), now);
        // One transaction, so that an attempt refused for its address does not count for the account. One whose answer
        // was
        // lost may count twice, which is on the safe side.
        database.transaction("count an attempt to sign in", handle -> {
            count(handle, attempt.account(), now);
            if (attempt.address() != null) {
                count(handle, attempt.address(), now);
            }
            return attempt;
        });
        return attempt;
    }

    /**
     * Lets somebody try to sign up, and counts it whatever comes of it: an account costs starter credits, and one that is
     * refused tells whose address has one already.
     *
     * @param address the network address that they come from
     * @throws TooManyAttemptsException if there were too many before
     */
    public void admitSignUp(String address) {
        String from = publicAddress(address);
        if (from != null) {
            Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            database.transaction("count an attempt to sign up", handle -> {
                count(handle, "sign-up:" + from, now);
                return from;
            });
        }
    }

    private void count(Handle handle, String subject, Instant now) {
        Optional<String> counted = handle.createQuery(database.sql("""
            INSERT INTO synapse.login_attempts AS t (subject, times, latest)
            VALUES (:subject, ARRAY[:now::timestamptz], :now)
                ON CONFLICT (subject) DO UPDATE
                   SET times = ARRAY(SELECT x FROM unnest(t.times) x WHERE x > :since) || EXCLUDED.times,
                       latest = EXCLUDED.latest
                 WHERE (SELECT count(*) FROM unnest(t.times) x WHERE x > :since) < :most
            RETURNING subject
            """))
                .bind("subject", subject)
                .bindByType("now", Rows.time(now), OffsetDateTime.class)
                .bindByType("since", Rows.time(now.minus(WINDOW)), OffsetDateTime.class)
                .bind("most", MOST)
                .mapTo(String.class)
                .findOne();
        if (counted.isEmpty()) {
            Instant oldest = handle.createQuery(database.sql("""
                SELECT min(x) FROM synapse.login_attempts t CROSS JOIN unnest(t.times) x
                 WHERE t.subject = :subject AND x > :since
                """))
                    .bind("subject", subject)
                    .bindByType("since", Rows.time(now.minus(WINDOW)), OffsetDateTime.class)
                    .mapTo(Instant.class)
                    .findOne()
                    .orElse(now);
            throw new TooManyAttemptsException(Duration.between(now, oldest.plus(WINDOW)));
        }
    }

    /** Forgets that an attempt was counted, and those before it for the same account: its owner has the password. */
    public void succeeded(Attempt attempt) {
        database.call("forget attempts to sign in", handle -> {
            handle.createUpdate(database.sql("DELETE FROM synapse.login_attempts WHERE subject = :account"))
                    .bind("account", attempt.account())
                    .execute();
            return handle.createUpdate(database.sql("""
                UPDATE synapse.login_attempts SET times = array_remove(times, :at::timestamptz) WHERE subject = :address
                """))
                    .bind("address", attempt.address())
                    .bindByType("at", Rows.time(attempt.at()), OffsetDateTime.class)
                    .execute();
        });
    }

    static int cleanUp(Database database, Handle handle) {
        return handle.createUpdate(database.sql("""
            DELETE FROM synapse.login_attempts WHERE latest < clock_timestamp() - :seconds * interval '1 second'
            """))
                .bind("seconds", WINDOW.toSeconds())
                .execute();
    }

    private static @Nullable String publicAddress(String address) {
        // Only a literal is parsed without asking a name server.
        if (address.isEmpty() || !address.matches("\\[?[0-9a-fA-F:.]+(%\\w+)?]?")) {
            return null;
        }
        try {
            InetAddress parsed = InetAddress.getByName(address);
            byte[] bytes = parsed.getAddress();
            return AddressRule.isPublic(parsed)
                    ? "address:" + HexFormat.of().formatHex(bytes.length == 16 ? Arrays.copyOf(bytes, 8) : bytes)
                    : null;
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
