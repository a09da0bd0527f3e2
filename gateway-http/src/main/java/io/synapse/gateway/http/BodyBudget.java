package io.synapse.gateway.http;

import io.synapse.gateway.GatewayError;
import io.synapse.gateway.GatewayException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of bodies a server holds at once, all requests together, so that they do not fill its heap; what a body
 * becomes (text, pictures, what is sent upstream) takes several times as much. Safe for use by many threads.
 */
final class BodyBudget {
    private static final Duration SOON = Duration.ofSeconds(1);
    /** What comes more slowly than this holds its share for nothing. */
    private static final long LEAST_BYTES_A_SECOND = 1024;

    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final long most;
    private final AtomicLong held = new AtomicLong();

    /** A budget of so many bytes. */
    BodyBudget(long most) {
        this.most = most;
    }

    /** The bytes that are held now. */
    long held() {
        return held.get();
    }

    /** A request's share: nothing yet. */
    Share share() {
        return new Share();
    }

    /** What a request holds: the bytes of its body that were read, until it is closed. Used by one thread at a time. */
    final class Share implements AutoCloseable {
        private final long began = System.nanoTime();
        private long taken;
        private boolean handedOver;

        /** A body whose bytes are counted as they are read. */
        InputStream counted(InputStream body) {
            return new FilterInputStream(body) {
                @Override
                public int read() throws IOException {
                    int next = super.read();
                    if (next >= 0) {
                        take(1);
                    }
                    return next;
                }

                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                    int count = super.read(into, offset, length);
                    if (count > 0) {
                        take(count);
                    }
                    return count;
                }
            };
        }

        private void take(int count) {
            if (held.addAndGet(count) > most) {
                held.addAndGet(-count);
                throw new GatewayException(new GatewayError.Overloaded(SOON));
            }
            taken += count;
            long allowed = GRACE_NANOS + TimeUnit.SECONDS.toNanos(taken / LEAST_BYTES_A_SECOND);
            if (System.nanoTime() - began > allowed) {
                throw new ApiException(ApiError.tooSlow(LEAST_BYTES_A_SECOND));
            }
        }

        /** Another thread goes on with the body, and closes this. */
        void handOver() {
            handedOver = true;
        }

        boolean isHandedOver() {
            return handedOver;
        }

        /** The body is not needed any more. */
        @Override
        public void close() {
            held.addAndGet(-taken);
            taken = 0;
        }
    }
}
