package io.synapse.gateway.testkit.fake;

import io.synapse.gateway.media.SpeechSink;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the sound that it is given, and can refuse to take more. Fails where the sound does not begin before its bytes,
 * or twice. Others may look and wait while it is being filled.
 */
public final class RecordingSound implements SpeechSink {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ByteArrayOutputStream sound = new ByteArrayOutputStream();
    private final @Nullable RuntimeException refusal;
    private @Nullable String type;

    /** Takes everything. */
    public RecordingSound() {
        this(null);
    }

    private RecordingSound(@Nullable RuntimeException refusal) {
        this.refusal = refusal;
    }

    /** Takes no bytes: throws at the first. */
    public static RecordingSound refusing(RuntimeException refusal) {
        return new RecordingSound(refusal);
    }

    @Override
    public void begins(String mediaType) {
        lock.lock();
        try {
            if (type != null) {
                throw new AssertionError("the sound began twice");
            }
            type = mediaType;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void bytes(byte[] buffer, int offset, int length) {
        lock.lock();
        try {
            if (type == null) {
                throw new AssertionError("bytes came before the sound began");
            }
            if (refusal != null) {
                throw refusal;
            }
            sound.write(buffer, offset, length);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The media type, or null before the sound began. */
    public @Nullable String type() {
        lock.lock();
        try {
            return type;
        } finally {
            lock.unlock();
        }
    }

    /** What came so far. */
    public byte[] sound() {
        lock.lock();
        try {
            return sound.toByteArray();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until so many bytes have come; fails if they do not. */
    public void awaitBytes(int count, Duration patience) {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (sound.size() < count) {
                if (left <= 0) {
                    throw new AssertionError("only " + sound.size() + " of " + count + " bytes came");
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } finally {
            lock.unlock();
        }
    }
}
