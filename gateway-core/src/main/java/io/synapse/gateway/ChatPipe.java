package io.synapse.gateway;

import io.synapse.gateway.chat.ChatChunk;
import io.synapse.gateway.chat.ChatSink;
import io.synapse.gateway.credit.Credits;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Leads a streamed answer from the thread of its call to the one that reads it. What is in it is bounded: a reader who is
 * slow holds the upstream up. Safe for use by both threads, and by those that stop the call.
 */
final class ChatPipe implements ChatSink {
    /** How many chunks may wait for the reader. */
    static final int ROOM = 64;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<ChatChunk> waiting = new ArrayDeque<>();
    private Runnable hangUp = () -> {};
    private boolean begun;
    private boolean stopped;
    private boolean closed;
    private boolean over;
    private @Nullable Throwable failure;
    private @Nullable Receipt receipt;

    /** The reader is gone, or was too slow. */
    private static final class NobodyReads extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NobodyReads() {
            super("nobody reads the stream", null, false, false);
        }
    }

    // The call's side.

    @Override
    public void reserved(String model, Credits reserved, Credits available, Runnable hangsUp) {
        change(() -> {
            hangUp = hangsUp;
            begun = true;
        });
    }

    @Override
    public void chunk(ChatChunk chunk) {
        lock.lock();
        try {
            while (waiting.size() >= ROOM && !closed && !stopped) {
                changed.awaitUninterruptibly();
            }
            if (closed || waiting.size() >= ROOM) {
                throw new NobodyReads();
            }
            waiting.add(chunk);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The call is stopped: no use in waiting for a reader. */
    void stopped() {
        change(() -> stopped = true);
    }

    /** What the call cost; null if nothing. To be told before it is {@link #over}. */
    void paid(@Nullable Receipt itsReceipt) {
        change(() -> receipt = itsReceipt);
    }

    /** The call is over and settled, by this failure if there is one. */
    void over(@Nullable Throwable itsFailure) {
        change(() -> {
            failure = itsFailure;
            over = true;
        });
    }

    // The reader's side.

    /** Waits until the upstream is asked; throws what came before. */
    void awaitBegin() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!begun && !over) {
                changed.await();
            }
            if (!begun) {
                throwFailure();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The next chunk, or null if there is none any more; throws what broke the answer off. */
    @Nullable
    ChatChunk take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty() && !over && !closed) {
                changed.await();
            }
            if (closed) {
                return null;
            }
            ChatChunk next = waiting.poll();
            if (next == null) {
                throwFailure();
            }
            changed.signalAll();
            return next;
        } finally {
            lock.unlock();
        }
    }

    private void throwFailure() {
        switch (failure) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(failure);
        }
    }

    /** Nobody reads any more. */
    void close() {
        Runnable action;
        lock.lock();
        try {
            action = closed || over ? () -> {} : hangUp;
            closed = true;
            waiting.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        action.run();
    }

    /** What the call cost, once it is over; null if nothing. */
    @Nullable
    Receipt receipt() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (!closed && !(over && waiting.isEmpty())) {
                throw new IllegalStateException("the stream is not over: read it to its end, or close it");
            }
            while (!over) {
                changed.await();
            }
            return receipt;
        } finally {
            lock.unlock();
        }
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
