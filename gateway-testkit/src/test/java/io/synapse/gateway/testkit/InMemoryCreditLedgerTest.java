package io.synapse.gateway.testkit;

import io.synapse.gateway.credit.CreditLedger;
import java.time.Duration;
import java.util.Map;

class InMemoryCreditLedgerTest extends CreditLedgerContract {
    private final ManualClock clock = new ManualClock();

    @Override
    protected CreditLedger newLedger() {
        return CreditLedger.inMemory(Map.of(), clock);
    }

    @Override
    protected void pass(Duration time) {
        clock.advance(time);
    }
}
