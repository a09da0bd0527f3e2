package com.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.synapse.gateway.Gateway;
import io.synapse.gateway.GatewayException;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.identity.Authenticator;
import io.synapse.gateway.identity.Caller;
import io.synapse.gateway.limit.RateLimiter;
import io.synapse.gateway.testkit.RateLimiterContract;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** For everybody else it is as exact as the gateway's own. */
class StaffLimiterTest extends RateLimiterContract {
    private final AtomicLong nanos = new AtomicLong();

    @Override
    protected RateLimiter newLimiter() {
        return new StaffLimiter(Set.of("ada"), RateLimiter.inMemory(nanos::get));
    }

    @Override
    protected void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void the_staff_is_not_limited() {
        try (Gateway gateway = Gateway.builder()
                .authenticator(Authenticator.fixed(Map.of("sk-ada", Caller.of("ada"), "sk-eve", Caller.of("eve"))))
                .ledger(CreditLedger.inMemory())
                .catalog(ModelCatalog.of())
                .limiter(newLimiter())
                .requestsPerMinute(1)
                .build()) {
            for (int i = 0; i < 100; i++) {
                assertThat(gateway.admit("r", "sk-ada").rate().admitted()).isTrue();
            }
            gateway.admit("r", "sk-eve");
            assertThatThrownBy(() -> gateway.admit("r", "sk-eve")).isInstanceOf(GatewayException.class);
        }
    }
}
