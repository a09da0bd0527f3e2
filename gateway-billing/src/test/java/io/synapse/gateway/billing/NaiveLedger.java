package io.synapse.gateway.billing;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.credit.Settlement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/**
 * A prepaid ledger as it is written first: two transactions a request, each of them locks, reads, writes and commits, on a
 * connection of the caller's own. It is as correct as ours, and what ours is measured against.
 */
final class NaiveLedger implements AutoCloseable {
    private final HikariDataSource pool;

    NaiveLedger(String url, EmbeddedDatabase postgres, int connections) throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(postgres.user());
        config.setPassword(postgres.password());
        config.setMaximumPoolSize(connections);
        config.setAutoCommit(false);
        pool = new HikariDataSource(config);
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP SCHEMA IF EXISTS naive CASCADE");
            statement.execute("CREATE SCHEMA naive");
            statement.execute("CREATE TABLE naive.wallet (id text PRIMARY KEY,"
                    + " available bigint NOT NULL CHECK (available >= 0), held bigint NOT NULL CHECK (held >= 0))");
            statement.execute("CREATE TABLE naive.charge (id uuid PRIMARY KEY, wallet text NOT NULL,"
                    + " state text NOT NULL, reserved bigint NOT NULL, cost bigint)");
            connection.commit();
        }
    }

    void fund(String wallet, long micros) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO naive.wallet VALUES (?, ?, 0)")) {
            insert.setString(1, wallet);
            insert.setLong(2, micros);
            insert.executeUpdate();
            connection.commit();
        }
    }

    void hold(HoldRequest request) {
        try (Connection connection = pool.getConnection();
                PreparedStatement read =
                        connection.prepareStatement("SELECT available FROM naive.wallet WHERE id = ? FOR UPDATE");
                PreparedStatement write = connection.prepareStatement(
                        "UPDATE naive.wallet SET available = available - ?, held = held + ? WHERE id = ?");
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO naive.charge VALUES (?, ?, 'reserved', ?, NULL)")) {
            read.setString(1, request.wallet());
            long amount = request.amount().micros();
            if (number(read) < amount) {
                throw new IllegalStateException("out of funds");
            }
            write.setLong(1, amount);
            write.setLong(2, amount);
            write.setString(3, request.wallet());
            write.executeUpdate();
            insert.setObject(1, request.charge());
            insert.setString(2, request.wallet());
            insert.setLong(3, amount);
            insert.executeUpdate();
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    void settle(String wallet, Settlement settlement) {
        UUID charge = settlement.charge();
        long cost = settlement.cost().micros();
        try (Connection connection = pool.getConnection();
                PreparedStatement read = connection.prepareStatement(
                        "SELECT reserved FROM naive.charge WHERE id = ? AND state = 'reserved' FOR UPDATE");
                PreparedStatement write = connection.prepareStatement(
                        "UPDATE naive.wallet SET available = available + ?, held = held - ? WHERE id = ?");
                PreparedStatement close = connection.prepareStatement(
                        "UPDATE naive.charge SET state = 'settled', cost = ? WHERE id = ?")) {
            read.setObject(1, charge);
            long reserved = number(read);
            write.setLong(1, reserved - cost);
            write.setLong(2, reserved);
            write.setString(3, wallet);
            write.executeUpdate();
            close.setLong(1, cost);
            close.setObject(2, charge);
            close.executeUpdate();
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long number(PreparedStatement query) throws SQLException {
        try (ResultSet rows = query.executeQuery()) {
            if (!rows.next()) {
                throw new IllegalStateException("no such row");
            }
            return rows.getLong(1);
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
