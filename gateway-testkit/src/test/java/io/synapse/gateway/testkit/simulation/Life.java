package io.synapse.gateway.testkit.simulation;

/** A process from its start to its end. All that runs in it ends with it, wherever it is. */
final class Life {
    /** The world outside the nodes, which does not end. */
    static final Life OUTSIDE = new Life();

    private boolean over;

    /** Thrown where the actors of a process that died stand; nothing in the engine catches it. */
    static final class Ended extends Error {
        private static final long serialVersionUID = 1L;

        Ended() {
            super("the process died", null, false, false);
        }
    }

    void end() {
        if (this == OUTSIDE) {
            throw new IllegalStateException("the world does not end");
        }
        over = true;
    }

    boolean over() {
        return over;
    }
}
