package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.synapse.gateway.limit.RateDecision;
import io.synapse.gateway.limit.RateLimiter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link RateLimiter} must do: at most so many admissions in <em>any</em> 60 seconds, and the truth about when
 * the next one is possible. An implementation proves itself with a class that extends this one.
 */
@Timeout(60)
public abstract class RateLimiterContract {
    private static final Duration WINDOW = Duration.ofSeconds(60);

    private RateLimiter limiter;

    /** A limiter that has admitted nothing yet. */
    protected abstract RateLimiter newLimiter();

    /** Lets so much time pass for the limiter. */
    protected abstract void pass(Duration time);

    @BeforeEach
    final void start() {
        limiter = newLimiter();
    }

    @Test
    void as_many_as_allowed_are_admitted_and_not_one_more() {
        for (int i = 0; i < 60; i++) {
            RateDecision decision = limiter.admit("key", 60);
            assertThat(decision.admitted()).isTrue();
            assertThat(decision.limit()).isEqualTo(60);
            assertThat(decision.remaining()).isEqualTo(59 - i);
        }
        RateDecision refused = limiter.admit("key", 60);
        assertThat(refused.admitted()).isFalse();
        assertThat(refused.remaining()).isZero();
        assertThat(refused.retryAfter()).isPositive().isLessThanOrEqualTo(WINDOW);
    }

    @Test
    void an_admission_comes_back_sixty_seconds_after_it_was_given_and_not_before() {
        limiter.admit("key", 2);
        pass(Duration.ofSeconds(30));
        limiter.admit("key", 2);
        pass(Duration.ofSeconds(29));
        assertThat(limiter.admit("key", 2).admitted()).isFalse();
        pass(Duration.ofSeconds(1));
        assertThat(limiter.admit("key", 2).admitted()).isTrue();
        assertThat(limiter.admit("key", 2).admitted()).isFalse();
    }

    @Test
    void a_burst_around_a_full_minute_is_not_admitted_twice() {
        pass(Duration.ofSeconds(59));
        for (int i = 0; i < 60; i++) {
            assertThat(limiter.admit("key", 60).admitted()).isTrue();
        }
        pass(Duration.ofSeconds(2));
        assertThat(limiter.admit("key", 60).admitted()).isFalse();
    }

    @Test
    void who_waits_as_long_as_told_is_admitted() {
        limiter.admit("key", 1);
        pass(Duration.ofSeconds(12));
        Duration wait = limiter.admit("key", 1).retryAfter();
        assertThat(wait).isLessThanOrEqualTo(Duration.ofSeconds(48));
        pass(wait);
        assertThat(limiter.admit("key", 1).admitted()).isTrue();
    }

    @Test
    void the_reset_is_when_the_whole_allowance_is_back() {
        limiter.admit("key", 3);
        pass(Duration.ofSeconds(20));
        Duration reset = limiter.admit("key", 3).reset();
        pass(reset);
        assertThat(limiter.admit("key", 3).remaining()).isEqualTo(2);
    }

    @Test
    void refused_requests_do_not_count() {
        limiter.admit("key", 1);
        for (int i = 0; i < 100; i++) {
            pass(Duration.ofMillis(500));
            assertThat(limiter.admit("key", 1).admitted()).isFalse();
        }
        pass(Duration.ofSeconds(10));
        assertThat(limiter.admit("key", 1).admitted()).isTrue();
    }

    @Test
    void keys_do_not_share_an_allowance() {
        limiter.admit("one", 1);
        assertThat(limiter.admit("one", 1).admitted()).isFalse();
        assertThat(limiter.admit("two", 1).admitted()).isTrue();
    }

    @Test
    void a_changed_limit_holds_at_once_and_forgets_nothing() {
        for (int i = 0; i < 5; i++) {
            limiter.admit("key", 5);
        }
        assertThat(limiter.admit("key", 2).admitted()).isFalse();
        assertThat(limiter.admit("key", 6).admitted()).isTrue();
        assertThat(limiter.admit("key", 6).admitted()).isFalse();
    }

    @Test
    void a_limit_below_one_is_refused() {
        assertThatThrownBy(() -> limiter.admit("key", 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void of_many_who_ask_at_once_as_many_as_allowed_are_admitted() throws Exception {
        List<Callable<Boolean>> callers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            callers.add(() -> limiter.admit("key", 60).admitted());
        }
        int admitted = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Boolean> caller : threads.invokeAll(callers)) {
                admitted += caller.get() ? 1 : 0;
            }
        }
        assertThat(admitted).isEqualTo(60);
    }

    @Test
    void no_sixty_seconds_ever_hold_more_than_allowed() {
        for (long seed = 1; seed <= 20; seed++) {
            RateLimiter fresh = newLimiter();
            Random random = new Random(seed);
            Deque<Long> admitted = new ArrayDeque<>();
            long now = 0;
            for (int i = 0; i < 2_000; i++) {
                long step = random.nextLong(4_000);
                now += step;
                pass(Duration.ofMillis(step));
                while (!admitted.isEmpty() && now - admitted.peekFirst() >= WINDOW.toMillis()) {
                    admitted.pollFirst();
                }
                boolean expected = admitted.size() < 10;
                assertThat(fresh.admit("key" + seed, 10).admitted())
                        .as("seed %d, request %d", seed, i)
                        .isEqualTo(expected);
                if (expected) {
                    admitted.addLast(now);
                }
            }
        }
    }
}
