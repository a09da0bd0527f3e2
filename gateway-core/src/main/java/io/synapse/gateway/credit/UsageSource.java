package io.synapse.gateway.credit;

import java.util.Locale;

/** Where the usage that a charge was priced from came from. */
public enum UsageSource {
    /** The upstream reported it. */
    PROVIDER,
    /** The gateway counted what was delivered. */
    MEASURED,
    /** Neither was possible; the estimate made before the call stands. */
    ESTIMATED;

    /** The name in receipts: {@code provider}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
