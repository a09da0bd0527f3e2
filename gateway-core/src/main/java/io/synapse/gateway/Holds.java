package io.synapse.gateway;

import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.credit.HoldResult;
import io.synapse.gateway.credit.PriceList;
import io.synapse.gateway.credit.Settled;
import io.synapse.gateway.credit.Settlement;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.UnpricedUnitException;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.credit.UsageSource;
import io.synapse.gateway.fault.StoreUnavailableException;
import io.synapse.gateway.identity.Caller;
import io.synapse.gateway.provider.TokenCounter;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The money of a call: takes its hold, and resolves it, whichever way the call ends. What the ledger cannot be told now it
 * is told later; see {@link InFlight}.
 */
final class Holds {
    private static final System.Logger LOG = System.getLogger(Holds.class.getName());
    private static final Duration RETRY_SOON = Duration.ofSeconds(5);
    /** A reported cost so many times above the worst that was asked for is a fault of the upstream's, not a usage. */
    private static final long CREDIBLE = 4;
    /** Prompt tokens that an upstream may add to what we see: chat templates, instructions of its own. */
    private static final long UNSEEN_TOKENS = 1_000;

    private final CreditLedger ledger;
    private final TokenCounter tokens;
    private final InFlight inFlight;
    private final Environment environment;

    Holds(CreditLedger ledger, TokenCounter tokens, InFlight inFlight, Environment environment) {
        this.ledger = ledger;
        this.tokens = tokens;
        this.inFlight = inFlight;
        this.environment = environment;
    }

    /** An open hold with what it was taken for. */
    record Open(UUID charge, Model model, Quote quote, HoldResult.Held hold, OptionalLong bound) {}

    /**
     * Sets the worst cost of a call aside.
     *
     * @throws GatewayException if that is not possible: nothing is held then
     */
    Open take(Admission admission, Model model, Verb<?, ?> verb) {
        if (inFlight.draining()) {
            throw new GatewayException(new GatewayError.Overloaded(RETRY_SOON));
        }
        Quote quote = verb.quote(model, tokens);
        Credits least = quote.least();
        UUID charge = admission.charge() == null ? environment.newCharge() : admission.charge();
        inFlight.begin(charge);
        boolean held = false;
        try {
            Caller caller = admission.caller();
            HoldResult result = ledger.hold(new HoldRequest(
                    charge,
                    admission.requestId(),
                    caller.wallet(),
                    caller.project(),
                    caller.key(),
                    model.id(),
                    quote.worst(),
                    least,
                    inFlight.lease()));
            switch (result) {
                case HoldResult.Held won -> {
                    held = true;
                    return new Open(charge, model, quote, won, quote.bound(won.reserved()));
                }
                case HoldResult.InsufficientCredits lacking ->
                    throw new GatewayException(new GatewayError.InsufficientCredits(least, lacking.available()));
                case HoldResult.BudgetExceeded capped ->
                    throw new GatewayException(new GatewayError.BudgetExceeded(capped.left()));
                case HoldResult.KeyInactive ignored -> throw new GatewayException(new GatewayError.Unauthorized());
            }
        } catch (StoreUnavailableException e) {
            // The hold may have been taken for all we know; releasing one that was not does nothing.
            inFlight.releaseLater(charge);
            throw new GatewayException(new GatewayError.Overloaded(RETRY_SOON), e);
        } finally {
            if (!held) {
                inFlight.end(charge);
            }
        }
    }

    /** Charges a call that came to its end, for what the upstream says that it used, else for what the gateway counts. */
    <A> Receipt settle(Open open, Verb<?, A> verb, A answer, String provider) {
        Usage reported = verb.reported(answer);
        if (reported != null) {
            Usage usage = withRequest(open.quote().prices(), reported);
            if (credible(open, usage)) {
                return close(open, usage, UsageSource.PROVIDER, provider);
            }
            LOG.log(Level.WARNING, "provider {0} reports an incredible usage: {1}", provider, usage);
        }
        Usage usage;
        try {
            usage = measured(open, verb, answer);
        } catch (RuntimeException e) {
            throw unbillable(open, e);
        }
        return close(open, usage, UsageSource.MEASURED, provider);
    }

    /** Lets go of what nobody can put a price to. */
    private GatewayException unbillable(Open open, RuntimeException e) {
        release(open);
        LOG.log(Level.ERROR, "model " + open.model().id() + " cannot be billed", e);
        return new GatewayException(new GatewayError.Internal(), e);
    }

    /**
     * Closes a call that broke off: it costs what had been made for a receiver that has it, and nothing otherwise.
     *
     * @return what was paid, or null if nothing was
     */
    @Nullable
    Receipt closeBroken(Open open, Verb<?, ?> verb, String provider) {
        if (verb.begun()) {
            return close(open, measured(open, verb, null), UsageSource.MEASURED, provider);
        }
        release(open);
        return null;
    }

    /** What the gateway counts, never more than what was allowed for. */
    private <A> Usage measured(Open open, Verb<?, A> verb, @Nullable A answer) {
        Usage counted = verb.measured(answer, tokens, open.quote()).with(Unit.REQUESTS, 1);
        return open.quote().clamp(open.quote().prices().pricedPart(counted), open.bound());
    }

    private static Usage withRequest(PriceList prices, Usage usage) {
        return prices.rates().containsKey(Unit.REQUESTS) ? usage.with(Unit.REQUESTS, 1) : usage;
    }

    private static boolean credible(Open open, Usage reported) {
        Credits cost;
        try {
            cost = open.quote().prices().cost(reported);
        } catch (UnpricedUnitException | ArithmeticException e) {
            // Closing the charge says what is wrong with it.
            return true;
        }
        if (cost.compareTo(open.hold().reserved()) <= 0) {
            return true;
        }
        PriceList prices = open.quote().prices();
        Credits worst = open.quote().worst();
        if (prices.rates().containsKey(Unit.INPUT_TOKENS)) {
            worst = worst.plus(prices.worstCost(Usage.of(Unit.INPUT_TOKENS, UNSEEN_TOKENS)));
        }
        return cost.micros() / CREDIBLE <= worst.micros();
    }

    /** Settles; if the ledger cannot, whatever its reason, the charge stays owed and is sent again until it is taken. */
    private Receipt close(Open open, Usage usage, UsageSource source, String provider) {
        Settlement settlement;
        try {
            settlement =
                    Settlement.priced(open.charge(), usage, source, open.quote().prices(), provider);
        } catch (UnpricedUnitException | ArithmeticException e) {
            throw unbillable(open, e);
        }
        Settled settled;
        try {
            settled = ledger.settle(settlement);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "charge " + open.charge() + " will be settled later", e);
            inFlight.settleLater(settlement);
            settled = new Settled(settlement.cost().min(open.hold().reserved()), Credits.ZERO);
        }
        return new Receipt(
                open.charge(), open.model(), provider, usage, source, settled.charged(), settled.available());
    }

    private void release(Open open) {
        try {
            ledger.release(open.charge());
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "charge " + open.charge() + " will be released later", e);
            inFlight.releaseLater(open.charge());
        }
    }
}
