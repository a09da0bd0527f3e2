package io.synapse.gateway.billing;

import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.Unit;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jspecify.annotations.Nullable;

/**
 * What accounts used and paid, told from the charges themselves. Safe for use by many threads.
 *
 * <p>A report is about one account, whose id comes first: nothing of another's is ever in it. Where the database cannot be
 * reached, every method throws {@link io.synapse.gateway.fault.StoreUnavailableException}.
 */
public final class UsageReports {
    /** A report may read much; what a caller waits for is elsewhere. */
    private static final int REPORT_SECONDS = 30;

    private final Database database;

    UsageReports(Database database) {
        this.database = database;
    }

    /**
     * An account's calls, the newest first.
     *
     * @param cursor where the page before ended, or null for the first
     * @param most how many at most, above zero
     */
    public Page<UsageRecord> records(String account, UsageFilter filter, @Nullable String cursor, int most) {
        Optional<UUID> owner = Rows.id(account);
        if (owner.isEmpty()) {
            return new Page<>(List.of(), null);
        }
        Cursor after = cursor == null ? null : Cursor.read(cursor);
        // Each wallet gives its newest by index, so that a page costs a page, however many calls there are.
        String sql = """
            SELECT c.*, u.units, u.quantities, u.rates, u.amounts, k.name AS key_name, p.name AS project_name
              FROM (SELECT c.*, w.test
                      FROM synapse.wallet w
                     CROSS JOIN LATERAL (
                           SELECT c.* FROM synapse.charge c
                            WHERE c.wallet = w.id %s %s %s
                            ORDER BY c.created DESC, c.id DESC LIMIT :most) c
                     WHERE w.account = :account %s
                     ORDER BY c.created DESC, c.id DESC LIMIT :most) c
            %s
              LEFT JOIN synapse.api_key k ON k.id = synapse.as_uuid(c.key)
              LEFT JOIN synapse.project p ON p.id = synapse.as_uuid(c.project)
             ORDER BY c.created DESC, c.id DESC
            """.formatted(
                        filter.times("c.created"),
                        filter.charges(),
                        after == null ? "" : "AND (c.created, c.id) < (:time, :id)",
                        filter.wallets(),
                        PostgresCreditLedger.USAGE_LINES);
        List<UsageRecord> found = database.call("report usage", handle -> {
            Query query = filter.bind(handle.createQuery(database.sql(sql)))
                    .bind("account", owner.get())
                    .bind("most", most + 1);
            if (after != null) {
                query.bindByType("time", Rows.time(after.time()), OffsetDateTime.class)
                        .bind("id", after.id());
            }
            return query.map((row, context) -> new UsageRecord(
                            PostgresCreditLedger.charge(row),
                            row.getBoolean("test"),
                            row.getString("key_name"),
                            row.getString("project_name")))
                    .list();
        });
        return Page.of(
                found,
                most,
                last -> Cursor.of(last.charge().created(), last.charge().id()));
    }

    /**
     * An account's calls added up: days the newest first, anything else by its name. A call that still runs counts
     * nowhere.
     *
     * @param filter which calls; best of a bounded time, since all of them are read
     * @param cursor where the page before ended, or null for the first
     * @param most how many groups at most, above zero
     */
    public Page<UsageTotal> totals(
            String account, UsageTotal.By by, UsageFilter filter, @Nullable String cursor, int most) {
        Optional<UUID> owner = Rows.id(account);
        if (owner.isEmpty()) {
            return new Page<>(List.of(), null);
        }
        Cursor after = cursor == null ? null : Cursor.read(cursor);
        boolean newestFirst = by == UsageTotal.By.DAY;
        String sql = """
            WITH c AS (
                SELECT (%s) COLLATE "C" AS grp, w.test, c.state, c.usage,
                       coalesce(c.cost, 0) + c.extra + c.late AS charged
                  FROM synapse.wallet w
                  JOIN synapse.charge c ON c.wallet = w.id
                 WHERE w.account = :account AND c.state <> 'reserved' %s %s %s),
            t AS (
                SELECT grp, test,
                       count(*) FILTER (WHERE state = 'settled') AS requests,
                       count(*) FILTER (WHERE state <> 'settled') AS failed,
                       sum(charged)::bigint AS charged
                  FROM c
                 %s
                 GROUP BY grp, test
                 ORDER BY grp %s, test
                 LIMIT :most),
            u AS (
                SELECT grp, test, array_agg(unit) AS units, array_agg(quantity) AS quantities
                  FROM (SELECT c.grp, c.test, l.unit, sum(l.quantity)::bigint AS quantity
                          FROM c
                          JOIN t USING (grp, test)
                         CROSS JOIN LATERAL jsonb_to_recordset(c.usage) AS l (unit text, quantity bigint)
                         GROUP BY 1, 2, 3) one
                 GROUP BY grp, test)
            SELECT t.*, u.units, u.quantities, %s AS name
              FROM t
              LEFT JOIN u USING (grp, test)
             ORDER BY t.grp %s, t.test
            """.formatted(
                        by.column(),
                        filter.times("c.created"),
                        filter.charges(),
                        filter.wallets(),
                        after == null
                                ? ""
                                : "WHERE grp " + (newestFirst ? "<" : ">") + " :grp OR (grp = :grp AND test > :seen)",
                        newestFirst ? "DESC" : "ASC",
                        by.nameColumn(),
                        newestFirst ? "DESC" : "ASC");
        List<UsageTotal> found = database.call("add up usage", handle -> {
            handle.getConfig(SqlStatements.class).setQueryTimeout(REPORT_SECONDS);
            Query query = filter.bind(handle.createQuery(database.sql(sql)))
                    .bind("account", owner.get())
                    .bind("most", most + 1);
            if (after != null) {
                query.bind("grp", after.word()).bind("seen", after.number() == 1);
            }
            return query.map((row, context) -> total(row)).list();
        });
        return Page.of(found, most, last -> new Cursor(last.test() ? 1 : 0, last.group()));
    }

    private static UsageTotal total(ResultSet row) throws SQLException {
        Map<Unit, Long> usage = new EnumMap<>(Unit.class);
        Array units = row.getArray("units");
        if (units != null) {
            String[] names = (String[]) units.getArray();
            Long[] quantities = (Long[]) row.getArray("quantities").getArray();
            for (int i = 0; i < names.length; i++) {
                usage.put(Unit.valueOf(names[i].toUpperCase(Locale.ROOT)), quantities[i]);
            }
        }
        return new UsageTotal(
                row.getString("grp"),
                row.getString("name"),
                row.getBoolean("test"),
                row.getLong("requests"),
                row.getLong("failed"),
                Credits.ofMicros(row.getLong("charged")),
                usage);
    }
}
