package io.synapse.gateway;

import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.catalog.Route;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.HoldRequest;
import io.synapse.gateway.credit.HoldResult;
import io.synapse.gateway.credit.Settled;
import io.synapse.gateway.credit.Settlement;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.UnpricedUnitException;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.credit.UsageSource;
import io.synapse.gateway.fault.StoreUnavailableException;
import io.synapse.gateway.identity.Caller;
import io.synapse.gateway.internal.Uuids;
import io.synapse.gateway.provider.Provider;
import io.synapse.gateway.provider.TokenCounter;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamCall.Stop;
import io.synapse.gateway.provider.UpstreamException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The road from an admitted request to its receipt, the same for every modality, streamed or not. The order of its steps
 * is the order of the errors that callers see, and what keeps the money safe: nobody is asked before the worst cost is
 * held, and every way out resolves the hold.
 */
final class Road {
    private static final System.Logger LOG = System.getLogger(Road.class.getName());
    private static final Duration RETRY_SOON = Duration.ofSeconds(5);
    /** A reported cost so many times above the worst that was asked for is a fault of the upstream's, not a usage. */
    private static final long CREDIBLE = 4;

    private final ModelCatalog catalog;
    private final CreditLedger ledger;
    private final Map<String, Provider> providers;
    private final @Nullable Provider sandbox;
    private final TokenCounter tokens;
    private final Duration timeout;
    private final InFlight inFlight;
    private final GatewayListener listener;

    Road(
            ModelCatalog catalog,
            CreditLedger ledger,
            Map<String, Provider> providers,
            @Nullable Provider sandbox,
            TokenCounter tokens,
            Duration timeout,
            InFlight inFlight,
            GatewayListener listener) {
        this.catalog = catalog;
        this.ledger = ledger;
        this.providers = providers;
        this.sandbox = sandbox;
        this.tokens = tokens;
        this.timeout = timeout;
        this.inFlight = inFlight;
        this.listener = listener;
    }

    /** What is known of a call so far, for the listener. */
    private static final class Log {
        private @Nullable Model model;
        private @Nullable String provider;
        private long upstreamNanos;
        private @Nullable Usage usage;
        private Credits charged = Credits.ZERO;
        private @Nullable GatewayError error;
    }

    /** An open hold with what it was taken for. */
    private record Open(UUID charge, Model model, Quote quote, HoldResult.Held hold, OptionalLong bound) {}

    /** A way to serve the model: a provider that is configured, and its name of the model. */
    private record Leg<P>(P provider, String upstream) {}

    <P extends Provider, A> Answered<A> travel(Admission admission, Verb<P, A> verb) {
        long began = System.nanoTime();
        Log log = new Log();
        try {
            Caller caller = admission.caller();
            Named named = resolve(caller, verb);
            Model model = named.model();
            log.model = model;
            mayUse(caller, model, verb.modality());
            List<Leg<P>> legs = configured(caller, named, verb.capability());
            Open open = reserve(admission, model, verb);
            try {
                A answer = invoke(open, legs, verb, log);
                return new Answered<>(answer, settle(open, verb, answer, log));
            } finally {
                inFlight.end(open.charge());
            }
        } catch (GatewayException e) {
            log.error = e.error();
            throw e;
        } catch (RuntimeException e) {
            log.error = verb.receiverFailed() ? new GatewayError.CallerGone() : new GatewayError.Internal();
            throw e;
        } finally {
            tell(verb, log, System.nanoTime() - began);
        }
    }

    /** A model, and the fault that a caller of the sandbox asked for by a suffix of its name. */
    private record Named(Model model, String faultSuffix) {}

    private Named resolve(Caller caller, Verb<?, ?> verb) {
        String name = verb.model();
        if (name == null) {
            return new Named(
                    catalog.defaultFor(verb.modality())
                            .orElseThrow(() -> new GatewayException(new GatewayError.InvalidRequest(
                                    "model", "'model' is required: this gateway has no default for this endpoint."))),
                    "");
        }
        Model exact = catalog.find(name).orElse(null);
        if (exact != null) {
            return new Named(exact, "");
        }
        int colon = name.lastIndexOf(':');
        Model plain = colon < 0 ? null : catalog.find(name.substring(0, colon)).orElse(null);
        if (plain != null && sandbox != null && sandbox.knowsFault(name.substring(colon + 1))) {
            boolean sandboxed =
                    caller.test() || plain.routes().getFirst().provider().equals(sandbox.id());
            if (sandboxed) {
                return new Named(plain, name.substring(colon));
            }
        }
        throw new GatewayException(new GatewayError.ModelNotFound(name));
    }

