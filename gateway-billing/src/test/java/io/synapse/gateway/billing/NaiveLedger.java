package io.synapse.gateway.billing;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.credit.Settlement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The same books, kept as one would at first: two transactions a request, of four round trips each, on a connection of the
 * caller's own. Each locks the wallet, writes the charge and its entry, writes the wallet, and commits. It is as exact as
 * ours, and what ours is measured against. It looks after no caps and no revoked keys.
 */
final class NaiveLedger implements AutoCloseable {
    private static final String LOCK = "SELECT available, held, version, 0 FROM wallet WHERE id = ? FOR NO KEY UPDATE";
    private static final String HOLD = """
        WITH held AS (
            INSERT INTO charge (id, request_id, wallet, project, key, model, state, reserved, created, deadline)
            VALUES (?, ?, ?, ?, ?, ?, 'reserved', ?, clock_timestamp(), clock_timestamp() + interval '1 hour')
            RETURNING *),
        leased AS (INSERT INTO lease_end SELECT deadline, ARRAY[id] FROM held)
        INSERT INTO entry (wallet, version, charge, kind, d_available, d_held, d_spent, d_source,
                           available_after, held_after, created)
        SELECT wallet, ?, id, 'reserve', -reserved, reserved, 0, 0, ?, ?, created FROM held
        """;
    private static final String LOCK_OF_CHARGE = """
        SELECT w.available, w.held, w.version, c.reserved
          FROM charge c JOIN wallet w ON w.id = c.wallet
         WHERE c.id = ? FOR NO KEY UPDATE OF w
        """;
    private static final String SETTLE = """
        WITH closed AS (
            UPDATE charge
               SET state = 'settled', closed = clock_timestamp(), cost = ?, provider = ?, usage = ?::jsonb,
                   usage_source = ?, price_version = ?
             WHERE id = ? AND state = 'reserved'
            RETURNING *)
        INSERT INTO entry (wallet, version, charge, kind, d_available, d_held, d_spent, d_source,
                           available_after, held_after, created)
        SELECT wallet, ?, id, 'settle', reserved - cost, -reserved, cost, 0, ?, ?, closed FROM closed
        """;
    private static final String WRITE =
            "UPDATE wallet SET available = ?, held = ?, spent = funded - ? - ?, version = ? WHERE id = ?";

    private final HikariDataSource pool;

    /** A wallet that is locked; {@code reserved} is what the charge holds that it was locked for. */
    private record Wallet(long available, long held, long version, long reserved) {
        Wallet after(long available, long held) {
            return new Wallet(available, held, version + 1, 0);
        }
    }

    /** On the tables of a schema that is there, with as many connections as there are callers. */
    NaiveLedger(String url, EmbeddedDatabase postgres, String schema, int callers) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(postgres.user());
        config.setPassword(postgres.password());
        config.setSchema(schema);
        config.setMaximumPoolSize(callers);
        config.setAutoCommit(false);
        pool = new HikariDataSource(config);
    }

    void hold(HoldRequest request) {
        long amount = request.amount().micros();
        try (Connection connection = pool.getConnection()) {
            Wallet wallet = lock(connection, LOCK, request.wallet());
            if (wallet.available() < amount) {
                throw new IllegalStateException("out of funds");
            }
            Wallet after = wallet.after(wallet.available() - amount, wallet.held() + amount);
            try (PreparedStatement hold = connection.prepareStatement(HOLD)) {
                hold.setObject(1, request.charge());
                hold.setString(2, request.requestId());
                hold.setString(3, request.wallet());
                hold.setString(4, request.project());
                hold.setString(5, request.key());
                hold.setString(6, request.model());
                hold.setLong(7, amount);
                hold.setLong(8, after.version());
                hold.setLong(9, after.available());
                hold.setLong(10, after.held());
                hold.executeUpdate();
            }
            write(connection, request.wallet(), after);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    void settle(String id, Settlement settlement) {
        LedgerCommand facts = LedgerCommand.settle(settlement);
        long cost = settlement.cost().micros();
        try (Connection connection = pool.getConnection()) {
            Wallet wallet = lock(connection, LOCK_OF_CHARGE, settlement.charge());
            Wallet after =
                    wallet.after(wallet.available() + wallet.reserved() - cost, wallet.held() - wallet.reserved());
            try (PreparedStatement settle = connection.prepareStatement(SETTLE)) {
                settle.setLong(1, cost);
                settle.setString(2, facts.provider());
                settle.setString(3, facts.usage());
                settle.setString(4, facts.source());
                settle.setString(5, facts.priceVersion());
                settle.setObject(6, settlement.charge());
                settle.setLong(7, after.version());
                settle.setLong(8, after.available());
                settle.setLong(9, after.held());
                if (settle.executeUpdate() != 1) {
                    throw new IllegalStateException("closed already");
                }
            }
            write(connection, id, after);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Wallet lock(Connection connection, String sql, Object key) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setObject(1, key);
            try (ResultSet rows = query.executeQuery()) {
                if (!rows.next()) {
                    throw new IllegalStateException("no such row");
                }
                return new Wallet(rows.getLong(1), rows.getLong(2), rows.getLong(3), rows.getLong(4));
            }
        }
    }

    private static void write(Connection connection, String id, Wallet wallet) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(WRITE)) {
            update.setLong(1, wallet.available());
            update.setLong(2, wallet.held());
            update.setLong(3, wallet.available());
            update.setLong(4, wallet.held());
            update.setLong(5, wallet.version());
            update.setString(6, id);
            update.executeUpdate();
        }
        connection.commit();
    }

    @Override
    public void close() {
        pool.close();
    }
}
