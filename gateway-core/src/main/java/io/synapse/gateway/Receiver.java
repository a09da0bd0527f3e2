package io.synapse.gateway;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Who gets a streamed answer, and may go away before its end. Used by the thread that reads the answer. */
final class Receiver {
    private InFlight.@Nullable Running running;
    private @Nullable RuntimeException failure;
    private boolean whole;
    private boolean brokeOff;

    /** Whose answer it is. */
    void of(InFlight.Running call) {
        running = call;
    }

    /** Nothing more comes of the upstream; whoever goes away from here on breaks nothing off. */
    void answerIsWhole() {
        whole = true;
    }

    /**
     * Passes something on, unless the receiver is gone.
     *
     * @throws RuntimeException what the receiver threw, if the upstream is to be cancelled
     */
    void pass(Runnable step) {
        if (failure != null) {
            return;
        }
        try {
            step.run();
        } catch (RuntimeException e) {
            failure = e;
            brokeOff = !whole && (running == null || !running.readsOnAlone());
            if (brokeOff) {
                throw e;
            }
        }
    }

    /** What the receiver threw when it had enough, or null. */
    @Nullable
    RuntimeException failure() {
        return failure;
    }

    /** Nothing is worth waiting for any more: to be thrown, so that the upstream is cancelled after all. */
    RuntimeException breakOff() {
        brokeOff = true;
        return Objects.requireNonNull(failure);
    }

    /** Whether the upstream was cancelled since the receiver was gone. */
    boolean brokeOff() {
        return brokeOff;
    }
}
