package com.example;

import static io.synapse.gateway.credit.Credits.ofMicros;

import io.synapse.gateway.credit.Charge;
import io.synapse.gateway.credit.Charge.State;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.credit.HoldResult;
import io.synapse.gateway.credit.Settled;
import io.synapse.gateway.credit.Settlement;
import io.synapse.gateway.fault.StoreUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * A ledger over a program's own tables, by plain JDBC: see {@code tables.sql}. Whoever moves the money of a wallet locks its
 * row first, so that all that happens to a wallet happens one after the other. Safe for use by many threads.
 */
public final class TableLedger implements CreditLedger {
    private final Sql sql;

    public TableLedger(DataSource dataSource) {
        this.sql = new Sql(dataSource);
    }

    @Override
    public HoldResult hold(HoldRequest request) {
        makeWallet(request.wallet());
        return sql.transaction(connection -> {
            long available = lock(connection, request.wallet());
            Optional<ChargeRow> known = charge(connection, request.charge());
            if (known.isPresent()) {
                if (known.get().state() != State.RESERVED
                        || !known.get().wallet().equals(request.wallet())) {
                    throw new IllegalArgumentException("charge " + request.charge() + " is closed, or another's");
                }
                return new HoldResult.Held(ofMicros(known.get().reserved()), ofMicros(available));
            }
            if (available < request.least().micros()) {
                return new HoldResult.InsufficientCredits(ofMicros(available));
            }
            long reserved = Math.min(request.amount().micros(), available);
            move(connection, request.wallet(), -reserved, reserved, 0);
            Instant now = Instant.now();
            Sql.update(
                    connection,
                    "INSERT INTO charge (id, request_id, wallet, project, api_key, model, state, reserved, created,"
                            + " deadline) VALUES (?, ?, ?, ?, ?, ?, 'RESERVED', ?, ?, ?)",
                    request.charge(),
                    request.requestId(),
                    request.wallet(),
                    request.project(),
                    request.key(),
                    request.model(),
                    reserved,
                    Sql.time(now),
                    Sql.time(now.plus(request.lease())));
            return new HoldResult.Held(ofMicros(reserved), ofMicros(available - reserved));
        });
    }

    @Override
    public Settled settle(Settlement settlement) {
        return sql.transaction(connection -> {
            String wallet = walletOf(connection, settlement.charge())
                    .orElseThrow(() -> new IllegalArgumentException("there is no charge " + settlement.charge()));
            long available = lock(connection, wallet);
            ChargeRow charge = charge(connection, settlement.charge()).orElseThrow();
            switch (charge.state()) {
                case SETTLED, RELEASED -> {
                    return new Settled(ofMicros(charge.charged()), ofMicros(available));
                }
                case RESERVED -> {
                    move(connection, wallet, charge.reserved(), -charge.reserved(), 0);
                    available += charge.reserved();
                }
                case EXPIRED -> {
                    // Its hold went back already: it pays from what there is now.
                }
            }
            long paid = Math.min(settlement.cost().micros(), available);
            move(connection, wallet, -paid, 0, paid);
            Sql.update(
                    connection,
                    "UPDATE charge SET state = 'SETTLED', charged = ?, shortfall = ?, provider = ?, quantities = ?,"
                            + " source = ?, rates = ?, price_version = ?, closed = ? WHERE id = ?",
                    paid,
                    settlement.cost().micros() - paid,
                    settlement.provider(),
                    ChargeRow.write(settlement.usage().quantities()),
                    settlement.source().name(),
                    ChargeRow.write(settlement.prices().rates()),
                    settlement.prices().version(),
                    Sql.time(Instant.now()),
                    settlement.charge());
            return new Settled(ofMicros(paid), ofMicros(available - paid));
        });
    }

    @Override
    public void release(UUID charge) {
        sql.transaction(connection -> giveBack(connection, charge, State.RELEASED, Instant.MAX));
    }

    @Override
    public int expire() {
        Instant now = Instant.now();
        List<UUID> dead = sql.transaction(connection -> Sql.list(
                connection,
                "SELECT id FROM charge WHERE state = 'RESERVED' AND deadline < ?",
                row -> row.getObject(1, UUID.class),
                Sql.time(now)));
        int closed = 0;
        for (UUID charge : dead) {
            closed += sql.transaction(connection -> giveBack(connection, charge, State.EXPIRED, now));
        }
        return closed;
    }

    /** Closes an open charge whose deadline is before that time; gives how many it closed. */
    private static int giveBack(Connection connection, UUID id, State state, Instant before) throws SQLException {
        Optional<String> wallet = walletOf(connection, id);
        if (wallet.isEmpty()) {
            return 0;
        }
        lock(connection, wallet.get());
        ChargeRow charge = charge(connection, id).orElseThrow();
        if (charge.state() != State.RESERVED || !charge.deadline().isBefore(before)) {
            return 0;
        }
        move(connection, wallet.get(), charge.reserved(), -charge.reserved(), 0);
        return Sql.update(
                connection,
                "UPDATE charge SET state = ?, closed = ? WHERE id = ?",
                state.name(),
                Sql.time(Instant.now()),
                id);
    }

