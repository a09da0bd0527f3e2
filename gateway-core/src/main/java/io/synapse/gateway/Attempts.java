package io.synapse.gateway;

import io.synapse.gateway.catalog.Route;
import io.synapse.gateway.provider.Provider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamCall.Stop;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Asks the routes of a model until one answers. Another route is asked only while nothing of an answer has gone out, and
 * only after failures that say nothing about what others would do; the same one again only if it asked to come back later.
 * One hold covers all attempts, and one charge comes of them.
 */
final class Attempts {
    private static final System.Logger LOG = System.getLogger(Attempts.class.getName());
    private static final Duration RETRY_SOON = Duration.ofSeconds(5);

    private final RetryPolicy policy;
    private final Environment environment;
    private final RouteHealth health;

    Attempts(RetryPolicy policy, Environment environment) {
        this.policy = policy;
        this.environment = environment;
        this.health = new RouteHealth(environment::nanoTime);
    }

    /**
     * A way to serve a model.
     *
     * @param provider a provider that is configured
     * @param upstream its name of the model
     * @param route the catalog's route, or null for a test key's way to the sandbox, whose faults are rehearsed
     */
    record Leg<P>(P provider, String upstream, @Nullable Route route) {}

    /** What went wrong last on a leg. */
    private record Failure<P>(Leg<P> leg, UpstreamException reason) {
        boolean passes() {
            return reason.kind() == Kind.RATE_LIMITED || reason.kind() == Kind.OVERLOADED;
        }
    }

    /**
     * Asks.
     *
     * @param limit how long all attempts together may take
     * @throws GatewayException if none answered
     */
    <P extends Provider, A> A ask(
            Holds.Open open,
            List<Leg<P>> legs,
            Verb<P, A> verb,
            InFlight.Running running,
            Duration limit,
            CallLog log) {
        long began = environment.nanoTime();
        List<Leg<P>> round = wellFirst(legs);
        for (int retry = 0; ; retry++) {
            List<Failure<P>> failures = new ArrayList<>(1);
            for (Leg<P> leg : round) {
                log.provider = leg.provider().id();
                UpstreamCall call = new UpstreamCall(
                        open.charge().toString(),
                        leg.upstream(),
                        open.bound(),
                        limit.minusNanos(environment.nanoTime() - began),
                        environment::nanoTime);
                running.attempt(call, leg.provider());
                try {
                    A answer = verb.ask(leg.provider(), call);
                    if (leg.route() != null) {
                        health.succeeded(leg.route());
                    }
                    return answer;
                } catch (UpstreamException e) {
                    failed(leg, e, call);
                    if (!e.kind().anotherMayServe() || verb.begun() || running.stopped() != null) {
                        throw told(call.stopped(), leg.provider().id(), e);
                    }
                    failures.add(new Failure<>(leg, e));
                } catch (Exception e) {
                    // Not only unchecked ones: code that was not written in Java need not declare what it throws.
                    if (call.stopped() != null) {
                        throw told(call.stopped(), leg.provider().id(), e);
                    }
                    throw e;
                }
            }
            Failure<P> worst = worst(failures);
            Duration wait = wait(failures, retry);
            if (wait == null || wait.compareTo(limit.minusNanos(environment.nanoTime() - began)) >= 0) {
                throw told(null, worst.leg().provider().id(), worst.reason());
            }
            pause(wait, running, worst);
            round = failures.stream().filter(Failure::passes).map(Failure::leg).toList();
        }
    }

    private <P> List<Leg<P>> wellFirst(List<Leg<P>> legs) {
        if (legs.size() == 1) {
            return legs;
        }
        List<Leg<P>> order = new ArrayList<>(legs.size());
        legs.stream().filter(this::isWell).forEach(order::add);
        legs.stream().filter(leg -> !isWell(leg)).forEach(order::add);
        return order;
    }

    private boolean isWell(Leg<?> leg) {
        return leg.route() == null || health.isWell(leg.route());
    }

    private static <P extends Provider> void logged(Leg<P> leg, UpstreamException e) {
        LOG.log(Level.DEBUG, "provider {0} failed: {1}", leg.provider().id(), e.getMessage());
    }

    private <P extends Provider> void failed(Leg<P> leg, UpstreamException e, UpstreamCall call) {
        logged(leg, e);
        // A caller who hung up, or a server that stops, says nothing about the upstream.
        boolean itsOwn = call.stopped() == null || call.stopped() == Stop.TIMED_OUT;
        if (leg.route() != null && itsOwn) {
            health.failed(leg.route(), e);
        }
    }

    /** The failure to tell of: that an upstream cannot do something matters only if none can. */
    private static <P> Failure<P> worst(List<Failure<P>> failures) {
        return failures.reversed().stream()
                .filter(failure -> failure.reason().kind() != Kind.UNSUPPORTED)
                .findFirst()
                .orElse(failures.getLast());
    }

    /** How long to wait before the next round, or null if there is none. */
    private <P> @Nullable Duration wait(List<Failure<P>> failures, int retry) {
        if (retry >= policy.retries()) {
            return null;
        }
        Duration shortest = null;
        for (Failure<P> failure : failures) {
            Duration asked = failure.reason().retryAfter();
            Duration wait = asked == null ? policy.firstWait().multipliedBy(1L << retry) : asked;
            boolean worth = failure.passes() && wait.compareTo(policy.longestWait()) <= 0;
            if (worth && (shortest == null || wait.compareTo(shortest) < 0)) {
                shortest = wait;
            }
        }
        return shortest;
    }

    /** Waits a little longer than asked, each caller differently, so that they do not all come back at once. */
    private <P extends Provider> void pause(Duration wait, InFlight.Running running, Failure<P> failure) {
        CountDownLatch stopped = running.stopLatch();
        Duration longer = Duration.ofNanos((long) (wait.toNanos() * (1 + environment.random() / 4)));
        try {
            if (!environment.await(stopped, longer)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw told(running.stopped(), failure.leg().provider().id(), failure.reason());
    }

    private static GatewayException told(@Nullable Stop stop, String provider, Exception e) {
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
}
