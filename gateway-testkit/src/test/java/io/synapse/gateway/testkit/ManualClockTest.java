package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ManualClockTest {
    private final ManualClock clock = new ManualClock(Instant.EPOCH);

    @Test
    void stands_still_until_it_is_moved() {
        assertThat(clock.instant()).isEqualTo(clock.instant()).isEqualTo(Instant.EPOCH);
        assertThat(clock.getAsLong()).isZero();
    }

    @Test
    void moves_time_and_ticker_together() {
        clock.advance(Duration.ofMillis(1_500));
        clock.advance(Duration.ofMillis(-500));

        assertThat(clock.instant()).isEqualTo(Instant.ofEpochSecond(1));
        assertThat(clock.getAsLong()).isEqualTo(1_000_000_000L);
    }
}
