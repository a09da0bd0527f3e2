package io.synapse.gateway.billing;

import io.synapse.gateway.credit.ChargeLine;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.credit.Settlement;
import io.synapse.gateway.credit.Unit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * One command to the ledger: a row of the arguments of the SQL function {@code apply}, which says what each kind uses.
 * A batch of any kinds is applied in one call, one round trip and one transaction.
 */
record LedgerCommand(
        String kind,
        @Nullable UUID charge,
        @Nullable String requestId,
        @Nullable String wallet,
        @Nullable String project,
        @Nullable String key,
        @Nullable String model,
        @Nullable Long amount,
        @Nullable Long least,
        @Nullable Long leaseMillis,
        @Nullable String provider,
        @Nullable String source,
        @Nullable String priceVersion,
        @Nullable String usage) {
    private static final String APPLY = """
        SELECT code, coalesce(amount, 0) AS amount, coalesce(available, 0) AS available
          FROM synapse.apply(
                   :kinds, :charges, :requestIds, :wallets, :projects, :keys, :models,
                   :amounts, :leasts, :leases, :providers, :sources, :priceVersions, :usages)
        """;

    /**
     * The answer to one command.
     *
     * @param code what came of it
     * @param amount micro-credits reserved, charged, or left in a cap, as the code tells
     * @param available micro-credits that the wallet can spend now
     */
    record Outcome(String code, long amount, long available) {}

    static LedgerCommand deposit(String wallet, Credits amount, String reference) {
        return new LedgerCommand(
                "deposit",
                null,
                reference,
                wallet,
                null,
                null,
                null,
                amount.micros(),
                null,
                null,
                null,
                null,
                null,
                null);
    }

    static LedgerCommand hold(HoldRequest request) {
        return new LedgerCommand(
                "hold",
                request.charge(),
                request.requestId(),
                request.wallet(),
                request.project(),
                request.key(),
                request.model(),
                request.amount().micros(),
                request.least().micros(),
                millis(request.lease()),
                null,
                null,
                null,
                null);
    }

    static LedgerCommand settle(Settlement settlement) {
        return new LedgerCommand(
                "settle",
                settlement.charge(),
                null,
                null,
                null,
                null,
                null,
                settlement.cost().micros(),
                null,
                null,
                settlement.provider(),
                settlement.source().wireName(),
                settlement.prices().version(),
                usage(settlement));
    }

    static LedgerCommand release(UUID charge) {
        return of("release", charge, null);
    }

    static LedgerCommand extend(UUID charge, Duration lease) {
        return of("extend", charge, millis(lease));
    }

    static LedgerCommand expire(UUID charge) {
        return of("expire", charge, null);
    }

    private static LedgerCommand of(String kind, UUID charge, @Nullable Long leaseMillis) {
        return new LedgerCommand(
                kind, charge, null, null, null, null, null, null, null, leaseMillis, null, null, null, null);
    }

    /** Applies a batch in one statement. The answers are in the order of the commands. */
    static List<Outcome> apply(Database database, Handle handle, List<LedgerCommand> batch) {
        try (Query query = handle.createQuery(database.sql(APPLY))) {
            query.bindArray("kinds", String.class, column(batch, LedgerCommand::kind));
            query.bindArray("charges", UUID.class, column(batch, LedgerCommand::charge));
            query.bindArray("requestIds", String.class, column(batch, LedgerCommand::requestId));
            query.bindArray("wallets", String.class, column(batch, LedgerCommand::wallet));
            query.bindArray("projects", String.class, column(batch, LedgerCommand::project));
            query.bindArray("keys", String.class, column(batch, LedgerCommand::key));
            query.bindArray("models", String.class, column(batch, LedgerCommand::model));
            query.bindArray("amounts", Long.class, column(batch, LedgerCommand::amount));
            query.bindArray("leasts", Long.class, column(batch, LedgerCommand::least));
            query.bindArray("leases", Long.class, column(batch, LedgerCommand::leaseMillis));
            query.bindArray("providers", String.class, column(batch, LedgerCommand::provider));
            query.bindArray("sources", String.class, column(batch, LedgerCommand::source));
            query.bindArray("priceVersions", String.class, column(batch, LedgerCommand::priceVersion));
            query.bindArray("usages", String.class, column(batch, LedgerCommand::usage));
            return query.map((row, context) ->
                            new Outcome(row.getString("code"), row.getLong("amount"), row.getLong("available")))
                    .list();
        }
    }

    private static @Nullable Object[] column(
            List<LedgerCommand> batch, Function<LedgerCommand, @Nullable Object> column) {
        @Nullable Object[] values = new @Nullable Object[batch.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = column.apply(batch.get(i));
        }
        return values;
    }

    /** At least one: a lease of less than a millisecond is still a lease. */
    private static long millis(Duration lease) {
        return Math.max(1, lease.toMillis());
    }

    /**
     * The receipt's arithmetic as JSON. Names of units and whole numbers need no escaping. A unit of which none was
     * used stays in, without a rate: that nothing was used is not the same as that nothing is known.
     */
    private static String usage(Settlement settlement) {
        Map<Unit, Long> quantities = settlement.usage().quantities();
        StringJoiner json = new StringJoiner(",", "[", "]");
        quantities.forEach((unit, quantity) -> {
            if (quantity == 0) {
                json.add("{\"unit\":\"" + unit.wireName() + "\",\"quantity\":0,\"amount\":0}");
            }
        });
        for (ChargeLine line : settlement.prices().lines(settlement.usage())) {
            json.add("{\"unit\":\"" + line.unit().wireName() + "\",\"quantity\":" + line.quantity() + ",\"rate\":"
                    + line.rate() + ",\"amount\":" + line.amount().micros() + "}");
        }
        return json.toString();
    }
}
