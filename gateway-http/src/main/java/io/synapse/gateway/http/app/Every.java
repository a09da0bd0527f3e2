package io.synapse.gateway.http.app;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Does a chore now and then, on a thread of its own, until it is closed. A chore that fails is done again next time. */
final class Every implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Every.class.getName());

    private final CountDownLatch closed = new CountDownLatch(1);

    private Every(Duration interval, String name, Runnable chore) {
        Thread.ofPlatform().daemon().name(name).start(() -> run(interval, name, chore));
    }

    static Every of(Duration interval, String name, Runnable chore) {
        return new Every(interval, name, chore);
    }

    private void run(Duration interval, String name, Runnable chore) {
        boolean failing = false;
        try {
            do {
                try {
                    chore.run();
                    failing = false;
                } catch (RuntimeException e) {
                    // In full once per outage: a trace every few seconds would bury all else.
                    LOG.log(failing ? Level.DEBUG : Level.WARNING, name + " failed", e);
                    failing = true;
                }
            } while (!closed.await(interval.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
