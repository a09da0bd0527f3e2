package io.synapse.gateway.billing;

import io.synapse.gateway.billing.LedgerCommand.Outcome;
import io.synapse.gateway.credit.Charge;
import io.synapse.gateway.credit.ChargeLine;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.credit.HoldResult;
import io.synapse.gateway.credit.Settled;
import io.synapse.gateway.credit.Settlement;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.credit.UsageSource;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jspecify.annotations.Nullable;

/**
 * The ledger in PostgreSQL: durable, and one for any number of gateway nodes. Safe for use by many threads.
 *
 * <p>The database itself refuses what must not happen, by constraints; the decisions are made in one SQL function
 * under row locks taken in a fixed order. Holds, settles and releases that come while others are being written are
 * written together, so a wallet that many spend from does not wait for one transaction after the other. Leases run by
 * the database's clock. A connection that breaks during a command leaves open whether the command was done, so the same
 * command is sent again and the database tells; if it cannot be reached within seconds, the caller gets a
 * {@link io.synapse.gateway.fault.StoreUnavailableException} and may send the command again for as long as it likes.
 */
final class PostgresCreditLedger implements CreditLedger {
    /** Joins each charge c with its usage lines u, as {@link #charge} reads them. */
    static final String USAGE_LINES = """
        CROSS JOIN LATERAL (
              SELECT array_agg(l.unit ORDER BY l.n) AS units,
                     array_agg(l.quantity ORDER BY l.n) AS quantities,
                     array_agg(l.rate ORDER BY l.n) AS rates,
                     array_agg(l.amount ORDER BY l.n) AS amounts
                FROM ROWS FROM (
                         jsonb_to_recordset(c.usage)
                         AS (unit text, quantity bigint, rate bigint, amount bigint))
                     WITH ORDINALITY AS l (unit, quantity, rate, amount, n)) u
        """;

    private static final int AUDIT_SECONDS = 60;
    private static final String OVERFLOW = "22003";

    private final Database database;
    private final LedgerWriter writer;

    PostgresCreditLedger(Database database) {
        this.database = database;
        this.writer = new LedgerWriter(books(database), LedgerWriter.Limits.DEFAULT);
    }

    /** Applies commands to that database. */
    static LedgerWriter.Books books(Database database) {
        return new LedgerWriter.Books() {
            @Override
            public List<Outcome> applyOnce(List<LedgerCommand> batch) {
                return database.once(
                        "apply a batch to the ledger", handle -> LedgerCommand.apply(database, handle, batch));
            }

            @Override
            public Outcome applyAlone(String what, LedgerCommand command, long since) {
                return database.call(what, since, handle -> LedgerCommand.apply(database, handle, List.of(command)))
                        .getFirst();
            }
        };
    }

    @Override
    public HoldResult hold(HoldRequest request) {
        Outcome outcome = writer.apply("hold credits", LedgerCommand.hold(request));
        Credits amount = Credits.ofMicros(outcome.amount());
        Credits available = Credits.ofMicros(outcome.available());
        return switch (outcome.code()) {
            case "held" -> new HoldResult.Held(amount, available);
            case "insufficient" -> new HoldResult.InsufficientCredits(available);
            case "budget" -> new HoldResult.BudgetExceeded(amount);
            case "key_inactive" -> new HoldResult.KeyInactive();
            case "closed" -> throw new IllegalArgumentException("charge " + request.charge() + " is closed already");
            case "conflict" ->
                throw new IllegalArgumentException("charge " + request.charge() + " belongs to another request");
            default -> throw unexpected(outcome);
        };
    }

    @Override
    public Settled settle(Settlement settlement) {
        Outcome outcome = writer.apply("settle a charge", LedgerCommand.settle(settlement));
        return switch (outcome.code()) {
            case "settled", "released" ->
                new Settled(Credits.ofMicros(outcome.amount()), Credits.ofMicros(outcome.available()));
            case "unknown" -> throw new IllegalArgumentException("no charge " + settlement.charge());
            default -> throw unexpected(outcome);
        };
    }

    @Override
    public void release(UUID charge) {
        writer.apply("release a charge", LedgerCommand.release(charge));
    }

    @Override
    public void extend(Collection<UUID> charges, Duration lease) {
        List<LedgerCommand> batch = charges.stream()
                .map(charge -> LedgerCommand.extend(charge, lease))
                .toList();
        if (!batch.isEmpty()) {
            database.call("extend leases", handle -> LedgerCommand.apply(database, handle, batch));
        }
    }

