package io.synapse.gateway.testkit.simulation;

import io.synapse.gateway.credit.Charge;
import io.synapse.gateway.credit.Charge.State;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.credit.HoldResult;
import io.synapse.gateway.credit.Settled;
import io.synapse.gateway.credit.Settlement;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.fault.StoreUnavailableException;
import io.synapse.gateway.testkit.ForwardingLedger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Ledgers, and nodes' ways to use one, that each break one law. */
final class BrokenLedgers {
    private BrokenLedgers() {}

    /** A ledger that remembers what was held, and can hold it once more. */
    static class Remembering extends ForwardingLedger {
        final Map<UUID, HoldRequest> holds = new HashMap<>();
        private int more;

        Remembering(CreditLedger ledger) {
            super(ledger);
        }

        @Override
        public HoldResult hold(HoldRequest request) {
            holds.putIfAbsent(request.charge(), request);
            return super.hold(request);
        }

        /** The same hold under another id. */
        final UUID holdAgain(HoldRequest first) {
            UUID another = new UUID(++more, first.charge().getLeastSignificantBits());
            ledger.hold(new HoldRequest(
                    another,
                    first.requestId() + " again",
                    first.wallet(),
                    first.project(),
                    first.key(),
                    first.model(),
                    first.amount(),
                    Credits.ZERO,
                    first.lease()));
            return another;
        }
    }

    /** A settlement that is sent again is paid again. */
    static final class SettlesTwice extends Remembering {
        private final Set<UUID> settled = new HashSet<>();

        SettlesTwice(CreditLedger ledger) {
            super(ledger);
        }

        @Override
        public Settled settle(Settlement settlement) {
            HoldRequest first = holds.get(settlement.charge());
            if (first != null && !settled.add(settlement.charge())) {
                ledger.settle(Settlement.priced(
                        holdAgain(first),
                        settlement.usage(),
                        settlement.source(),
                        settlement.prices(),
                        settlement.provider()));
            }
            return super.settle(settlement);
        }
    }

    /** A hold that is sent again is held again. */
    static final class HoldsTwice extends Remembering {
        HoldsTwice(CreditLedger ledger) {
            super(ledger);
        }

        @Override
        public HoldResult hold(HoldRequest request) {
            HoldRequest first = holds.get(request.charge());
            if (first != null) {
                holdAgain(first);
            }
            return super.hold(request);
        }
    }

    /** A hold that is to be released stays. */
    static final class ForgetsReleases extends ForwardingLedger {
        ForgetsReleases(CreditLedger ledger) {
            super(ledger);
        }

        @Override
        public void release(UUID charge) {
            // Forgotten.
        }
    }

    /** What comes after its hold has expired is not paid. */
    static final class ForgivesTheLate extends Remembering {
        ForgivesTheLate(CreditLedger ledger) {
            super(ledger);
        }

        @Override
        public Settled settle(Settlement settlement) {
            HoldRequest hold = holds.get(settlement.charge());
            boolean late = hold != null
                    && ledger.find(hold.wallet(), hold.requestId())
                            .map(Charge::state)
                            .filter(State.EXPIRED::equals)
                            .isPresent();
            return late ? new Settled(Credits.ZERO, ledger.available(hold.wallet())) : super.settle(settlement);
        }
    }

    /** A node that takes an unknown hold for a good one. */
    static final class FailsOpen extends ForwardingLedger {
        FailsOpen(CreditLedger ledger) {
            super(ledger);
        }

        @Override
        public HoldResult hold(HoldRequest request) {
            try {
                return super.hold(request);
            } catch (StoreUnavailableException e) {
                return new HoldResult.Held(request.amount(), Credits.ZERO);
            }
        }
    }

    /** A node that gives up a settlement that the ledger did not confirm. */
    static final class DropsSettlements extends ForwardingLedger {
        DropsSettlements(CreditLedger ledger) {
            super(ledger);
        }

        @Override
        public Settled settle(Settlement settlement) {
            try {
                return super.settle(settlement);
            } catch (StoreUnavailableException e) {
                return new Settled(settlement.cost(), Credits.ZERO);
            }
        }
    }

    /** A node that forgives a half. */
    static final class ChargesHalf extends ForwardingLedger {
        ChargesHalf(CreditLedger ledger) {
            super(ledger);
        }

        @Override
        public Settled settle(Settlement settlement) {
            long told = settlement.usage().quantity(Unit.OUTPUT_TOKENS);
            return super.settle(Settlement.priced(
                    settlement.charge(),
                    settlement.usage().with(Unit.OUTPUT_TOKENS, told / 2),
                    settlement.source(),
                    settlement.prices(),
                    settlement.provider()));
        }
    }

    /** A node that does not believe what upstreams say, and charges double to be safe. */
    static final class ChargesDouble extends ForwardingLedger {
        ChargesDouble(CreditLedger ledger) {
            super(ledger);
        }

        @Override
        public Settled settle(Settlement settlement) {
            long told = settlement.usage().quantity(Unit.OUTPUT_TOKENS);
            return super.settle(Settlement.priced(
                    settlement.charge(),
                    settlement.usage().with(Unit.OUTPUT_TOKENS, 2 * told + 1),
                    settlement.source(),
                    settlement.prices(),
                    settlement.provider()));
        }
    }
}