    private static void mayUse(Caller caller, Model model, Modality asked) {
        boolean serves = model.modality() == asked;
        if (!caller.mayUse(model.id()) || (!serves && !caller.defaultProject())) {
            throw new GatewayException(new GatewayError.ModelNotAllowed(model.id()));
        }
        if (!serves) {
            throw new GatewayException(new GatewayError.ModalityMismatch(model.id(), model.modality(), asked));
        }
    }

    private <P extends Provider> List<Leg<P>> configured(Caller caller, Named named, Class<P> capability) {
        Model model = named.model();
        List<Leg<P>> legs = new ArrayList<>();
        if (caller.test()) {
            if (capability.isInstance(sandbox)) {
                legs.add(new Leg<>(capability.cast(sandbox), model.id() + named.faultSuffix()));
            }
        } else {
            for (Route route : model.routes()) {
                Provider provider = providers.get(route.provider());
                if (capability.isInstance(provider)) {
                    legs.add(new Leg<>(capability.cast(provider), route.upstream() + named.faultSuffix()));
                }
            }
        }
        if (legs.isEmpty()) {
            throw new GatewayException(new GatewayError.ProviderNotConfigured(
                    model.id(),
                    caller.test() ? "sandbox" : model.routes().getFirst().provider()));
        }
        return legs;
    }

    /** Whether a caller would find a provider behind the model. */
    boolean available(Caller caller, Model model) {
        return caller.test()
                ? sandbox != null
                : model.routes().stream().anyMatch(route -> providers.containsKey(route.provider()));
    }