    @Override
    public int expire() {
        int closed = 0;
        Expired some;
        do {
            some = database.call(
                    "expire holds",
                    handle -> handle.createQuery(database.sql("SELECT closed, more FROM synapse.expire()"))
                            .map((row, context) -> new Expired(row.getInt("closed"), row.getBoolean("more")))
                            .one());
            closed += some.closed();
        } while (some.more());
        return closed;
    }

    /** What one transaction closed, and whether there may be more to close. */
    private record Expired(int closed, boolean more) {}

    @Override
    public Credits available(String wallet) {
        return database.call(
                "read a balance",
                handle -> handle.createQuery(database.sql("SELECT available FROM synapse.wallet WHERE id = :wallet"))
                        .bind("wallet", wallet)
                        .mapTo(Long.class)
                        .findOne()
                        .map(Credits::ofMicros)
                        .orElse(Credits.ZERO));
    }

    @Override
    public Credits deposit(String wallet, Credits amount, String reference) {
        try {
            // By itself: deposits are few, and one too many is an error that should not fail a batch.
            List<LedgerCommand> alone = List.of(LedgerCommand.deposit(wallet, amount, reference));
            return Credits.ofMicros(
                    database.call("deposit credits", handle -> LedgerCommand.apply(database, handle, alone))
                            .getFirst()
                            .available());
        } catch (JdbiException e) {
            if (OVERFLOW.equals(Database.sqlState(e))) {
                throw (ArithmeticException) new ArithmeticException("wallet overflow").initCause(e);
            }
            throw e;
        }
    }

    @Override
    public Optional<Charge> find(String wallet, String requestId) {
        return database.call(
                "find a charge",
                handle -> handle.createQuery(database.sql("""
                    SELECT c.*, u.units, u.quantities, u.rates, u.amounts
                      FROM synapse.charge c
                    """ + USAGE_LINES + """
                     WHERE c.wallet = :wallet AND c.request_id = :requestId
                     ORDER BY c.created DESC, c.id DESC
                     LIMIT 1
                    """))
                        .bind("wallet", wallet)
                        .bind("requestId", requestId)
                        .map((row, context) -> charge(row))
                        .findOne());
    }

    @Override
    public List<String> audit() {
        return database.call("audit the books", handle -> {
            handle.getConfig(SqlStatements.class).setQueryTimeout(AUDIT_SECONDS);
            return handle.createQuery(database.sql("SELECT * FROM synapse.audit()"))
                    .mapTo(String.class)
                    .list();
        });
    }

    /** What it has written. */
    LedgerFigures figures() {
        return writer.figures();
    }

    private static IllegalStateException unexpected(Outcome outcome) {
        return new IllegalStateException("the ledger answered '" + outcome.code() + "'");
    }

    static Charge charge(ResultSet row) throws SQLException {
        long extra = row.getLong("extra");
        long late = row.getLong("late");
        long cost = row.getLong("cost"); // 0 where null, which an open charge has
        String source = row.getString("usage_source");
        boolean settled = source != null;
        List<ChargeLine> lines = new ArrayList<>();
        return new Charge(
                row.getObject("id", UUID.class),
                row.getString("request_id"),
                row.getString("wallet"),
                row.getString("project"),
                row.getString("key"),
                row.getString("model"),
                row.getString("provider"),
                Charge.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                Credits.ofMicros(row.getLong("reserved")),
                Credits.ofMicros(Math.addExact(Math.addExact(cost, extra), late)),
                Credits.ofMicros(row.getLong("shortfall")),
                settled ? usage(row, lines) : null,
                settled ? UsageSource.valueOf(source.toUpperCase(Locale.ROOT)) : null,
                lines,
                row.getString("price_version"),
                instant(row, "created"),
                row.getObject("closed") == null ? null : instant(row, "closed"));
    }

    /** Reads what was used, and adds the lines of what was used and therefore priced. */
    private static Usage usage(ResultSet row, List<ChargeLine> lines) throws SQLException {
        String[] units = (String[]) array(row.getArray("units"), new String[0]);
        Long[] quantities = (Long[]) array(row.getArray("quantities"), new Long[0]);
        Long[] rates = (Long[]) array(row.getArray("rates"), new Long[0]);
        Long[] amounts = (Long[]) array(row.getArray("amounts"), new Long[0]);
        Map<Unit, Long> used = new EnumMap<>(Unit.class);
        for (int i = 0; i < units.length; i++) {
            Unit unit = Unit.valueOf(units[i].toUpperCase(Locale.ROOT));
            used.put(unit, quantities[i]);
            if (quantities[i] > 0) {
                lines.add(new ChargeLine(unit, quantities[i], rates[i], Credits.ofMicros(amounts[i])));
            }
        }
        return new Usage(used);
    }

    private static Object array(@Nullable Array array, Object none) throws SQLException {
        return array == null ? none : array.getArray();
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
