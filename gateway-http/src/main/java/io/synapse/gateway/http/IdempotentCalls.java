package io.synapse.gateway.http;

import io.synapse.gateway.Admission;
import io.synapse.gateway.GatewayError;
import io.synapse.gateway.GatewayException;
import io.synapse.gateway.fault.StoreUnavailableException;
import io.synapse.gateway.idempotency.Claim;
import io.synapse.gateway.idempotency.IdempotencyStore;
import io.synapse.gateway.idempotency.IdempotencyStore.Name;
import io.synapse.gateway.idempotency.StoredAnswer;
import io.synapse.gateway.identity.Caller;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Calls that their callers gave a name. Each runs once, on a thread of its own that outlives its caller's connection; who
 * sends it again follows the same {@link Recording}, or waits for the node that runs it, or gets the answer that was kept.
 * An answer is kept before its last byte is passed on.
 */
final class IdempotentCalls implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(IdempotentCalls.class.getName());
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);
    private static final Duration ASK_FIRST = Duration.ofMillis(50);
    private static final Duration ASK_LATER = Duration.ofMillis(500);
    private static final Duration RETRY_SOON = Duration.ofSeconds(5);

    private final IdempotencyStore store;
    private final Duration patience;
    private final Duration lease;
    private final ConcurrentHashMap<Name, Running> running = new ConcurrentHashMap<>();
    /** The claims that this node won. */
    private final Map<UUID, Name> claims = new ConcurrentHashMap<>();

    private final Queue<Unkept> unkept = new ConcurrentLinkedQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** A call that somebody on this node waits for. */
    private record Running(String fingerprint, Recording recording) {}

    /** An answer that the store could not take yet. */
    private record Unkept(Name name, UUID charge, StoredAnswer answer) {}

    /** Makes a call that writes its answer there. */
    @FunctionalInterface
    interface Maker {
        /** Makes the call. */
        ApiCall call(Admission admission, Reply reply);
    }

    /**
     * Calls that the store remembers.
     *
     * @param patience how long a caller waits for an answer
     * @param lease how long a claim outlives the death of this process
     */
    IdempotentCalls(IdempotencyStore store, Duration patience, Duration lease) {
        this.store = store;
        this.patience = patience;
        this.lease = lease;
        Thread.ofPlatform().daemon().name("synapse-idempotency").start(this::rounds);
    }

    /**
     * Serves a call, or passes on what it answered before.
     *
     * @param fingerprint what the call is, so that the same name for another is told
     * @param caller where the answer goes
     */
    void serve(Admission admission, String key, String fingerprint, Maker maker, ApiEndpoint endpoint, Reply caller) {
        Name name = new Name(scope(admission.caller()), key);
        Running mine = new Running(fingerprint, new Recording());
        Running known = running.putIfAbsent(name, mine);
        if (known != null) {
            if (!known.fingerprint().equals(fingerprint)) {
                throw new ApiException(ApiError.idempotencyMismatch());
            }
            known.recording().follow(caller, true, patience, IdempotentCalls::inProgress);
            return;
        }
        boolean first;
        try {
            first = claim(admission, name, mine, maker, endpoint);
        } catch (RuntimeException e) {
            leave(name, mine);
            mine.recording().fail(e);
            throw e;
        }
        Supplier<ApiException> tooLate = first ? IdempotentCalls::goesOn : IdempotentCalls::inProgress;
        mine.recording().follow(caller, !first, patience, tooLate);
    }

    /** A project's; what was rehearsed with a test key is no answer to a call that is meant. */
    private static String scope(Caller caller) {
        return caller.test() ? caller.project() + "/test" : caller.project();
    }

    /**
     * Starts the call, or waits for what another node makes of it.
     *
     * @return whether the call was started here
     */
    private boolean claim(Admission admission, Name name, Running mine, Maker maker, ApiEndpoint endpoint) {
        UUID charge = UUID.randomUUID();
        long deadline = System.nanoTime() + patience.toNanos();
        for (Duration wait = ASK_FIRST; ; wait = wait.compareTo(ASK_LATER) < 0 ? wait.multipliedBy(2) : ASK_LATER) {
            switch (asked(name, mine.fingerprint(), charge)) {
                case Claim.First ignored -> {
                    claims.put(charge, name);
                    ApiCall call = maker.call(admission.inBackground(charge), mine.recording());
                    Thread.ofVirtual().start(() -> run(name, charge, mine, call, endpoint));
                    return true;
                }
                case Claim.Finished finished -> {
                    leave(name, mine);
                    mine.recording().replay(finished.answer());
                    return false;
                }
                case Claim.Mismatch ignored -> throw new ApiException(ApiError.idempotencyMismatch());
                case Claim.Lost lost ->
                    throw new ApiException(ApiError.answerLost(lost.charge().toString()));
                case Claim.Running ignored -> {
                    if (System.nanoTime() >= deadline) {
                        throw inProgress();
                    }
                    pause(wait);
                }
            }
        }
    }

    private Claim asked(Name name, String fingerprint, UUID charge) {
        try {
            return store.claim(name, fingerprint, charge, lease);
        } catch (StoreUnavailableException e) {
            throw new GatewayException(new GatewayError.Overloaded(RETRY_SOON), e);
        }
    }

    private void run(Name name, UUID charge, Running mine, ApiCall call, ApiEndpoint endpoint) {
        Recording recording = mine.recording();
        RuntimeException failure = null;
        try {
            endpoint.answer(call);
        } catch (RuntimeException e) {
            failure = e;
        } catch (Error e) {
            failure = new IllegalStateException("a call broke", e);
        }
        StoredAnswer answer = failure == null ? recording.stored() : null;
        if (answer != null) {
            keep(new Unkept(name, charge, answer));
        } else {
            free(name, charge);
        }
        leave(name, mine);
        if (failure == null) {
            recording.end();
        } else {
            recording.fail(failure);
        }
    }

    /** From here on who sends the call again asks the store. */
    private void leave(Name name, Running mine) {
        running.remove(name, mine);
    }

    private void keep(Unkept kept) {
        try {
            store.complete(kept.name(), kept.charge(), kept.answer());
            claims.remove(kept.charge());
        } catch (StoreUnavailableException e) {
            LOG.log(Level.WARNING, "the answer of charge " + kept.charge() + " will be kept later", e);
            unkept.add(kept);
        } catch (RuntimeException e) {
            // Let go of: once its lease has run out, the store tells that the answer is lost, and nothing runs twice.
            claims.remove(kept.charge());
            LOG.log(Level.ERROR, "the answer of charge " + kept.charge() + " cannot be kept", e);
        }
    }

    private void free(Name name, UUID charge) {
        claims.remove(charge);
        try {
            store.abandon(name, charge);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "a key will be free once its lease has run out", e);
        }
    }

    private static ApiException goesOn() {
        return new ApiException(ApiError.goesOn(RETRY_SOON));
    }

    private static ApiException inProgress() {
        return new ApiException(ApiError.idempotencyInProgress(RETRY_SOON));
    }

    private static void pause(Duration wait) {
        try {
            TimeUnit.MILLISECONDS.sleep(wait.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw inProgress();
        }
    }

    private void rounds() {
        long extended = System.nanoTime();
        try {
            while (!closed.await(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
                keepAgain();
                if (System.nanoTime() - extended >= lease.toNanos() / 3) {
                    extended = System.nanoTime();
                    extend();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void keepAgain() {
        for (int left = unkept.size(); left > 0; left--) {
            Unkept next = unkept.poll();
            if (next != null) {
                keep(next);
            }
        }
    }

    private void extend() {
        List<UUID> charges = List.copyOf(claims.keySet());
        if (charges.isEmpty()) {
            return;
        }
        try {
            store.extend(charges, lease);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "could not extend " + charges.size() + " claims; trying again", e);
        }
    }

    /** Waits a moment for answers that are still to be kept; to be closed once no call runs any more. */
    @Override
    public void close() {
        long end = System.nanoTime() + LAST_WORDS.toNanos();
        try {
            while (!claims.isEmpty() && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        keepAgain();
        closed.countDown();
    }
}
