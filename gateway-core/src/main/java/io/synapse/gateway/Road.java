package io.synapse.gateway;

import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.catalog.Route;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.identity.Caller;
import io.synapse.gateway.provider.Provider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamCall.Stop;
import io.synapse.gateway.provider.UpstreamException;
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
    private static final Duration RETRY_SOON = Duration.ofSeconds(5);

    private final ModelCatalog catalog;
    private final Holds holds;
    private final Map<String, Provider> providers;
    private final @Nullable Provider sandbox;
    private final Duration timeout;
    private final InFlight inFlight;
    private final GatewayListener listener;

    Road(
            ModelCatalog catalog,
            Holds holds,
            Map<String, Provider> providers,
            @Nullable Provider sandbox,
            Duration timeout,
            InFlight inFlight,
            GatewayListener listener) {
        this.catalog = catalog;
        this.holds = holds;
        this.providers = providers;
        this.sandbox = sandbox;
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

        void paid(Receipt receipt) {
            usage = receipt.usage();
            charged = receipt.charged();
        }
    }

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
            Holds.Open open = holds.take(admission, model, verb);
            try {
                A answer = invoke(open, legs, verb, log);
                Receipt receipt = holds.settle(open, verb, answer, String.valueOf(log.provider));
                log.paid(receipt);
                return new Answered<>(answer, receipt);
            } finally {
                inFlight.end(open.charge());
            }
        } catch (GatewayException e) {
            log.error = e.error();
            throw e;
        } catch (RuntimeException e) {
            log.error = verb.receiverFailed() ? new GatewayError.CallerGone() : Gateway.errorOf(e);
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

    /** Asks one route after the other until one answers, something has gone out, or the error says that none will. */
    private <P extends Provider, A> A invoke(Holds.Open open, List<Leg<P>> legs, Verb<P, A> verb, Log log) {
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
            Receipt broken = holds.closeBroken(open, verb, String.valueOf(log.provider));
            if (broken != null) {
                log.paid(broken);
            }
            if (e instanceof GatewayException || verb.receiverFailed()) {
                throw e;
            }
            LOG.log(Level.ERROR, "provider " + log.provider + " broke", e);
            throw new GatewayException(new GatewayError.Internal(), e);
        } finally {
            log.upstreamNanos = System.nanoTime() - began;
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
            case REJECTED, UNSUPPORTED -> new GatewayError.InvalidRequest(e.param(), e.getMessage());
            case TIMED_OUT -> new GatewayError.UpstreamTimeout(provider);
            case RATE_LIMITED, OVERLOADED, UNREACHABLE, FAILED, MALFORMED, UNAUTHORIZED, QUOTA_EXHAUSTED, MODEL_GONE ->
                new GatewayError.UpstreamFailed(provider, e.kind(), e.retryAfter());
        };
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
