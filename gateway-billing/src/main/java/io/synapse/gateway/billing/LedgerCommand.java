package io.synapse.gateway.billing;

import io.synapse.gateway.credit.ChargeLine;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.credit.Settlement;
import io.synapse.gateway.credit.Unit;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
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
    private static final String APPLY =
            "SELECT code, amount, available FROM synapse.apply(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

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

    private static LedgerCommand of(String kind, UUID charge, @Nullable Long leaseMillis) {
        return new LedgerCommand(
                kind, charge, null, null, null, null, null, null, null, leaseMillis, null, null, null, null);
    }

    /**
     * Applies a batch in one statement. The answers are in the order of the commands.
     *
     * <p>This is the busiest statement there is, so it goes past Jdbi's binding of names: what that costs for each
     * call shows.
     */
    static List<Outcome> apply(Database database, Handle handle, List<LedgerCommand> batch) {
        try (PreparedStatement statement = handle.getConnection().prepareStatement(database.sql(APPLY))) {
            statement.setQueryTimeout(Database.STATEMENT_SECONDS);
            Parameters parameters = new Parameters(statement, batch);
            parameters.add("text", String[]::new, LedgerCommand::kind);
            parameters.add("uuid", UUID[]::new, LedgerCommand::charge);
            parameters.add("text", String[]::new, LedgerCommand::requestId);
            parameters.add("text", String[]::new, LedgerCommand::wallet);
            parameters.add("text", String[]::new, LedgerCommand::project);
            parameters.add("text", String[]::new, LedgerCommand::key);
            parameters.add("text", String[]::new, LedgerCommand::model);
            parameters.add("bigint", Long[]::new, LedgerCommand::amount);
            parameters.add("bigint", Long[]::new, LedgerCommand::least);
            parameters.add("bigint", Long[]::new, LedgerCommand::leaseMillis);
            parameters.add("text", String[]::new, LedgerCommand::provider);
            parameters.add("text", String[]::new, LedgerCommand::source);
            parameters.add("text", String[]::new, LedgerCommand::priceVersion);
            parameters.add("text", String[]::new, LedgerCommand::usage);
            List<Outcome> outcomes = new ArrayList<>(batch.size());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    // What is null is 0.
                    outcomes.add(new Outcome(rows.getString(1), rows.getLong(2), rows.getLong(3)));
                }
            }
            return outcomes;
        } catch (SQLException e) {
            throw new UnableToExecuteStatementException("could not apply commands to the ledger", e, null);
        }
    }

    /** The columns of a batch, each an array of its own type: the driver sends those of text and numbers as binary. */
    private static final class Parameters {
        private final PreparedStatement statement;
        private final List<LedgerCommand> batch;
        private int at = 1;

        Parameters(PreparedStatement statement, List<LedgerCommand> batch) {
            this.statement = statement;
            this.batch = batch;
        }

        <T> void add(String type, IntFunction<@Nullable T[]> array, Function<LedgerCommand, @Nullable T> column)
                throws SQLException {
            @Nullable T[] values = array.apply(batch.size());
            for (int i = 0; i < values.length; i++) {
                values[i] = column.apply(batch.get(i));
            }
            statement.setArray(at++, statement.getConnection().createArrayOf(type, values));
        }
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
