package io.synapse.gateway.testkit.fake;

import io.synapse.gateway.provider.UpstreamException.Kind;

/**
 * An upstream that works on jobs: it takes one on at once, and is asked how it stands. Safe for use by many threads.
 *
 * @param <A> what a good answer holds
 */
public interface JobUpstream<A> extends MediaUpstream<A> {
    /** Answers well, after so many questions that it answers with "not yet". */
    void answersAfter(int questions, A answer);

    /** Takes jobs on and never ends one. */
    void worksForEver();

    /** Takes jobs on, which then fail. */
    void failsLater(Kind kind);

    /** Whether it can be told that nobody waits for a job any more. */
    boolean cancellable();

    /** How many jobs it was told not to go on with since it was last told what to do. */
    int cancellations();

    /** Waits until it was told so often not to go on with a job since then; fails if it is not. */
    void awaitCancellations(int count);
}
