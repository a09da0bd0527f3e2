package io.synapse.gateway.testkit.simulation;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How often what goes wrong in one run. Some runs have only this fault and some only that: few laws break by all at once. */
final class Faults {
    private static final int SELDOM = 10;
    private static final int OFTEN = 80;

    private final Map<Fault, Integer> permille = new EnumMap<>(Fault.class);

    /** What can happen to a request to the database. */
    enum Fault {
        /** It takes its time, there and back. */
        SLOW,
        /** It never arrives. */
        REQUEST_LOST,
        /** It is done, and nobody hears of it. */
        ANSWER_LOST,
        /** Its sender gives up, and it arrives after all. */
        LATE,
        /** It fails there, in a way that nobody foresaw; nothing is done. */
        BROKEN,
        /** It arrives twice. */
        TWICE,
        /** It arrives now and again much later. */
        AGAIN_LATER,
        /** Its sender dies before it has left. */
        CRASH_BEFORE,
        /** Its sender dies when it is done. */
        CRASH_AFTER
    }

    /**
     * Draws how often.
     *
     * @param fair whether nothing goes wrong at all
     */
    Faults(Chance chance, boolean fair) {
        for (Fault fault : Fault.values()) {
            int most = fault == Fault.CRASH_BEFORE || fault == Fault.CRASH_AFTER ? 2 * SELDOM : OFTEN;
            permille.put(fault, fair || chance.oneIn(2) ? 0 : 1 + chance.below(most));
        }
    }

    /** What happens to the next request, or null if all goes well. */
    @Nullable
    Fault next(Chance chance) {
        int drawn = chance.below(1000);
        for (Map.Entry<Fault, Integer> each : permille.entrySet()) {
            drawn -= each.getValue();
            if (drawn < 0) {
                return each.getKey();
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return permille.toString();
    }
}
