package io.synapse.gateway.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The engine keeps its laws whatever happens around it: ten thousand seeds, or as many as fit into a minute.
 *
 * <p>{@code -Dsimulation.first=S -Dsimulation.seeds=N} runs N others from S on, however long it takes. A seed that fails is
 * told with its trace.
 */
@ExtendWith(Silence.class)
class SimulationTest {
    private static final String MANY = "simulation.seeds";
    private static final int SEEDS = Integer.getInteger(MANY, 10_000);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration FOREVER = Duration.ofDays(365);
    private static final long FIRST = Long.getLong("simulation.first", 1);

    @Test
    void no_seed_breaks_a_law() {
        Seeds.Report report = Seeds.run(Parts.REAL, FIRST, SEEDS, System.getProperty(MANY) == null ? MINUTE : FOREVER);
        System.out.println(report.summary());
        assertThat(report.firstFailure()).as(() -> report.explain(Parts.REAL)).isNull();
    }

    @Test
    void the_same_seed_makes_the_same_run() {
        for (long seed = FIRST; seed < FIRST + 50; seed++) {
            Simulation.Result once = Simulation.run(seed, Parts.REAL, false);
            Simulation.Result again = Simulation.run(seed, Parts.REAL, true);
            assertThat(again.hash()).isEqualTo(once.hash());
            assertThat(again.steps()).isEqualTo(once.steps());
            assertThat(again.trace()).isNotEmpty();
        }
    }
}
