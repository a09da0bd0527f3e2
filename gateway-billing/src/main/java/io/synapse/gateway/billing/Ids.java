package io.synapse.gateway.billing;

import java.security.SecureRandom;
import java.util.UUID;

/** Makes UUIDs of version 7: a time in front, so that new rows are neighbours in their index, then random bits. */
final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    static UUID next() {
        long random = RANDOM.nextLong();
        long high = System.currentTimeMillis() << 16 | 0x7000 | (random & 0xFFF);
        long low = RANDOM.nextLong() >>> 2 | 1L << 63;
        return new UUID(high, low);
    }
}
