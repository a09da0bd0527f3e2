package io.synapse.gateway.testkit.simulation;

import io.synapse.gateway.Receipt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A call as its caller remembers it.
 *
 * @param requestId its id
 * @param wallet who pays
 * @param outcome what came of it
 * @param pieces how many pieces of a streamed answer arrived
 * @param answered the charge of the answer, or null if there was none
 * @param receipt what the caller was told about the price, or null if nothing
 */
record Call(
        String requestId,
        String wallet,
        Outcome outcome,
        int pieces,
        @Nullable UUID answered,
        @Nullable Receipt receipt) {
    /** What came of a call. */
    enum Outcome {
        /** There was an answer. */
        ANSWERED,
        /** The gateway said no, or that it failed. */
        REFUSED,
        /** The caller had enough. */
        HUNG_UP,
        /** The node died. */
        CUT_OFF
    }
}
