package io.synapse.gateway.testkit.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** One run: a world in trouble, then a calm one, and a verdict once it has come to rest. */
final class Simulation {
    private static final int MOST_STEPS = 20_000;
    private static final Duration LONG = Duration.ofDays(1);

    private final Scheduler scheduler;
    private final World world;

    /**
     * What came of a run.
     *
     * @param seed which run
     * @param hash different for any two runs that differ
     * @param steps how often the baton changed hands
     * @param breaches which laws were broken
     * @param trace what happened, if it was kept
     */
    record Result(long seed, long hash, int steps, List<String> breaches, List<String> trace) {}

    private Simulation(Scheduler scheduler, World world) {
        this.scheduler = scheduler;
        this.world = world;
    }

    /** Runs a seed; the trace is kept if it is to be read. */
    static Result run(long seed, Parts parts, boolean keepTrace) {
        Chance chance = new Chance(seed);
        Trace trace = new Trace(keepTrace);
        Scheduler scheduler = new Scheduler(chance, trace, MOST_STEPS);
        World world = new World(parts, scheduler, chance);
        Simulation simulation = new Simulation(scheduler, world);
        try {
            scheduler.run(simulation::conduct);
        } catch (IllegalStateException e) {
            throw new IllegalStateException("seed " + seed + " is stuck", e);
        }
        return new Result(seed, trace.hash(), scheduler.steps(), scheduler.breaches(), trace.lines());
    }

    private void conduct() {
        world.nodes().forEach(Node::start);
        Fate fate = new Fate(world);
        List<CountDownLatch> ends = new ArrayList<>();
        for (int i = 3 + world.chance().below(5); i > 0; i--) {
            String name = "caller-" + i;
            ends.add(scheduler.start(name, Life.OUTSIDE, new Client(name, world.anyWallet(), world)));
        }
        CountDownLatch fateEnds = scheduler.start("fate", Life.OUTSIDE, fate::strike);
        CountDownLatch sweeperEnds = scheduler.start("sweeper", Life.OUTSIDE, fate::sweep);
        ends.forEach(end -> scheduler.await(end, LONG));
        fate.relent();
        world.network().calm();
        scheduler.note("all is", "calm");
        scheduler.await(fateEnds, LONG);
        scheduler.await(sweeperEnds, LONG);
        comeToRest();
        new Verdict(world).give();
    }

    /** Every message arrives, every node is back and has sent what it owed, and every lease of the dead runs out. */
    private void comeToRest() {
        world.nodes().forEach(node -> node.disk().calm());
        while (!world.nodes().stream().allMatch(this::isAtRest)
                || world.network().underway() > 0) {
            scheduler.sleep(Duration.ofSeconds(1));
        }
        world.nodes().forEach(node -> node.gateway().close());
        scheduler.sleep(Node.LEASE.multipliedBy(2));
        world.ledger().expire();
    }

    private boolean isAtRest(Node node) {
        if (!node.lives()) {
            node.start();
        }
        return node.isUp() && node.gateway().unsettled() == 0 && node.gateway().inFlight() == 0;
    }
}
