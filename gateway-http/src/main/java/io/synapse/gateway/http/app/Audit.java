package io.synapse.gateway.http.app;

import io.synapse.gateway.credit.CreditLedger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;

/**
 * Recomputes the books now and then and tells what is wrong with them: a number for the metrics, the breaches for the log.
 * Large books take long to read; they are read less often, so that no more than a twentieth of the time goes there.
 */
final class Audit implements Runnable {
    private static final System.Logger LOG = System.getLogger(Audit.class.getName());
    private static final int REST = 19;

    private final CreditLedger ledger;
    private volatile int breaches;
    private long notBefore = System.nanoTime();

    Audit(CreditLedger ledger) {
        this.ledger = ledger;
    }

    /** How many laws of the books were broken when they were last read; 0, unless something is badly wrong. */
    int breaches() {
        return breaches;
    }

    @Override
    public void run() {
        long began = System.nanoTime();
        if (began - notBefore < 0) {
            return;
        }
        List<String> found = ledger.audit();
        breaches = found.size();
        found.forEach(breach -> LOG.log(Level.ERROR, "the books are wrong: {0}", breach));
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        notBefore = System.nanoTime() + took.multipliedBy(REST).toNanos();
    }
}
