package io.synapse.gateway;

import io.synapse.gateway.Attempts.Leg;
import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.catalog.Route;
import io.synapse.gateway.identity.Caller;
import io.synapse.gateway.provider.Provider;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The road from an admitted request to its receipt, the same for every modality, streamed or not. The order of its steps
 * is the order of the errors that callers see, and what keeps the money safe: nobody is asked before the worst cost is
 * held, and every way out resolves the hold.
 */
final class Road {
    private static final System.Logger LOG = System.getLogger(Road.class.getName());

    private final ModelCatalog catalog;
    private final Holds holds;
    private final Map<String, Provider> providers;
    private final @Nullable Provider sandbox;
    private final Duration timeout;
    private final Duration backgroundTimeout;
    private final InFlight inFlight;
    private final GatewayListener listener;
    private final Attempts attempts;
    private final Concurrency concurrency;

    Road(
            ModelCatalog catalog,
            Holds holds,
            Map<String, Provider> providers,
            @Nullable Provider sandbox,
            Duration timeout,
            Duration backgroundTimeout,
            InFlight inFlight,
            GatewayListener listener,
            Attempts attempts,
            Concurrency concurrency) {
        this.catalog = catalog;
        this.holds = holds;
        this.providers = providers;
        this.sandbox = sandbox;
        this.timeout = timeout;
        this.backgroundTimeout = backgroundTimeout;
        this.inFlight = inFlight;
        this.listener = listener;
        this.attempts = attempts;
        this.concurrency = concurrency;
    }

    <P extends Provider, A> Answered<A> travel(Admission admission, Verb<P, A> verb) {
        CallLog log = new CallLog(admission);
        Caller caller = admission.caller();
        concurrency.enter(caller.key());
        try {
            Named named = resolve(caller, verb);
            Model model = named.model();
            log.model = model;
            mayUse(caller, model, verb.modality());
            List<Leg<P>> legs = configured(caller, named, verb.capability());
            Holds.Open open = holds.take(admission, model, verb);
            log.charge = open.charge();
            try {
                Duration limit = admission.charge() == null ? timeout : backgroundTimeout;
                A answer = invoke(open, legs, verb, limit, log);
                Receipt receipt = holds.settle(open, verb, answer, String.valueOf(log.provider));
                log.paid(receipt);
                RuntimeException gone = verb.receiverFailure();
                if (gone != null) {
                    throw gone;
                }
                return new Answered<>(answer, receipt);
            } finally {
                inFlight.end(open.charge());
            }
        } catch (GatewayException e) {
            log.error = e.error();
            throw e;
        } catch (RuntimeException e) {
            log.error = verb.receiverFailure() != null ? new GatewayError.CallerGone() : Gateway.errorOf(e);
            throw e;
        } finally {
            concurrency.leave(caller.key());
            verb.over(log.receipt);
            listener.finished(log.over(verb));
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
                legs.add(new Leg<>(capability.cast(sandbox), model.id() + named.faultSuffix(), null));
            }
        } else {
            for (Route route : model.routes()) {
                Provider provider = providers.get(route.provider());
                if (capability.isInstance(provider)) {
                    legs.add(new Leg<>(
                            capability.cast(provider),
                            route.upstream() + named.faultSuffix(),
                            named.faultSuffix().isEmpty() ? route : null));
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
        return caller.test() ? sandbox != null : available(model);
    }

    /** Whether a live call would find a provider behind the model. */
    boolean available(Model model) {
        return model.routes().stream().anyMatch(route -> providers.containsKey(route.provider()));
    }

    private <P extends Provider, A> A invoke(
            Holds.Open open, List<Leg<P>> legs, Verb<P, A> verb, Duration limit, CallLog log) {
        InFlight.Running running = inFlight.running(open.charge());
        long began = System.nanoTime();
        try {
            verb.reserved(open.model(), open.hold().reserved(), open.hold().available(), running);
            return attempts.ask(open, legs, verb, running, limit, log);
        } catch (Throwable e) {
            // Errors too: that an adapter lacks a class shows when it needs it first.
            Receipt broken = holds.closeBroken(open, verb, String.valueOf(log.provider));
            if (broken != null) {
                log.paid(broken);
            }
            if (e instanceof GatewayException || e.equals(verb.receiverFailure())) {
                throw e;
            }
            LOG.log(Level.ERROR, "provider " + log.provider + " broke", e);
            throw new GatewayException(new GatewayError.Internal(), e);
        } finally {
            log.upstreamNanos = System.nanoTime() - began;
        }
    }
}
