package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.limit.RateLimiter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SlidingWindowLimiterTest extends RateLimiterContract {
    private final ManualClock clock = new ManualClock();

    @Override
    protected RateLimiter newLimiter() {
        return RateLimiter.inMemory(clock);
    }

    @Override
    protected void pass(Duration time) {
        clock.advance(time);
    }

    @Test
    void a_limit_costs_no_memory_before_it_is_used() {
        assertThat(newLimiter().admit("key", Integer.MAX_VALUE).remaining()).isEqualTo(Integer.MAX_VALUE - 1);
    }

    @Test
    void agrees_with_a_plain_list_of_admissions_however_many_there_are() {
        RateLimiter limiter = newLimiter();
        Deque<Long> admissions = new ArrayDeque<>();
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            pass(Duration.ofMillis(random.nextInt(100)));
            long now = clock.getAsLong();
            admissions.removeIf(then -> now - then >= Duration.ofSeconds(60).toNanos());
            int limit = 1 + random.nextInt(2_000);
            boolean room = admissions.size() < limit;
            if (room) {
                admissions.add(now);
            }
            assertThat(limiter.admit("key", limit).admitted()).isEqualTo(room);
        }
        assertThat(admissions).hasSizeGreaterThan(500);
    }
}
