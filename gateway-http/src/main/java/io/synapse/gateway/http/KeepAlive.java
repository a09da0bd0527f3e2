package io.synapse.gateway.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Looks after the event streams that are open. The round only finds out which are idle; each of those is written to by a
 * thread of its own, so that one caller who does not read cannot keep the others waiting.
 */
final class KeepAlive implements AutoCloseable {
    private static final Duration ROUND = Duration.ofSeconds(1);

    private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);

    KeepAlive() {
        Thread.ofPlatform().daemon().name("synapse-keep-alive").start(this::rounds);
    }

    void watch(EventStream stream) {
        open.add(stream);
    }

    void leave(EventStream stream) {
        open.remove(stream);
    }

    int watched() {
        return open.size();
    }

    private void rounds() {
        try {
            while (!closed.await(ROUND.toMillis(), TimeUnit.MILLISECONDS)) {
                open.stream().filter(EventStream::isIdle).forEach(idle -> Thread.startVirtualThread(idle::keepAlive));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
