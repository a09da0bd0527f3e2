package io.synapse.gateway.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.synapse.gateway.fault.StoreUnavailableException;
import io.synapse.gateway.limit.RateDecision;
import io.synapse.gateway.limit.RateLimiter;
import io.synapse.gateway.testkit.ManualClock;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two nodes on one database share a key's allowance; and what high limits, odd clocks and outages do to it. */
@Timeout(60)
class RateLimitAcrossNodesTest {
    private static final Duration WINDOW = Duration.ofSeconds(60);
    private static TestDatabase database;

    private final HikariDataSource otherPool = TestDatabase.pool();
    private final Billing otherNode = Billing.open(otherPool, database.options.onlyCheck());
    private final ManualClock databaseClock = new ManualClock();
    private final ManualClock nodeClock = new ManualClock();
    private final PostgresRateLimiter limiter = new PostgresRateLimiter(
            database.database, nodeClock, () -> ChronoUnit.MICROS.between(Instant.EPOCH, databaseClock.instant()));
    private final String key = UUID.randomUUID().toString();

    @BeforeAll
    static void openDatabase() throws SQLException {
        database = new TestDatabase(RateLimitAcrossNodesTest.class);
    }

    @AfterAll
    static void closeDatabase() {
        database.close();
    }

    @AfterEach
    void close() {
        otherNode.close();
        otherPool.close();
    }

    private void pass(Duration time) {
        databaseClock.advance(time);
        nodeClock.advance(time);
    }

    @Test
    void of_sixty_one_who_ask_two_nodes_at_once_sixty_are_admitted() throws Exception {
        RateLimiter here = database.billing.rateLimiter();
        RateLimiter there = otherNode.rateLimiter();
        List<Callable<RateDecision>> callers = new ArrayList<>();
        for (int i = 0; i < 61; i++) {
            RateLimiter node = i % 2 == 0 ? here : there;
            callers.add(() -> node.admit(key, 60));
        }
        int admitted = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<RateDecision> caller : threads.invokeAll(callers)) {
                admitted += caller.get().admitted() ? 1 : 0;
            }
        }
        assertThat(admitted).isEqualTo(60);
        assertThat(here.admit(key, 60).admitted()).isFalse();
        assertThat(there.admit(key, 60).admitted()).isFalse();
        assertThat(there.admit(key, 60).retryAfter()).isPositive().isLessThanOrEqualTo(WINDOW);
    }

    @Test
    void a_high_limit_holds_in_any_sixty_seconds_and_is_used_almost_whole() {
        int limit = 150;
        Random random = new Random(7);
        Deque<Long> lately = new ArrayDeque<>();
        long now = 0;
        for (int i = 0; i < 2_000; i++) {
            long step = random.nextLong(400);
            now += step;
            pass(Duration.ofMillis(step));
            while (!lately.isEmpty() && now - lately.peekFirst() >= 60_500) {
                lately.pollFirst();
            }
            if (limiter.admit(key, limit).admitted()) {
                lately.addLast(now);
                long windowStart = now - WINDOW.toMillis();
                assertThat(lately.stream().filter(at -> at > windowStart)).hasSizeLessThanOrEqualTo(limit);
            } else {
                assertThat(lately).as("request %d, refused for nothing", i).hasSizeGreaterThanOrEqualTo(limit);
            }
        }
    }

    @Test
    void who_waits_for_a_high_limit_as_long_as_told_is_admitted() {
        for (int i = 0; i < 500; i++) {
            assertThat(limiter.admit(key, 500).admitted()).isTrue();
            pass(Duration.ofMillis(3));
        }
        RateDecision refused = limiter.admit(key, 500);
        assertThat(refused.admitted()).isFalse();
        assertThat(refused.retryAfter()).isBetween(Duration.ofSeconds(58), Duration.ofSeconds(59));
        pass(refused.retryAfter());
        assertThat(limiter.admit(key, 500).admitted()).isTrue();
    }

    @Test
    void the_highest_limit_takes_a_small_row() {
        for (int i = 0; i < 700; i++) {
            pass(Duration.ofMillis(100));
            assertThat(limiter.admit(key, 1_000_000).remaining()).isGreaterThanOrEqualTo(999_300);
        }
        assertThat(database.number("SELECT cardinality(times) FROM synapse.rate_limit WHERE key = '" + key + "'"))
                .isLessThanOrEqualTo(121);
    }

    @Test
    void a_limit_that_falls_from_high_to_low_and_rises_again_forgets_nothing() {
        for (int i = 0; i < 300; i++) {
            limiter.admit(key, 300);
        }
        assertThat(limiter.admit(key, 60).admitted()).isFalse();
        assertThat(limiter.admit(key, 60).remaining()).isZero();
        assertThat(limiter.admit(key, 301).admitted()).isTrue();
        assertThat(limiter.admit(key, 301).admitted()).isFalse();
        pass(WINDOW);
        assertThat(limiter.admit(key, 60).remaining()).isEqualTo(59);
    }

    @Test
    void a_key_known_to_be_used_up_is_refused_without_the_database() throws SQLException {
        PostgresRateLimiter there = new PostgresRateLimiter(
                new Database(otherPool, database.options.schema()),
                nodeClock,
                () -> ChronoUnit.MICROS.between(Instant.EPOCH, databaseClock.instant()));
        there.admit(key, 1);
        pass(Duration.ofSeconds(20));
        otherPool.close();

        RateDecision refused = there.admit(key, 1);
        assertThat(refused).isEqualTo(new RateDecision(false, 1, 0, Duration.ofSeconds(40), Duration.ofSeconds(40)));
        assertThatThrownBy(() -> there.admit(key, 2)).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> there.admit("another", 1)).isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void a_database_clock_that_is_set_back_admits_nobody_twice_and_locks_nobody_out() {
        limiter.admit(key, 1);
        databaseClock.advance(Duration.ofHours(-1));
        nodeClock.advance(WINDOW); // so that it asks
        RateDecision refused = limiter.admit(key, 1);
        assertThat(refused.admitted()).isFalse();
        assertThat(refused.retryAfter()).isEqualTo(WINDOW);
        pass(WINDOW);
        assertThat(limiter.admit(key, 1).admitted()).isTrue();
    }

    @Test
    void idle_keys_are_forgotten_and_others_are_not() throws SQLException {
        database.execute("TRUNCATE rate_limit");
        for (int i = 0; i < 20; i++) {
            limiter.admit("idle " + i, 5);
        }
        pass(Duration.ofSeconds(30));
        limiter.admit(key, 1);
        pass(Duration.ofSeconds(30));
        limiter.cleanUp();

        assertThat(database.number("SELECT count(*) FROM synapse.rate_limit")).isEqualTo(1);
        assertThat(limiter.admit(key, 1).admitted()).isFalse();
        assertThat(limiter.admit("idle 0", 5).remaining()).isEqualTo(4);
    }
}
