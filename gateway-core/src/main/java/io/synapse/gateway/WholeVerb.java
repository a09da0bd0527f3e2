package io.synapse.gateway;

import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.provider.Provider;
import io.synapse.gateway.provider.TokenCounter;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A modality whose answer comes in one piece.
 *
 * @param modality which
 * @param model the model asked for, or null for the default
 * @param capability which kind of provider can serve it
 * @param worst the most that it can use on a model
 * @param method how to ask a provider
 * @param usageOf what the upstream said was used
 * @param count what the gateway itself counts as used
 */
record WholeVerb<P extends Provider, A>(
        Modality modality,
        @Nullable String model,
        Class<P> capability,
        BiFunction<Model, TokenCounter, Quote> worst,
        Method<P, A> method,
        Function<A, @Nullable Usage> usageOf,
        Count<A> count)
        implements Verb<P, A> {
    /** How to ask a provider. */
    @FunctionalInterface
    interface Method<P, A> {
        A ask(P provider, UpstreamCall call) throws UpstreamException;
    }

    /** How to count an answer. */
    @FunctionalInterface
    interface Count<A> {
        Usage of(A answer, TokenCounter tokens, Quote quote);
    }

    @Override
    public boolean streamed() {
        return false;
    }

    @Override
    public Quote quote(Model asked, TokenCounter tokens) {
        return worst.apply(asked, tokens);
    }

    @Override
    public void reserved(Model asked, Credits reserved, Credits available, InFlight.Running running) {
        // Nobody is told before the answer is there.
    }

    @Override
    public A ask(P provider, UpstreamCall call) throws UpstreamException {
        return Objects.requireNonNull(method.ask(provider, call), "the provider answered with nothing");
    }

    @Override
    public @Nullable Usage reported(A answer) {
        return usageOf.apply(answer);
    }

    @Override
    public Usage measured(@Nullable A answer, TokenCounter tokens, Quote quote) {
        if (answer == null) {
            throw new IllegalStateException("an answer in one piece is there or not");
        }
        return count.of(answer, tokens, quote);
    }

    @Override
    public boolean begun() {
        return false;
    }

    @Override
    public @Nullable RuntimeException receiverFailure() {
        return null;
    }
}
