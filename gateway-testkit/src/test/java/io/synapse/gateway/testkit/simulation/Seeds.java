package io.synapse.gateway.testkit.simulation;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Many runs, as many at once as there are processors, each in a world of its own. */
final class Seeds {
    private static final int MOST_LINES = 400;

    private Seeds() {}

    /**
     * What came of them.
     *
     * @param asked how many runs were asked for
     * @param runs how many there was time for
     * @param steps of all runs together
     * @param took how long they took
     * @param firstFailure the lowest seed that was found to break a law, or null
     */
    record Report(int asked, long runs, long steps, Duration took, Simulation.@Nullable Result firstFailure) {
        String summary() {
            return String.format(
                    Locale.ROOT,
                    "simulation: %d of %d seeds, %d steps, in %.1f s",
                    runs,
                    asked,
                    steps,
                    took.toMillis() / 1000.0);
        }

        /** What broke, how to see it again, and how it came to that. */
        String explain(Parts parts) {
            if (firstFailure == null) {
                return "nothing broke";
            }
            Simulation.Result again = Simulation.run(firstFailure.seed(), parts, true);
            List<String> trace = again.trace();
            return "seed " + firstFailure.seed() + " breaks a law: " + firstFailure.breaches()
                    + "\nrun it again with -Dsimulation.first=" + firstFailure.seed() + " -Dsimulation.seeds=1"
                    + (again.hash() == firstFailure.hash() ? "" : "\n(run again, it went another way)") + "\n"
                    + String.join("\n", trace.subList(Math.max(0, trace.size() - MOST_LINES), trace.size()));
        }
    }

    /** Runs so many seeds, unless one fails or the time is up. */
    static Report run(Parts parts, long first, int many, Duration time) {
        long began = System.nanoTime();
        AtomicLong next = new AtomicLong(first);
        AtomicLong runs = new AtomicLong();
        AtomicLong steps = new AtomicLong();
        AtomicReference<Simulation.@Nullable Result> failure = new AtomicReference<>();
        Callable<Void> worker = () -> {
            long seed = next.getAndIncrement();
            while (seed < first + many
                    && isWorthIt(seed, failure.get())
                    && System.nanoTime() - began < time.toNanos()) {
                Simulation.Result result = Simulation.run(seed, parts, false);
                runs.incrementAndGet();
                steps.addAndGet(result.steps());
                if (!result.breaches().isEmpty()) {
                    failure.accumulateAndGet(
                            result, (known, found) -> known == null || found.seed() < known.seed() ? found : known);
                }
                seed = next.getAndIncrement();
            }
            return null;
        };
        int processors = Runtime.getRuntime().availableProcessors();
        try (ExecutorService workers = Executors.newFixedThreadPool(processors)) {
            for (Future<Void> done : workers.invokeAll(Collections.nCopies(processors, worker))) {
                done.get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("a simulation did not come to its end", e);
        }
        return new Report(many, runs.get(), steps.get(), Duration.ofNanos(System.nanoTime() - began), failure.get());
    }

    /** Once a seed has failed, only lower ones matter: the lowest is told, whoever was faster. */
    private static boolean isWorthIt(long seed, Simulation.@Nullable Result failure) {
        return failure == null || seed < failure.seed();
    }
}
