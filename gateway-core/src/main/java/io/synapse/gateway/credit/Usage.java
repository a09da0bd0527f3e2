package io.synapse.gateway.credit;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What one call used, unit by unit. A unit that is not named was not used; that no usage is known at all is a missing
 * {@code Usage}, never an empty one. Immutable.
 *
 * @param quantities unit to count, each 0 to {@link #MOST}
 */
public record Usage(Map<Unit, Long> quantities) {
    /** The most of one unit that a single call can have used; anything above is a lie of the upstream's. */
    public static final long MOST = 1_000_000_000_000L;

    /** Used nothing: an explicit zero. */
    public static final Usage NONE = new Usage(Map.of());

    public Usage {
        EnumMap<Unit, Long> copy = new EnumMap<>(Unit.class);
        quantities.forEach((unit, quantity) -> {
            if (quantity < 0 || quantity > MOST) {
                throw new IllegalArgumentException(unit.wireName() + " out of range: " + quantity);
            }
            copy.put(unit, quantity);
        });
        quantities = Collections.unmodifiableMap(copy);
    }

    /** One unit. */
    public static Usage of(Unit unit, long quantity) {
        return new Usage(Map.of(unit, quantity));
    }

    /** Two units, the usual pair of a chat. */
    public static Usage of(Unit first, long firstQuantity, Unit second, long secondQuantity) {
        EnumMap<Unit, Long> both = new EnumMap<>(Unit.class);
        both.put(first, firstQuantity);
        both.put(second, secondQuantity);
        return new Usage(both);
    }

    /** This usage with one unit set to another quantity. */
    public Usage with(Unit unit, long quantity) {
        EnumMap<Unit, Long> copy = new EnumMap<>(Unit.class);
        copy.putAll(quantities);
        copy.put(unit, quantity);
        return new Usage(copy);
    }

    /** How much of a unit was used; 0 where it is not named. */
    public long quantity(Unit unit) {
        return quantities.getOrDefault(unit, 0L);
    }
}
