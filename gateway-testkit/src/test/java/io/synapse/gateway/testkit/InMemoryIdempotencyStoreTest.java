package io.synapse.gateway.testkit;

import io.synapse.gateway.idempotency.IdempotencyStore;
import java.time.Duration;

class InMemoryIdempotencyStoreTest extends IdempotencyStoreContract {
    private final ManualClock clock = new ManualClock();

    @Override
    protected IdempotencyStore newStore() {
        return IdempotencyStore.inMemory(clock);
    }

    @Override
    protected void pass(Duration time) {
        clock.advance(time);
    }
}
