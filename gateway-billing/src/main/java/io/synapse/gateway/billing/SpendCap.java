package io.synapse.gateway.billing;

import io.synapse.gateway.credit.Credits;
import java.util.Locale;

/**
 * The most that a project may spend. What is held for running calls counts as spent, so the cap is never passed. Test
 * keys are held to the same cap, counted apart.
 *
 * @param amount how much; zero allows free models only
 * @param period over which time
 */
public record SpendCap(Credits amount, Period period) {
    /** What a cap is counted over. */
    public enum Period {
        /** All that the project ever spent. */
        TOTAL,
        /** A calendar month, UTC. */
        MONTH;

        /** The word on the wire: {@code month}. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
