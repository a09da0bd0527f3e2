package io.synapse.gateway.testkit;

import io.synapse.gateway.credit.CreditLedger;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Audits a ledger after every test: whatever a test did, the books must be right at its end. Register it in a test
 * class:
 *
 * <pre>{@code
 * @RegisterExtension
 * final LedgerAudit audit = new LedgerAudit(() -> ledger);
 * }</pre>
 */
public final class LedgerAudit implements AfterEachCallback {
    private final Supplier<CreditLedger> ledger;

    /**
     * @param ledger gives the ledger that the test used; asked after the test
     */
    public LedgerAudit(Supplier<CreditLedger> ledger) {
        this.ledger = ledger;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        List<String> breaches = ledger.get().audit();
        if (!breaches.isEmpty()) {
            throw new AssertionError("the books are wrong after this test:\n" + String.join("\n", breaches));
        }
    }
}
