package io.synapse.gateway.billing;

import io.synapse.gateway.idempotency.IdempotencyStore;
import io.synapse.gateway.media.MediaStore;
import io.synapse.gateway.testkit.IdempotencyStoreContract;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresIdempotencyStoreTest extends IdempotencyStoreContract {
    private static TestDatabase database;

    @BeforeAll
    static void openDatabase() throws SQLException {
        database = new TestDatabase(PostgresIdempotencyStoreTest.class);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Override
    protected IdempotencyStore newStore() {
        return database.billing.idempotency(MediaStore.inMemory());
    }

    /** The database's clock cannot be moved, but what it is compared with can. */
    @Override
    protected void pass(Duration time) {
        try {
            database.execute("UPDATE idempotency SET until = until - interval '" + time.toMillis() + " milliseconds'");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
