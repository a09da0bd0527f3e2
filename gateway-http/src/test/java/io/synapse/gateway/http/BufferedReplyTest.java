package io.synapse.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How an answer gets to a caller who is in no hurry. */
@Timeout(60)
class BufferedReplyTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final byte[] PIECE = new byte[1000];
    private static final int FIT = BufferedReply.CAPACITY / PIECE.length;

    private final Caller caller = new Caller();

    /** Takes what it is sent once the test lets it. */
    private static final class Caller implements Reply {
        final CountDownLatch reads = new CountDownLatch(1);
        final CountDownLatch closed = new CountDownLatch(1);
        final ByteArrayOutputStream got = new ByteArrayOutputStream();
        final AtomicReference<Thread> answeredBy = new AtomicReference<>();

        @Override
        public void whole(int status, String type, Map<String, String> headers, byte[] body) {
            answeredBy.set(Thread.currentThread());
        }

        @Override
        public void begin(int status, String type, Map<String, String> headers) {
            answeredBy.set(Thread.currentThread());
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            try {
                reads.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (closed.getCount() == 0) {
                throw new UncheckedIOException(new IOException("closed"));
            }
            got.write(bytes, offset, length);
        }

        @Override
        public void comment(byte[] bytes) {
            write(bytes, 0, bytes.length);
        }

        @Override
        public void failed() {}

        @Override
        public void breakOff() {
            closed.countDown();
            reads.countDown();
        }
    }

    private BufferedReply begun(Duration patience) {
        BufferedReply reply = new BufferedReply(caller, patience);
        reply.begin(200, "text/plain", Map.of());
        return reply;
    }

    private static void fill(BufferedReply reply) {
        for (int i = 0; i < FIT; i++) {
            reply.write(PIECE, 0, PIECE.length);
        }
    }

    @Test
    void who_makes_the_answer_does_not_wait_for_who_does_not_read_while_the_buffer_has_room() {
        BufferedReply reply = begun(LONG);
        fill(reply);
        assertThat(caller.got.size()).isZero();
        caller.reads.countDown();
        reply.close();
        assertThat(caller.got.size()).isEqualTo(FIT * PIECE.length);
    }

    @Test
    void beyond_that_it_waits_until_there_is_room_again() throws Exception {
        BufferedReply reply = begun(LONG);
        fill(reply);
        Thread maker = Thread.ofPlatform().start(() -> reply.write(PIECE, 0, PIECE.length));
        while (maker.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        caller.reads.countDown();
        maker.join();
        reply.close();
        assertThat(caller.got.size()).isEqualTo((FIT + 1) * PIECE.length);
    }

    @Test
    void who_takes_nothing_for_too_long_is_given_up() {
        BufferedReply reply = begun(Duration.ofMillis(50));
        fill(reply);
        assertThatThrownBy(() -> reply.write(PIECE, 0, PIECE.length)).isInstanceOf(UncheckedIOException.class);
        assertThat(caller.closed.getCount()).isZero();
        assertThatThrownBy(() -> reply.comment(PIECE)).isInstanceOf(UncheckedIOException.class);
        reply.close();
    }

    @Test
    void who_takes_nothing_of_the_end_is_given_up_too() {
        BufferedReply reply = begun(Duration.ofMillis(50));
        reply.write(PIECE, 0, PIECE.length);
        reply.close();
        assertThat(caller.closed.getCount()).isZero();
        assertThat(caller.got.size()).isZero();
    }

    @Test
    void a_caller_who_is_gone_is_told_of_at_the_next_piece() {
        BufferedReply reply = begun(LONG);
        caller.breakOff();
        assertThatThrownBy(() -> {
                    while (true) {
                        reply.write(PIECE, 0, PIECE.length);
                    }
                })
                .isInstanceOf(UncheckedIOException.class);
        reply.close();
    }

    @Test
    void a_piece_larger_than_the_buffer_goes_through() {
        BufferedReply reply = begun(LONG);
        caller.reads.countDown();
        reply.write(new byte[3 * BufferedReply.CAPACITY], 0, 3 * BufferedReply.CAPACITY);
        reply.write(PIECE, 0, PIECE.length);
        reply.close();
        assertThat(caller.got.size()).isEqualTo(3 * BufferedReply.CAPACITY + PIECE.length);
    }

    @Test
    void what_was_written_before_it_breaks_off_is_delivered() {
        BufferedReply reply = begun(LONG);
        caller.reads.countDown();
        reply.write(PIECE, 0, PIECE.length);
        reply.breakOff();
        reply.close();
        assertThat(caller.got.size()).isEqualTo(PIECE.length);
        assertThat(caller.closed.getCount()).isZero();
    }

    @Test
    void an_answer_in_one_piece_takes_no_detour() {
        try (BufferedReply reply = new BufferedReply(caller, LONG)) {
            reply.whole(200, "text/plain", Map.of(), PIECE);
            assertThat(caller.answeredBy).hasValue(Thread.currentThread());
        }
    }
}
