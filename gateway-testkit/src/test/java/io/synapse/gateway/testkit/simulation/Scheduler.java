package io.synapse.gateway.testkit.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets one actor run at a time, and chance say which. Each actor is a virtual thread with blocking code in it; whoever
 * holds the baton runs until it waits, and hands it on. Time stands still while anybody can run.
 */
final class Scheduler {
    private static final Duration STUCK_AFTER = Duration.ofSeconds(60);
    private static final int FRAMES = 8;

    private final Chance chance;
    private final Trace trace;
    private final int mostSteps;
    private final List<Actor> actors = new ArrayList<>();
    private final List<Actor> ready = new ArrayList<>();
    private final List<String> breaches = new ArrayList<>();
    private final CountDownLatch finished = new CountDownLatch(1);
    private @Nullable Actor current;
    private long now;
    private int steps;

    /** Somebody who acts. Only {@code baton} is ever touched by two threads at once. */
    private final class Actor {
        private final String name;
        private final Thread thread;
        private final CountDownLatch ended = new CountDownLatch(1);
        private Life life;
        private long wakeAt = now;
        private @Nullable CountDownLatch awaited;
        private volatile boolean baton;

        Actor(String name, Life life, Runnable work) {
            this.name = name;
            this.life = life;
            this.thread = Thread.ofVirtual().unstarted(() -> live(this, work));
        }

        boolean canRun() {
            return wakeAt <= now || (awaited != null && awaited.getCount() == 0) || life.over() || isOver();
        }

        void take() {
            current = this;
            baton = true;
            if (thread.getState() == Thread.State.NEW) {
                thread.start();
            } else {
                LockSupport.unpark(thread);
            }
        }

        void awaitBaton() {
            while (!baton) {
                LockSupport.park(this);
            }
            baton = false;
        }
    }

    Scheduler(Chance chance, Trace trace, int mostSteps) {
        this.chance = chance;
        this.trace = trace;
        this.mostSteps = mostSteps;
    }

    /**
     * Runs until nobody is left.
     *
     * @throws IllegalStateException if that does not come, or this thread is interrupted
     */
    void run(Runnable first) {
        start("conductor", Life.OUTSIDE, first);
        next().take();
        try {
            if (finished.await(STUCK_AFTER.toSeconds(), TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IllegalStateException("whoever holds the baton waits for something else" + holder());
    }

    private String holder() {
        Actor holder = current;
        return holder == null ? "" : ": " + holder.name + frames(holder.thread.getStackTrace());
    }

    /** Another actor, from now on; the latch opens at its end. */
    CountDownLatch start(String name, Life life, Runnable work) {
        Actor actor = new Actor(name, life, work);
        actors.add(actor);
        return actor.ended;
    }

    private void live(Actor actor, Runnable work) {
        actor.awaitBaton();
        try {
            requireAlive(actor);
            work.run();
        } catch (Life.Ended e) {
            // As it should be.
        } catch (Throwable e) {
            breach("an actor broke: " + e + frames(e.getStackTrace()));
        }
        actors.remove(actor);
        actor.ended.countDown();
        if (actors.isEmpty()) {
            finished.countDown();
        } else {
            next().take();
        }
    }

    private static String frames(StackTraceElement[] stack) {
        StringBuilder frames = new StringBuilder();
        for (int i = 0; i < Math.min(FRAMES, stack.length); i++) {
            frames.append("\n    at ").append(stack[i]);
        }
        return frames.toString();
    }

    private Actor next() {
        if (++steps > mostSteps) {
            breach("this run never comes to rest");
        }
        ready.clear();
        while (true) {
            long soonest = Long.MAX_VALUE;
            for (Actor actor : actors) {
                if (actor.canRun()) {
                    ready.add(actor);
                }
                soonest = Math.min(soonest, actor.wakeAt);
            }
            if (!ready.isEmpty()) {
                return ready.size() == 1 ? ready.getFirst() : chance.of(ready);
            }
            now = soonest;
        }
    }

    private Actor me() {
        Actor me = current;
        if (me == null || !me.thread.equals(Thread.currentThread())) {
            throw new IllegalStateException("only actors wait, and only one at a time");
        }
        return me;
    }

    private void requireAlive(Actor actor) {
        if (actor.life.over() || isOver()) {
            throw new Life.Ended();
        }
    }

    /** Lets others run. */
    void pause() {
        sleep(Duration.ZERO);
    }

    void sleep(Duration length) {
        await(null, length);
    }

    /** Waits until a latch opens, for so long at most; tells whether it opened. */
    boolean await(@Nullable CountDownLatch latch, Duration longest) {
        Actor me = me();
        requireAlive(me);
        me.wakeAt = now + longest.toNanos();
        me.awaited = latch;
        Actor next = next();
        if (!next.equals(me)) {
            next.take();
            me.awaitBaton();
        }
        me.awaited = null;
        requireAlive(me);
        return latch != null && latch.getCount() == 0;
    }

    /** Does something as a part of a process: it ends if that does. */
    <T> T inside(Life life, Supplier<T> work) {
        Actor me = me();
        Life own = me.life;
        me.life = life;
        try {
            return work.get();
        } finally {
            me.life = own;
        }
    }

    /** The process that the actor at work belongs to. */
    Life life() {
        return me().life;
    }

    long nanoTime() {
        return now;
    }

    void note(String event, Object detail) {
        trace.note(now, current == null ? "" : current.name, event, detail);
    }

    /** A law was broken: the run ends here. */
    void breach(String what) {
        note("BREACH", what);
        breaches.add(what);
    }

    /** Whether the run ends, since a law was broken. */
    boolean isOver() {
        return !breaches.isEmpty();
    }

    List<String> breaches() {
        return List.copyOf(breaches);
    }

    int steps() {
        return steps;
    }
}
