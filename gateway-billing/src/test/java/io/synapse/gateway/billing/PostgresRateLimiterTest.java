package io.synapse.gateway.billing;

import io.synapse.gateway.limit.RateLimiter;
import io.synapse.gateway.testkit.ManualClock;
import io.synapse.gateway.testkit.RateLimiterContract;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresRateLimiterTest extends RateLimiterContract {
    private static TestDatabase database;

    private final ManualClock clock = new ManualClock();

    @BeforeAll
    static void openDatabase() throws SQLException {
        database = new TestDatabase(PostgresRateLimiterTest.class);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Override
    protected RateLimiter newLimiter() {
        try {
            database.execute("TRUNCATE rate_limit");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return new PostgresRateLimiter(
                database.database, clock, () -> ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()));
    }

    @Override
    protected void pass(Duration time) {
        clock.advance(time);
    }
}
