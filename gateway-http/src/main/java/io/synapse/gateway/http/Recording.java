package io.synapse.gateway.http;

import io.synapse.gateway.idempotency.StoredAnswer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is written once and followed by any number of callers: by the first as it comes, by others who sent the
 * same call meanwhile, and by those who send it again later. Whoever writes it is held up by none of them, and goes on when
 * all of them are gone. Safe for use by many threads.
 */
final class Recording implements Reply {
    private static final Duration COMMENT_EVERY = EventStream.KEEP_ALIVE;
    private static final byte[] COMMENT = ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable Head head;
    private byte[] bytes = new byte[0];
    private int size;
    private boolean ended;
    private boolean broken;
    private @Nullable RuntimeException failure;

    /** How an answer begins. */
    private record Head(int status, String type, Map<String, String> headers, boolean streamed) {}

    @Override
    public void whole(int status, String type, Map<String, String> headers, byte[] body) {
        change(() -> {
            head = new Head(status, type, Map.copyOf(headers), false);
            bytes = body;
            size = body.length;
        });
    }

    @Override
    public void begin(int status, String type, Map<String, String> headers) {
        change(() -> head = new Head(status, type, Map.copyOf(headers), true));
    }

    @Override
    public void write(byte[] piece, int offset, int length) {
        change(() -> {
            if (size + length > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(size + length, Math.max(1024, 2 * bytes.length)));
            }
            System.arraycopy(piece, offset, bytes, size, length);
            size += length;
        });
    }

    /** Followers send comments of their own when nothing comes. */
    @Override
    public void comment(byte[] comment) {}

    @Override
    public void failed() {
        change(() -> broken = true);
    }

    @Override
    public void breakOff() {
        change(() -> broken = true);
    }

    /** Nothing follows any more. */
    void end() {
        change(() -> ended = true);
    }

    /** The call failed; if its answer had begun, it is not whole. */
    void fail(RuntimeException reason) {
        change(() -> {
            failure = reason;
            broken = true;
            ended = true;
        });
    }

    /** Everything at once: an answer that was kept. */
    void replay(StoredAnswer answer) {
        Map<String, String> headers = new LinkedHashMap<>(answer.headers());
        String type = headers.remove("Content-Type");
        whole(answer.status(), type == null ? "application/json" : type, headers, answer.body());
        end();
    }

    /** The answer as it is kept, or null if it is none of success. */
    @Nullable
    StoredAnswer stored() {
        lock.lock();
        try {
            if (head == null || broken) {
                return null;
            }
            Map<String, String> headers = new LinkedHashMap<>(head.headers());
            headers.put("Content-Type", head.type());
            return new StoredAnswer(head.status(), headers, Arrays.copyOf(bytes, size));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Passes the answer on to a caller as it comes, until its end or his.
     *
     * @param again whether the caller is not the one whom it was made for
     * @param patience how long the caller waits
     * @param tooLate what he is told then, if the answer has not begun
     * @throws RuntimeException what the call failed with, if its answer had not begun
     */
    void follow(Reply to, boolean again, Duration patience, Supplier<? extends RuntimeException> tooLate) {
        long deadline = System.nanoTime() + patience.toNanos();
        Head begun = awaitHead(deadline);
        if (begun == null) {
            throw tooLate.get();
        }
        Map<String, String> headers = new LinkedHashMap<>(begun.headers());
        if (again) {
            headers.put("Idempotent-Replayed", "true");
            headers.put("X-Credits-Charged", "0");
        }
        if (begun.streamed()) {
            to.begin(begun.status(), begun.type(), headers);
            pass(to, begun.type().startsWith("text/event-stream"), deadline);
        } else {
            awaitMore(0, true, deadline);
            to.whole(begun.status(), begun.type(), headers, whole());
        }
    }

    private @Nullable Head awaitHead(long deadline) {
        lock.lock();
        try {
            boolean inTime = true;
            while (head == null && !ended && inTime) {
                inTime = await(deadline);
            }
            if (head == null && failure != null) {
                throw failure;
            }
            return head;
        } finally {
            lock.unlock();
        }
    }

    private void pass(Reply to, boolean events, long deadline) {
        int at = 0;
        while (true) {
            long pause = System.nanoTime() + COMMENT_EVERY.toNanos();
            awaitMore(at, false, Math.min(deadline, pause));
            byte[] piece;
            boolean over;
            boolean bad;
            lock.lock();
            try {
                piece = Arrays.copyOfRange(bytes, at, size);
                over = ended;
                bad = broken;
            } finally {
                lock.unlock();
            }
            at += piece.length;
            if (piece.length > 0) {
                to.write(piece, 0, piece.length);
            } else if (over) {
                if (bad && !events) {
                    to.breakOff();
                }
                return;
            } else if (System.nanoTime() >= deadline) {
                // Without its last words the stream is not taken for whole.
                to.breakOff();
                return;
            } else if (events) {
                to.comment(COMMENT);
            }
        }
    }

    private byte[] whole() {
        lock.lock();
        try {
            return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is more than so much, or all of it, or the time has come. */
    private void awaitMore(int have, boolean toItsEnd, long until) {
        lock.lock();
        try {
            boolean inTime = true;
            while (!ended && (toItsEnd || size <= have) && inTime) {
                inTime = await(until);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether there may be something new; false once the time has come. */
    @SuppressWarnings("WaitNotInLoop") // The loops are the callers'.
    private boolean await(long until) {
        long left = until - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        try {
            boolean unused = changed.await(left, TimeUnit.NANOSECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void change(Runnable how) {
        lock.lock();
        try {
            how.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
