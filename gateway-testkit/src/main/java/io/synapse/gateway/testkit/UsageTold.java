package io.synapse.gateway.testkit;

/** What an upstream tells of what a call used. */
public enum UsageTold {
    /** Exact numbers; zero is one of them. */
    EXACTLY,
    /** Exact numbers; where it says zero it did not count. */
    ABOVE_ZERO,
    /** Nothing, or nothing that anything is priced by. */
    NEVER
}
