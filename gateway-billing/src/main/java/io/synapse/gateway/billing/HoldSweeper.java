package io.synapse.gateway.billing;

import io.synapse.gateway.credit.CreditLedger;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/**
 * Returns the holds of the dead: calls {@link CreditLedger#expire} every so often on a thread of its own, until it is
 * closed. A failure is logged and the next turn tries again. Any number of nodes may sweep the same ledger.
 */
final class HoldSweeper implements AutoCloseable {
    private static final Logger LOG = System.getLogger(HoldSweeper.class.getName());

    private final Sweeper sweeper;

    /**
     * Starts sweeping.
     *
     * @param pause how long to wait between turns, above zero
     */
    public static HoldSweeper start(CreditLedger ledger, Duration pause) {
        return new HoldSweeper(
                Sweeper.start("hold-sweeper", "return expired holds", pause, () -> returnExpired(ledger)));
    }

    private HoldSweeper(Sweeper sweeper) {
        this.sweeper = sweeper;
    }

    private static void returnExpired(CreditLedger ledger) {
        int expired = ledger.expire();
        if (expired > 0) {
            LOG.log(Level.INFO, "returned {0} holds that nobody resolved in time", expired);
        }
    }

    /** Stops sweeping, after the turn that runs. */
    @Override
    public void close() {
        sweeper.close();
    }
}
