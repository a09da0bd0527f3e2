package io.synapse.gateway.testkit.simulation;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/** Every choice of a run, drawn from its seed. For the one thread that runs. */
final class Chance {
    private final SplittableRandom random;

    Chance(long seed) {
        // Neighbouring seeds should have nothing in common from the first choice on.
        this.random = new SplittableRandom(new SplittableRandom(seed).nextLong());
    }

    /** From 0 to below this many. */
    int below(int many) {
        return random.nextInt(many);
    }

    /** True so many times in a thousand. */
    boolean permille(int times) {
        return times > 0 && random.nextInt(1000) < times;
    }

    boolean oneIn(int many) {
        return random.nextInt(many) == 0;
    }

    <T> T of(List<T> several) {
        return several.get(random.nextInt(several.size()));
    }

    /** From nothing to this long. */
    Duration upTo(Duration longest) {
        return Duration.ofNanos(random.nextLong(longest.toNanos() + 1));
    }

    double fraction() {
        return random.nextDouble();
    }

    UUID uuid() {
        return new UUID(random.nextLong(), random.nextLong());
    }
}
