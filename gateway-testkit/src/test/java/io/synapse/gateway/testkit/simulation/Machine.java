package io.synapse.gateway.testkit.simulation;

import io.synapse.gateway.SimulatedEnvironment;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

/** What a gateway has of a simulated machine. Its waits last longer than asked: threads there are slow to wake. */
final class Machine extends SimulatedEnvironment {
    private static final Duration OVERSLEEP = Duration.ofSeconds(2);

    private final Scheduler scheduler;
    private final Chance chance;
    private final Life life;

    Machine(Scheduler scheduler, Chance chance, Life life) {
        this.scheduler = scheduler;
        this.chance = chance;
        this.life = life;
    }

    @Override
    public long nanoTime() {
        return scheduler.nanoTime();
    }

    @Override
    public boolean await(CountDownLatch latch, Duration longest) {
        return scheduler.await(latch, longest.plus(chance.upTo(OVERSLEEP)));
    }

    @Override
    public CountDownLatch start(String name, Runnable work) {
        return scheduler.start(name, life, work);
    }

    @Override
    public double random() {
        return chance.fraction();
    }

    @Override
    public UUID newCharge() {
        return chance.uuid();
    }
}
