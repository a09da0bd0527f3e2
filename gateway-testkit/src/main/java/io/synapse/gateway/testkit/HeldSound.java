package io.synapse.gateway.testkit;

import io.synapse.gateway.testkit.fake.CutException;
import io.synapse.gateway.testkit.fake.FakeUpstream;
import java.io.UncheckedIOException;
import java.util.AbstractList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Two pieces of sound, of which the second is held back until it is released: whoever asks for it waits. */
final class HeldSound extends AbstractList<byte[]> implements AutoCloseable {
    private final byte[] first;
    private final byte[] second;
    private final CountDownLatch released = new CountDownLatch(1);

    HeldSound(byte[] first, byte[] second) {
        this.first = first;
        this.second = second;
    }

    /** One piece of sound; where the next one should be the connection closes. */
    static List<byte[]> cutAfter(byte[] first) {
        return new AbstractList<>() {
            @Override
            public byte[] get(int index) {
                if (index == 0) {
                    return first;
                }
                throw new UncheckedIOException(new CutException());
            }

            @Override
            public int size() {
                return 2;
            }
        };
    }

    @Override
    public byte[] get(int index) {
        if (index == 0) {
            return first;
        }
        try {
            if (!released.await(FakeUpstream.PATIENCE.toSeconds() * 3, TimeUnit.SECONDS)) {
                throw new UncheckedIOException(new CutException());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new CutException());
        }
        return second;
    }

    @Override
    public int size() {
        return 2;
    }

    /** Lets the second piece go. */
    void release() {
        released.countDown();
    }

    @Override
    public void close() {
        release();
    }
}
