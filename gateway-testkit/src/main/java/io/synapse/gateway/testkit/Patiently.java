package io.synapse.gateway.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Work on a thread of its own that a test waits for, but not for ever. */
final class Patiently<T extends @Nullable Object> {
    private final FutureTask<T> work;
    private final Duration patience;

    private Patiently(Callable<T> work, Duration patience) {
        this.work = new FutureTask<>(work);
        this.patience = patience;
    }

    /** Starts the work. */
    static <T extends @Nullable Object> Patiently<T> start(Duration patience, Callable<T> work) {
        Patiently<T> patiently = new Patiently<>(work, patience);
        Thread.ofVirtual().start(patiently.work);
        return patiently;
    }

    /** What the work returns; throws what it throws. */
    T result() throws Exception {
        try {
            return work.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception exception) {
                throw exception;
            }
            throw new AssertionError(e.getCause());
        } catch (TimeoutException e) {
            work.cancel(true);
            throw new AssertionError("the call did not end within " + patience, e);
        }
    }

    /** What the work throws; fails if it ends well. */
    Throwable failure() {
        T result;
        try {
            result = work.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            return e.getCause() == null ? e : e.getCause();
        } catch (TimeoutException | InterruptedException e) {
            work.cancel(true);
            throw new AssertionError("the call did not end within " + patience, e);
        }
        throw new AssertionError("expected an exception, but the call returned " + result);
    }
}
