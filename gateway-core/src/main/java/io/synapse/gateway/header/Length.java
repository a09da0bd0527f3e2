package io.synapse.gateway.header;

import java.util.OptionalLong;

/**
 * What a file says of how long it lasts.
 *
 * @param known whether it is a recording of the format at all
 * @param millis how long, in milliseconds; empty if it does not say
 */
record Length(boolean known, OptionalLong millis) {
    static final Length NONE = new Length(false, OptionalLong.empty());
    static final Length UNTOLD = new Length(true, OptionalLong.empty());

    static Length ofMillis(long millis) {
        return new Length(true, OptionalLong.of(millis));
    }

    /** So many units, of which a second has so many. Units and rates are what a file says: any number, zero too. */
    static Length of(double units, double unitsPerSecond) {
        return unitsPerSecond > 0 && units > 0 ? ofMillis((long) Math.ceil(units * 1000 / unitsPerSecond)) : UNTOLD;
    }

    /** The same in whole numbers. */
    static Length of(long units, long unitsPerSecond) {
        return of((double) units, (double) unitsPerSecond);
    }

    /** The longer one. */
    Length or(Length other) {
        if (millis.isEmpty()) {
            return other;
        }
        return other.millis.isEmpty() || millis.getAsLong() >= other.millis.getAsLong() ? this : other;
    }
}
