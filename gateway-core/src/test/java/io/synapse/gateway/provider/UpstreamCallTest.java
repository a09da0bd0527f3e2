package io.synapse.gateway.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.provider.UpstreamCall.Stop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class UpstreamCallTest {
    private final AtomicLong ticker = new AtomicLong(-7);
    private final UpstreamCall call =
            new UpstreamCall("id", "model", OptionalLong.empty(), Duration.ofSeconds(3), ticker::get);

    @Test
    void its_deadline_goes_by_the_ticker() {
        assertThat(call.remaining()).isEqualTo(Duration.ofSeconds(3));
        ticker.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(call.remaining()).isEqualTo(Duration.ofSeconds(1));
        ticker.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(call.remaining()).isZero();
    }

    @Test
    void an_abort_that_fails_keeps_neither_the_others_nor_whoever_stops_it() {
        List<String> aborted = new ArrayList<>();
        call.onCancel(() -> {
            throw new IllegalStateException("closed already");
        });
        call.onCancel(() -> aborted.add("second"));
        call.stop(Stop.TIMED_OUT);
        assertThat(aborted).containsExactly("second");
        assertThat(call.stopped()).isEqualTo(Stop.TIMED_OUT);
    }
}
