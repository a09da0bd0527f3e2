package io.synapse.gateway.billing;

import io.synapse.gateway.credit.Credits;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The accounts' ledgers, line by line. Safe for use by many threads. Where the database cannot be reached, it throws
 * {@link io.synapse.gateway.fault.StoreUnavailableException}.
 */
public final class LedgerHistory {
    private final Database database;

    LedgerHistory(Database database) {
        this.database = database;
    }

    /**
     * The lines of one of an account's wallets, the newest first.
     *
     * @param filter which lines; {@code test} chooses the wallet, the live one if it says nothing. Deposits belong to no
     *     model, key or project
     * @param cursor where the page before ended, or null for the first
     * @param most how many at most, above zero
     */
    public Page<LedgerEntry> entries(String account, UsageFilter filter, @Nullable String cursor, int most) {
        Optional<UUID> owner = Rows.id(account);
        if (owner.isEmpty()) {
            return new Page<>(List.of(), null);
        }
        long before = cursor == null ? Long.MAX_VALUE : Cursor.read(cursor).number();
        UsageFilter wallet = filter.test() == null
                ? new UsageFilter(filter.from(), filter.to(), filter.model(), filter.key(), filter.project(), false)
                : filter;
        List<LedgerEntry> found = database.call(
                "report the ledger",
                handle -> wallet.bind(handle.createQuery(database.sql(
                                """
                                SELECT e.*, c.request_id, c.model
                                  FROM synapse.wallet w
                                  JOIN synapse.entry e ON e.wallet = w.id
                                  LEFT JOIN synapse.charge c ON c.id = e.charge
                                 WHERE w.account = :account AND e.version < :before %s %s %s
                                 ORDER BY e.version DESC
                                 LIMIT :most
                                """.formatted(wallet.wallets(), wallet.times("e.created"), wallet.charges()))))
                        .bind("account", owner.get())
                        .bind("before", before)
                        .bind("most", most + 1)
                        .map((row, context) -> new LedgerEntry(
                                row.getLong("version"),
                                Rows.instant(row, "created"),
                                row.getString("kind"),
                                row.getLong("d_available"),
                                Credits.ofMicros(row.getLong("available_after")),
                                Credits.ofMicros(row.getLong("held_after")),
                                row.getString("request_id"),
                                row.getString("model"),
                                row.getString("reference")))
                        .list());
        return Page.of(found, most, last -> Cursor.of(last.number()));
    }
}
