package io.synapse.gateway.testkit.fake;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What to do, in order; the last of it from then on, until there is more. Safe for use by many threads. */
final class Scripts<T> {
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<T> waiting = new ArrayDeque<>();
    private @Nullable T last;

    void add(T script) {
        lock.lock();
        try {
            waiting.add(script);
        } finally {
            lock.unlock();
        }
    }

    /** What to do now; null if nobody ever said. */
    @Nullable
    T next() {
        lock.lock();
        try {
            T next = waiting.poll();
            if (next != null) {
                last = next;
            }
            return last;
        } finally {
            lock.unlock();
        }
    }
}