    private Open reserve(Admission admission, Model model, Verb<?, ?> verb) {
        if (inFlight.draining()) {
            throw new GatewayException(new GatewayError.Overloaded(RETRY_SOON));
        }
        Quote quote = verb.quote(model, tokens);
        Credits least = quote.least(model.prices());
        UUID charge = Uuids.next();
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
                    quote.worst(model.prices()),
                    least,
                    inFlight.lease()));
            switch (result) {
                case HoldResult.Held won -> {
                    held = true;
                    return new Open(charge, model, quote, won, quote.bound(model, won.reserved()));
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

    /** Asks one route after the other until one answers, something has gone out, or the error says that none will. */
    private <P extends Provider, A> A invoke(Open open, List<Leg<P>> legs, Verb<P, A> verb, Log log) {
        InFlight.Running running = inFlight.running(open.charge());
        long began = System.nanoTime();
        try {
            verb.reserved(
                    open.model(),
                    open.hold().reserved(),
                    open.hold().available(),
                    () -> running.stop(Stop.CALLER_GONE));
            for (int i = 0; ; i++) {
                Leg<P> leg = legs.get(i);
                log.provider = leg.provider().id();
                Duration left = timeout.minusNanos(System.nanoTime() - began);
                UpstreamCall call = new UpstreamCall(open.charge().toString(), leg.upstream(), open.bound(), left);
                running.attempt(call);
                try {
                    return verb.ask(leg.provider(), call);
                } catch (UpstreamException e) {
                    boolean another = i + 1 < legs.size()
                            && e.kind().anotherMayServe()
                            && !verb.begun()
                            && call.stopped() == null;
                    LOG.log(
                            Level.DEBUG,
                            "provider {0} failed: {1}",
                            leg.provider().id(),
                            e.getMessage());
                    if (!another) {
                        throw failed(call, leg.provider().id(), e);
                    }
                } catch (RuntimeException e) {
                    if (call.stopped() != null) {
                        throw failed(call, leg.provider().id(), e);
                    }
                    throw e;
                }
            }
        } catch (RuntimeException e) {
            closeFailed(open, verb, log);
            if (e instanceof GatewayException || verb.receiverFailed()) {
                throw e;
            }
            LOG.log(Level.ERROR, "provider " + log.provider + " broke", e);
            throw new GatewayException(new GatewayError.Internal(), e);
        } finally {
            log.upstreamNanos = System.nanoTime() - began;
        }
    }

    /** A call that broke off costs what had been made for a receiver that has it, and nothing otherwise. */
    private void closeFailed(Open open, Verb<?, ?> verb, Log log) {
        if (verb.begun()) {
            Usage made = open.quote().clamp(measured(open, verb, null), open.bound());
            close(open, made, UsageSource.MEASURED, log);
        } else {
            release(open);
        }
    }

    private static GatewayException failed(UpstreamCall call, String provider, Exception e) {
        Stop stop = call.stopped();
        GatewayError error = switch (stop) {
            case TIMED_OUT -> new GatewayError.UpstreamTimeout(provider);
            case CALLER_GONE -> new GatewayError.CallerGone();
            case SHUTTING_DOWN -> new GatewayError.Overloaded(RETRY_SOON);
            case null ->
                e instanceof UpstreamException upstream ? translate(provider, upstream) : new GatewayError.Internal();
        };
        return new GatewayException(error, e);
    }

    private static GatewayError translate(String provider, UpstreamException e) {
        return switch (e.kind()) {
            case REJECTED -> new GatewayError.InvalidRequest(e.param(), e.getMessage());
            case TIMED_OUT -> new GatewayError.UpstreamTimeout(provider);
            case RATE_LIMITED, OVERLOADED, UNREACHABLE, FAILED, MALFORMED, UNAUTHORIZED, QUOTA_EXHAUSTED, MODEL_GONE ->
                new GatewayError.UpstreamFailed(provider, e.kind(), e.retryAfter());
        };
    }

    private <P extends Provider, A> Receipt settle(Open open, Verb<P, A> verb, A answer, Log log) {
        Usage reported = verb.reported(answer);
        if (reported != null) {
            reported = withRequest(open.model(), reported);
            if (credible(open, reported)) {
                return close(open, reported, UsageSource.PROVIDER, log);
            }
            LOG.log(Level.WARNING, "provider {0} reports an incredible usage: {1}", log.provider, reported);
        }
        return close(open, open.quote().clamp(measured(open, verb, answer), open.bound()), UsageSource.MEASURED, log);
    }

    private <A> Usage measured(Open open, Verb<?, A> verb, @Nullable A answer) {
        return open.model().prices().pricedPart(verb.measured(answer, tokens).with(Unit.REQUESTS, 1));
    }

    private static Usage withRequest(Model model, Usage usage) {
        return model.prices().rates().containsKey(Unit.REQUESTS) ? usage.with(Unit.REQUESTS, 1) : usage;
    }

    private static boolean credible(Open open, Usage reported) {
        Credits cost;
        try {
            cost = open.model().prices().cost(reported);
        } catch (UnpricedUnitException e) {
            // Closing the charge says what is wrong with it.
            return true;
        }
        Credits worst = open.quote().worst(open.model().prices());
        return cost.micros() / CREDIBLE <= worst.micros();
    }

    /** Settles; if the ledger cannot be asked, the charge stays owed and is sent again until it is taken. */
    private Receipt close(Open open, Usage usage, UsageSource source, Log log) {
        String provider = String.valueOf(log.provider);
        Settlement settlement;
        try {
            settlement =
                    Settlement.priced(open.charge(), usage, source, open.model().prices(), provider);
        } catch (UnpricedUnitException e) {
            release(open);
            LOG.log(Level.ERROR, "model " + open.model().id() + " cannot be billed", e);
            throw new GatewayException(new GatewayError.Internal(), e);
        }
        Settled settled;
        try {
            settled = ledger.settle(settlement);
        } catch (StoreUnavailableException e) {
            LOG.log(Level.WARNING, "charge " + open.charge() + " will be settled later", e);
            inFlight.settleLater(settlement);
            settled = new Settled(settlement.cost().min(open.hold().reserved()), Credits.ZERO);
        }
        log.usage = usage;
        log.charged = settled.charged();
        return new Receipt(
                open.charge(), open.model(), provider, usage, source, settled.charged(), settled.available());
    }

    private void release(Open open) {
        try {
            ledger.release(open.charge());
        } catch (StoreUnavailableException e) {
            inFlight.releaseLater(open.charge());
        }
    }

    private void tell(Verb<?, ?> verb, Log log, long nanos) {
        try {
            listener.finished(new GatewayListener.Call(
                    verb.modality(),
                    log.model == null ? null : log.model.id(),
                    log.provider,
                    verb.streamed(),
                    log.error,
                    Duration.ofNanos(nanos),
                    Duration.ofNanos(log.upstreamNanos),
                    log.usage,
                    log.charged));
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "the listener failed", e);
        }
    }
}
