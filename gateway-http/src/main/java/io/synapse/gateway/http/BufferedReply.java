package io.synapse.gateway.http;

import java.io.EOFException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Answers a caller by way of a buffer, which a thread of its own empties, so that whoever makes the answer is held up by a
 * slow caller only once {@link #CAPACITY} bytes wait for him. A caller who then takes nothing for a while is treated as
 * gone: his connection is closed. An answer in one piece is passed on directly.
 *
 * <p>Written by the call's thread, and by the keeper of {@link KeepAlive} in between; closed by the call's thread.
 */
final class BufferedReply implements Reply, AutoCloseable {
    /** How many bytes may wait for a caller. */
    static final int CAPACITY = 256 * 1024;

    private static final System.Logger LOG = System.getLogger(BufferedReply.class.getName());
    /** A caller is alive who takes so many bytes in time. */
    private static final int SLICE = 16 * 1024;

    private static final int FIRST_SIZE = 2048;

    private final Reply caller;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();
    private final Condition taken = lock.newCondition();
    private final CountDownLatch delivered = new CountDownLatch(1);
    private byte[] filling = new byte[0];
    /** The writer's own. */
    private byte[] inHand = new byte[0];

    private int filled;
    /** What fills the buffer, and what the writer has of it in hand. */
    private int waiting;

    private long lastTaken = System.nanoTime();
    private boolean begun;
    private boolean ended;
    private boolean broken;
    private boolean gone;

    /**
     * A reply to a caller.
     *
     * @param patience how long a caller may take nothing while the buffer is full
     */
    BufferedReply(Reply caller, Duration patience) {
        this.caller = caller;
        this.patience = patience;
    }

    @Override
    public void whole(int status, String type, Map<String, String> headers, byte[] body) {
        caller.whole(status, type, headers, body);
    }

    @Override
    public void begin(int status, String type, Map<String, String> headers) {
        caller.begin(status, type, headers);
        lock.lock();
        try {
            begun = true;
        } finally {
            lock.unlock();
        }
        Thread.ofVirtual().name("synapse-reply").start(this::deliver);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        lock.lock();
        try {
            awaitRoom(length);
            add(bytes, offset, length);
        } finally {
            lock.unlock();
        }
    }

    /** Where something waits already, the caller is being written to. */
    @Override
    public void comment(byte[] bytes) {
        lock.lock();
        try {
            requireCaller();
            if (waiting == 0) {
                add(bytes, 0, bytes.length);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void failed() {
        // The caller is told by what was written.
    }

    /** What was written before is delivered first. */
    @Override
    public void breakOff() {
        lock.lock();
        try {
            broken = true;
        } finally {
            lock.unlock();
        }
    }

    private void add(byte[] bytes, int offset, int length) {
        if (filled + length > filling.length) {
            int size = Math.clamp(2L * filling.length, FIRST_SIZE, CAPACITY);
            filling = Arrays.copyOf(filling, Math.max(size, filled + length));
        }
        System.arraycopy(bytes, offset, filling, filled, length);
        filled += length;
        if (waiting == 0) {
            lastTaken = System.nanoTime();
        }
        waiting += length;
        added.signal();
    }

    /** A piece larger than the buffer goes through an empty one. */
    private void awaitRoom(int length) {
        while (!gone && waiting > 0 && waiting + length > CAPACITY) {
            awaitTaken();
        }
        requireCaller();
    }

    private void requireCaller() {
        if (gone) {
            throw new UncheckedIOException(new EOFException("the caller is gone"));
        }
    }

    /** Waits until the caller takes something; gives him up if he does not. */
    @SuppressWarnings("WaitNotInLoop") // The loops are the callers'.
    private void awaitTaken() {
        long left = patience.toNanos() - (System.nanoTime() - lastTaken);
        try {
            if (left > 0) {
                long unused = taken.awaitNanos(left);
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!gone) {
            gone = true;
            added.signal();
            caller.breakOff();
        }
    }

    /** The end: waits until the caller has all of it, or is given up. From then on nobody writes to him. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (!begun) {
                return;
            }
            ended = true;
            added.signal();
            while (!gone && waiting > 0) {
                awaitTaken();
            }
        } finally {
            lock.unlock();
        }
        awaitDelivered();
    }

    private void awaitDelivered() {
        boolean interrupted = false;
        while (true) {
            try {
                delivered.await();
                break;
            } catch (InterruptedException e) {
                // The writer has nothing left, or a closed connection: it ends by itself.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void deliver() {
        try {
            for (int count = next(); count > 0; count = next()) {
                for (int at = 0; at < count; at += SLICE) {
                    int length = Math.min(SLICE, count - at);
                    caller.write(inHand, at, length);
                    took(length);
                }
            }
            if (broken) {
                caller.breakOff();
            }
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "the caller went away", e);
        } finally {
            giveUp();
            delivered.countDown();
        }
    }

    /** Takes in hand what has come together since the last time; waits for it. Zero bytes once there is nothing more. */
    private int next() {
        lock.lock();
        try {
            while (filled == 0 && !ended && !gone) {
                added.awaitUninterruptibly();
            }
            if (filled == 0 || gone) {
                return 0;
            }
            byte[] empty = inHand;
            inHand = filling;
            filling = empty;
            int count = filled;
            filled = 0;
            return count;
        } finally {
            lock.unlock();
        }
    }

    private void took(int length) {
        lock.lock();
        try {
            waiting -= length;
            lastTaken = System.nanoTime();
            taken.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing is delivered any more. */
    private void giveUp() {
        lock.lock();
        try {
            gone = true;
            taken.signal();
        } finally {
            lock.unlock();
        }
    }
}
