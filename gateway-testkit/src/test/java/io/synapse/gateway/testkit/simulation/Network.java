package io.synapse.gateway.testkit.simulation;

import io.synapse.gateway.fault.StoreUnavailableException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;

/** The way from the nodes to their database, on which anything may happen. */
final class Network {
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final Set<String> CLOSINGS = Set.of("settle", "release");
    private static final Duration LONG = Duration.ofSeconds(40);

    private final Scheduler scheduler;
    private final Chance chance;
    private final Faults faults;
    private boolean calm;
    private Outage outage = Outage.NONE;
    private int underway;

    /** What the database says when it is at its wits' end. */
    static final class BrokenException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** What does not arrive at the moment. */
    enum Outage {
        /** Everything does. */
        NONE,
        /** What ends a hold, while new ones are still taken. */
        CLOSINGS,
        /** Anything. */
        ALL
    }

    Network(Scheduler scheduler, Chance chance, boolean fair) {
        this.scheduler = scheduler;
        this.chance = chance;
        this.faults = new Faults(chance, fair);
        scheduler.note("faults in a thousand requests:", faults);
    }

    /** From now on everything arrives, once. */
    void calm() {
        calm = true;
        outage = Outage.NONE;
    }

    /** From now on, unless all is calm. */
    void suffer(Outage next) {
        outage = calm ? Outage.NONE : next;
        scheduler.note("outage:", outage);
    }

    /** How many messages are still on their way though nobody waits for them. */
    int underway() {
        return underway;
    }

    /** Sends a request without an answer. */
    void send(String what, Object detail, Runnable request) {
        ask(what, detail, () -> {
            request.run();
            return true;
        });
    }

    /** Sends a request. Others run meanwhile, and when the answer comes the world may be another. */
    <T> T ask(String what, Object detail, Supplier<T> request) {
        scheduler.pause();
        Faults.Fault fault = calm ? null : faults.next(chance);
        scheduler.note(fault == null ? what : what + " " + fault, detail);
        if (outage == Outage.ALL || (outage == Outage.CLOSINGS && CLOSINGS.contains(what))) {
            throw lost("an outage");
        }
        return switch (fault) {
            case null -> answered(request);
            case SLOW -> slow(request);
            case REQUEST_LOST -> {
                throw lost("the request got lost");
            }
            case ANSWER_LOST -> {
                quietly(request);
                throw lost("the answer got lost");
            }
            case LATE -> {
                later(what, detail, request);
                throw lost("no answer");
            }
            case BROKEN -> {
                scheduler.pause();
                throw new BrokenException();
            }
            case TWICE -> {
                T answer = request.get();
                quietly(request);
                scheduler.pause();
                yield answer;
            }
            case AGAIN_LATER -> {
                later(what, detail, request);
                yield answered(request);
            }
            case CRASH_BEFORE -> {
                crash();
                yield answered(request);
            }
            case CRASH_AFTER -> {
                quietly(request);
                crash();
                yield answered(request);
            }
        };
    }

    private <T> T answered(Supplier<T> request) {
        T answer = request.get();
        scheduler.pause();
        return answer;
    }

    private <T> T slow(Supplier<T> request) {
        scheduler.sleep(chance.upTo(chance.oneIn(8) ? LONG : SHORT));
        T answer = request.get();
        scheduler.sleep(chance.upTo(SHORT));
        return answer;
    }

    private StoreUnavailableException lost(String why) {
        scheduler.sleep(chance.upTo(SHORT));
        return new StoreUnavailableException(why, null);
    }

    /** The process that asks dies here; what asks from outside does not. */
    private void crash() {
        Life life = scheduler.life();
        if (life != Life.OUTSIDE) {
            life.end();
        }
        scheduler.pause();
    }

    private void later(String what, Object detail, Supplier<?> request) {
        underway++;
        Duration delay = chance.upTo(LONG);
        scheduler.start("the network", Life.OUTSIDE, () -> {
            scheduler.sleep(delay);
            scheduler.note(what + " arrives late", detail);
            quietly(request);
            underway--;
        });
    }

    /** Nobody is there to be told what a database thinks of a message that it got twice or too late. */
    private static void quietly(Supplier<?> request) {
        try {
            Object unused = request.get();
        } catch (IllegalArgumentException e) {
            // Such as a hold that is closed already.
        }
    }
}
