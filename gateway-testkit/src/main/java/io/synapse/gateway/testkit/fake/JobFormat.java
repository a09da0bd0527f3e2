package io.synapse.gateway.testkit.fake;

import io.synapse.gateway.provider.UpstreamException.Kind;

/**
 * How an upstream writes that works on jobs: a request submits one, others ask how it stands, and another ends it.
 * {@link #answers} answers all of them while all is well: the submission with the job's name, the questions with its result.
 * Stateless.
 *
 * @param <A> what a good answer holds
 */
public interface JobFormat<A> extends UpstreamFormat<A> {
    /** What any request is answered while the job runs: the submission as ever, a question with "not yet". */
    Answer runs(Request request);

    /**
     * What any request is answered when the job fails after it was taken on: the submission as ever, a question with the
     * failure.
     *
     * @param kind {@link Kind#FAILED}, or another of the kinds that the contract is told of
     */
    Answer failsLater(Request request, Kind kind);

    /** Whether a request tells the upstream that nobody waits for the job any more. */
    boolean cancels(Request request);

    /** Whether the upstream can be told so. */
    default boolean cancellable() {
        return true;
    }
}
