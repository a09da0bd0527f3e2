package io.synapse.gateway.testkit.fake;

import java.io.IOException;

/** An answer that ends here, with its connection, because a test wants it to. Thrown by an {@link Answer}. */
public final class CutException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Ends the answer. */
    public CutException() {
        super("cut off, as was asked");
    }
}
