package io.synapse.gateway;

import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.provider.Provider;
import io.synapse.gateway.provider.TokenCounter;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import org.jspecify.annotations.Nullable;

/**
 * One request of one modality, as the {@link Road} sees it: what it asks for, what it can cost at worst, how to ask a
 * provider, and what it used. One instance a request, used by one thread.
 */
interface Verb<P extends Provider, A> {
    /** Which modality. */
    Modality modality();

    /** The model asked for, or null for the default. */
    @Nullable
    String model();

    /** Which kind of provider can serve it. */
    Class<P> capability();

    /** Whether the answer is streamed. */
    boolean streamed();

    /** The worst it can use on a model. */
    Quote quote(Model model, TokenCounter tokens);

    /** The worst cost is set aside; the upstream will be asked now. */
    void reserved(Model model, Credits reserved, Credits available, InFlight.Running running);

    /** Asks the upstream. */
    A ask(P provider, UpstreamCall call) throws UpstreamException;

    /** What the upstream said was used, or null. */
    @Nullable
    Usage reported(A answer);

    /** What the gateway itself counts as used, of an answer that is complete or of what there was until it broke off. */
    Usage measured(@Nullable A answer, TokenCounter tokens, Quote quote);

    /** Whether a part of the answer has gone out: from then on there is no other route, and a failure costs what was made. */
    boolean begun();

    /** What the receiver of the answer threw when it had enough, or null. */
    @Nullable
    RuntimeException receiverFailure();

    /** The call is over. What it cost is there even where it broke off; null if nothing was charged. */
    default void over(@Nullable Receipt receipt) {}
}