    @Override
    public void extend(Collection<UUID> charges, Duration lease) {
        for (UUID charge : charges) {
            sql.transaction(connection -> {
                Optional<String> wallet = walletOf(connection, charge);
                if (wallet.isPresent()) {
                    lock(connection, wallet.get());
                }
                return Sql.update(
                        connection,
                        "UPDATE charge SET deadline = ? WHERE id = ? AND state = 'RESERVED'",
                        Sql.time(Instant.now().plus(lease)),
                        charge);
            });
        }
    }

    @Override
    public Credits available(String wallet) {
        return sql.transaction(connection ->
                Sql.list(
                                connection,
                                "SELECT available FROM wallet WHERE id = ?",
                                row -> ofMicros(row.getLong(1)),
                                wallet)
                        .stream()
                        .findFirst()
                        .orElse(Credits.ZERO));
    }

    @Override
    public Credits deposit(String wallet, Credits amount, String reference) {
        makeWallet(wallet);
        return sql.transaction(connection -> {
            long available = lock(connection, wallet);
            boolean known = !Sql.list(
                            connection,
                            "SELECT reference FROM deposit WHERE wallet = ? AND reference = ?",
                            row -> row.getString(1),
                            wallet,
                            reference)
                    .isEmpty();
            if (known) {
                return ofMicros(available);
            }
            long funded = Sql.list(connection, "SELECT funded FROM wallet WHERE id = ?", row -> row.getLong(1), wallet)
                    .getFirst();
            // More than can be counted is refused by name, before the database does it by an overflow.
            Credits all = ofMicros(funded).plus(amount);
            Sql.update(connection, "INSERT INTO deposit (wallet, reference) VALUES (?, ?)", wallet, reference);
            Sql.update(
                    connection,
                    "UPDATE wallet SET funded = ?, available = available + ? WHERE id = ?",
                    all.micros(),
                    amount.micros(),
                    wallet);
            return ofMicros(available).plus(amount);
        });
    }

    @Override
    public Optional<Charge> find(String wallet, String requestId) {
        return sql.transaction(connection -> Sql.list(
                        connection,
                        "SELECT * FROM charge WHERE wallet = ? AND request_id = ? ORDER BY number DESC LIMIT 1",
                        row -> ChargeRow.read(row).told(),
                        wallet,
                        requestId)
                .stream()
                .findFirst());
    }

    @Override
    public List<String> audit() {
        return sql.transaction(connection -> {
            List<String> breaches = new ArrayList<>();
            for (String law : List.of(
                    "SELECT id FROM wallet WHERE funded <> available + held + spent",
                    "SELECT id FROM wallet WHERE held <> (SELECT COALESCE(SUM(reserved), 0) FROM charge"
                            + " WHERE wallet = wallet.id AND state = 'RESERVED')",
                    "SELECT id FROM wallet WHERE spent <> (SELECT COALESCE(SUM(charged), 0) FROM charge"
                            + " WHERE wallet = wallet.id)")) {
                Sql.list(connection, law, row -> row.getString(1))
                        .forEach(wallet -> breaches.add("wallet " + wallet + " breaks: " + law));
            }
            return breaches;
        });
    }

    // What the commands are made of.

    /** In a transaction of its own: whoever comes second finds it there. */
    private void makeWallet(String wallet) {
        if (!available(wallet).isZero()) {
            return;
        }
        try {
            sql.transaction(connection -> Sql.update(
                    connection,
                    "INSERT INTO wallet (id) SELECT ? WHERE NOT EXISTS (SELECT 1 FROM wallet WHERE id = ?)",
                    wallet,
                    wallet));
        } catch (StoreUnavailableException e) {
            if (!(e.getCause() instanceof SQLException cause)
                    || !cause.getSQLState().startsWith("23")) {
                throw e;
            }
        }
    }

    /** Locks a wallet's row until the end of the transaction, and gives what is available. */
    private static long lock(Connection connection, String wallet) throws SQLException {
        return Sql.list(
                        connection,
                        "SELECT available FROM wallet WHERE id = ? FOR UPDATE",
                        row -> row.getLong(1),
                        wallet)
                .getFirst();
    }

    private static void move(Connection connection, String wallet, long available, long held, long spent)
            throws SQLException {
        Sql.update(
                connection,
                "UPDATE wallet SET available = available + ?, held = held + ?, spent = spent + ? WHERE id = ?",
                available,
                held,
                spent,
                wallet);
    }

    private static Optional<String> walletOf(Connection connection, UUID charge) throws SQLException {
        return Sql.list(connection, "SELECT wallet FROM charge WHERE id = ?", row -> row.getString(1), charge).stream()
                .findFirst();
    }

    private static Optional<ChargeRow> charge(Connection connection, UUID id) throws SQLException {
        return Sql.list(connection, "SELECT * FROM charge WHERE id = ?", ChargeRow::read, id).stream()
                .findFirst();
    }
}
