package io.synapse.gateway.billing;

import io.synapse.gateway.fault.StoreUnavailableException;
import io.synapse.gateway.idempotency.Claim;
import io.synapse.gateway.idempotency.IdempotencyStore;
import io.synapse.gateway.idempotency.StoredAnswer;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.media.MediaStore;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The store in PostgreSQL: one for any number of gateway nodes, with leases and times by the database's clock. Safe for
 * use by many threads.
 *
 * <p>To claim is one round trip. Bodies of up to 64 KiB are kept in the database, larger ones in a store of media, which
 * all nodes must share. A claim whose lease has run out is looked up in the ledger: while its charge is held it still
 * runs, once that is settled its answer is lost, and otherwise it is free. A charge that had expired is closed for good
 * when its claim is won again: should its cost come in late, it takes nothing, and the caller pays for one call.
 */
final class PostgresIdempotencyStore implements IdempotencyStore {
    private static final Logger LOG = System.getLogger(PostgresIdempotencyStore.class.getName());
    private static final int MOST_INLINE = 64 * 1024;
    /** The store of media may go by another clock than the database. */
    private static final Duration LONGER = Duration.ofHours(1);

    private static final int FORGOTTEN_AT_ONCE = 500;

    private final Database database;
    private final MediaStore media;

    /** What the database says; {@code stored} names the body of the answer if that is kept elsewhere. */
    private record Row(
            String code,
            UUID charge,
            StoredAnswer answer,
            @Nullable String stored) {}

    /**
     * @param media keeps large bodies
     */
    PostgresIdempotencyStore(Database database, MediaStore media) {
        this.database = database;
        this.media = media;
    }

    @Override
    public Claim claim(Name name, String fingerprint, UUID charge, Duration lease) {
        // Each asking has a ticket of its own: asked again after a lost answer, the winner is known by it.
        UUID ticket = Ids.next();
        Row row = database.call(
                "claim an idempotency key",
                handle -> handle.createQuery(database.sql(
                                "SELECT * FROM synapse.claim(:project, :key, :fingerprint, :charge, :ticket, :lease)"))
                        .bind("project", name.project())
                        .bind("key", hash(name.key()))
                        .bind("fingerprint", fingerprint)
                        .bind("charge", charge)
                        .bind("ticket", ticket)
                        .bind("lease", millis(lease))
                        .map((found, context) -> row(found))
                        .one());
        return switch (row.code()) {
            case "first" -> new Claim.First();
            case "running" -> new Claim.Running();
            case "mismatch" -> new Claim.Mismatch();
            case "finished" -> finished(row);
            case "lost" -> new Claim.Lost(row.charge());
            default -> throw new IllegalStateException("the database answered '" + row.code() + "'");
        };
    }

    private Claim finished(Row row) {
        if (row.stored() == null) {
            return new Claim.Finished(row.answer());
        }
        try {
            return media.find(row.stored())
                    .<Claim>map(body -> new Claim.Finished(
                            new StoredAnswer(row.answer().status(), row.answer().headers(), body.bytes())))
                    .orElseGet(() -> new Claim.Lost(row.charge()));
        } catch (UncheckedIOException e) {
            // Not to be read now is not the same as gone.
            throw new StoreUnavailableException("the answer of a call could not be read", e);
        }
    }

    @Override
    public void extend(Collection<UUID> charges, Duration lease) {
        if (charges.isEmpty()) {
            return;
        }
        database.call(
                "extend claims",
                handle -> handle.createUpdate(database.sql("""
                    UPDATE synapse.idempotency
                       SET until = clock_timestamp() + :lease * interval '1 millisecond'
                     WHERE charge = ANY (:charges) AND status IS NULL
                    """))
                        .bindArray("charges", UUID.class, charges)
                        .bind("lease", millis(lease))
                        .execute());
    }

    @Override
    public void complete(Name name, UUID charge, StoredAnswer answer) {
        boolean inline = answer.body().length <= MOST_INLINE;
        String stored = inline ? null : store(answer.body(), charge);
        List<String> headers = new ArrayList<>();
        answer.headers().forEach((header, value) -> headers.addAll(List.of(header, value)));
        database.call(
                "keep an answer",
                handle -> handle.createUpdate(database.sql("""
                    UPDATE synapse.idempotency
                       SET until = clock_timestamp() + :kept * interval '1 millisecond',
                           status = :status, headers = :headers, body = :body, stored_as = :stored
                     WHERE project = :project AND key = :key AND charge = :charge AND status IS NULL
                    """))
                        .bind("project", name.project())
                        .bind("key", hash(name.key()))
                        .bind("charge", charge)
                        .bind("kept", KEPT.toMillis())
                        .bind("status", answer.status())
                        .bindArray("headers", String.class, headers)
                        .bindByType("body", inline ? answer.body() : null, byte[].class)
                        .bindByType("stored", stored, String.class)
                        .execute());
    }

    /** Keeps a large body; null if that fails, so that the next who asks learns at once that the answer is lost. */
    private @Nullable String store(byte[] body, UUID charge) {
        try {
            return media.keep(new Media(body, "application/octet-stream"), KEPT.plus(LONGER));
        } catch (UncheckedIOException e) {
            LOG.log(Level.WARNING, "the answer of charge " + charge + " could not be kept to be given again", e);
            return null;
        }
    }

    @Override
    public void abandon(Name name, UUID charge) {
        database.call(
                "free an idempotency key",
                handle -> handle.createUpdate(database.sql("""
                    DELETE FROM synapse.idempotency
                     WHERE project = :project AND key = :key AND charge = :charge AND status IS NULL
                    """))
                        .bind("project", name.project())
                        .bind("key", hash(name.key()))
                        .bind("charge", charge)
                        .execute());
    }

    /**
     * Forgets answers past their time, a batch at a time; and claims of the dead as long after their lease, since until
     * then they tell that a call was paid whose answer is lost.
     */
    static void cleanUp(Database database) {
        int forgotten;
        do {
            forgotten = database.call(
                    "forget old answers",
                    handle -> handle.createUpdate(database.sql("""
                        DELETE FROM synapse.idempotency
                         WHERE (project, key) IN (
                               SELECT project, key FROM synapse.idempotency
                                WHERE until <= clock_timestamp()
                                  AND (status IS NOT NULL
                                       OR until <= clock_timestamp() - :kept * interval '1 millisecond')
                                ORDER BY until
                                LIMIT :most
                                  FOR UPDATE SKIP LOCKED)
                        """))
                            .bind("kept", KEPT.toMillis())
                            .bind("most", FORGOTTEN_AT_ONCE)
                            .execute());
        } while (forgotten == FORGOTTEN_AT_ONCE);
    }

    private static Row row(ResultSet row) throws SQLException {
        Map<String, String> headers = new HashMap<>();
        Array pairs = row.getArray("headers");
        if (pairs != null) {
            String[] texts = (String[]) pairs.getArray();
            for (int i = 0; i < texts.length; i += 2) {
                headers.put(texts[i], texts[i + 1]);
            }
        }
        byte[] body = row.getBytes("body");
        return new Row(
                row.getString("code"),
                row.getObject("charge", UUID.class),
                new StoredAnswer(row.getInt("status"), headers, body == null ? new byte[0] : body),
                row.getString("stored_as"));
    }

    private static byte[] hash(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** At least one: a lease of less than a millisecond is still a lease. */
    private static long millis(Duration lease) {
        return Math.max(1, lease.toMillis());
    }
}
