package io.synapse.gateway.provider;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at asking an upstream: what the gateway adds to the caller's request, and how to stop. Safe for use by many
 * threads.
 *
 * <p>An adapter does two things with it. It waits no longer than {@link #remaining}, for everything together: connecting, the
 * head of an answer, every read of its body, every question after a job. And it says by {@link #onCancel} how to end what it
 * is waiting for, before it waits: closing the connection, cancelling the future, opening a latch. A call that ends because it
 * was {@linkplain #stopped stopped} throws anything; the gateway knows why. What runs out of time by itself is
 * {@link UpstreamException.Kind#TIMED_OUT}.
 */
public final class UpstreamCall {
    private static final System.Logger LOG = System.getLogger(UpstreamCall.class.getName());

    /** Why a call was stopped. */
    public enum Stop {
        /** It took longer than it may. */
        TIMED_OUT,
        /** Nobody waits for the answer any more. */
        CALLER_GONE,
        /** The gateway shuts down. */
        SHUTTING_DOWN
    }

    private final String id;
    private final String model;
    private final OptionalLong maxOutputTokens;
    private final LongSupplier nanoTicker;
    private final long deadlineNanos;
    private final AtomicReference<@Nullable Stop> stopped = new AtomicReference<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Runnable> actions = new ArrayList<>(2);

    /**
     * A call that may run from now until its timeout.
     *
     * @param id names the gateway's charge; an upstream that takes idempotency keys can be given it
     * @param model the upstream's own name of the model
     * @param maxOutputTokens the most output tokens that the reservation covers, for each choice; to be sent upstream
     *     as the limit. Empty where output is not billed by the token
     * @param timeout how long the whole call may take
     */
    public UpstreamCall(String id, String model, OptionalLong maxOutputTokens, Duration timeout) {
        this(id, model, maxOutputTokens, timeout, System::nanoTime);
    }

    /** A call whose deadline goes by the given ticker, in nanoseconds from any origin. */
    public UpstreamCall(
            String id, String model, OptionalLong maxOutputTokens, Duration timeout, LongSupplier nanoTicker) {
        this.id = id;
        this.model = model;
        this.maxOutputTokens = maxOutputTokens;
        this.nanoTicker = nanoTicker;
        this.deadlineNanos = nanoTicker.getAsLong() + timeout.toNanos();
    }

    /** Names the gateway's charge for this call, the same for every attempt; an upstream's idempotency key can be made of it. */
    public String id() {
        return id;
    }

    /** The upstream's own name of the model. */
    public String model() {
        return model;
    }

    /** The most output tokens to ask for, for each choice; empty where output is not billed by the token. */
    public OptionalLong maxOutputTokens() {
        return maxOutputTokens;
    }

    /** How much time is left; zero once the deadline has passed. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, deadlineNanos - nanoTicker.getAsLong()));
    }

    /** Why the call was stopped, or null while it may run. */
    public @Nullable Stop stopped() {
        return stopped.get();
    }

    /**
     * Registers what ends the call at once, such as aborting its HTTP exchange. Runs on the stopping thread, once; right
     * now, if the call is stopped already. It must not block, and may come when there is nothing left to end. All that are
     * registered run, in their order.
     */
    public void onCancel(Runnable action) {
        lock.lock();
        try {
            if (stopped.get() == null) {
                actions.add(action);
                return;
            }
        } finally {
            lock.unlock();
        }
        action.run();
    }

    /** Stops the call. The first reason stands; later ones do nothing. What fails to be ended is logged. */
    public void stop(Stop reason) {
        List<Runnable> toRun;
        lock.lock();
        try {
            if (!stopped.compareAndSet(null, reason)) {
                return;
            }
            toRun = List.copyOf(actions);
            actions.clear();
        } finally {
            lock.unlock();
        }
        for (Runnable action : toRun) {
            try {
                action.run();
            } catch (RuntimeException e) {
                // Whoever stops one call has others to stop.
                LOG.log(Level.WARNING, "call " + id + " did not let itself be aborted", e);
            }
        }
    }
}
