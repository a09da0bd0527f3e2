package io.synapse.gateway.http;

import io.synapse.gateway.Receipt;
import io.synapse.gateway.chat.ChatChunk;
import io.synapse.gateway.chat.ChatSink;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.credit.Credits;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A chat answer as server-sent events. Every event is flushed. The response's head leaves with the first event; until
 * then a failure can still be answered with a status of its own. When nothing was sent for a while, a comment keeps the
 * connection alive and finds out whether the caller is still there.
 *
 * <p>Written by the call's thread, and by the keeper of {@link KeepAlive} in between.
 */
final class EventStream implements ChatSink {
    static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

    private static final System.Logger LOG = System.getLogger(EventStream.class.getName());
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] COMMENT = ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);

    private final ApiCall call;
    private final boolean includeUsage;
    private final ReentrantLock lock = new ReentrantLock();
    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(1024);
    private ChatWire wire = ChatWire.of("");
    private Credits reserved = Credits.ZERO;
    private Credits available = Credits.ZERO;
    private volatile Runnable hangUp = () -> {};
    private volatile long lastSent = System.nanoTime();
    private volatile @Nullable Reply reply;
    private boolean ended;

    EventStream(ApiCall call, boolean includeUsage) {
        this.call = call;
        this.includeUsage = includeUsage;
    }

    /** Ends it if nothing was sent yet; tells whether that is so, and the failure can have a status of its own. */
    boolean endsUnbegun() {
        lock.lock();
        try {
            ended |= reply == null;
            return reply == null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void reserved(String model, Credits amount, Credits rest, Runnable howToHangUp) {
        wire = ChatWire.of(model);
        reserved = amount;
        available = rest;
        hangUp = howToHangUp;
        lastSent = System.nanoTime();
    }

    @Override
    public void chunk(ChatChunk chunk) {
        event(wire.chunk(chunk, includeUsage));
    }

    /** The end of a good answer: the usage, if it was asked for, and {@code [DONE]}. */
    void finish(@Nullable ChatUsage reported, Receipt receipt) {
        if (includeUsage) {
            Map<String, @Nullable Object> last = wire.chunk(new ChatChunk(Map.of("choices", List.of())), false);
            last.put("usage", wire.usage(reported, receipt));
            event(last);
        }
        end(DONE);
    }

    /** The end of an answer that broke off after it had begun: no {@code [DONE]} follows. */
    void fail(ApiError error) {
        try {
            event(error.envelope(call.requestId()));
            end(new byte[0]);
            begun().failed();
        } catch (UncheckedIOException e) {
            LOG.log(Level.DEBUG, "the caller was gone before the error could be told", e);
        }
    }

    private void end(byte[] last) {
        lock.lock();
        try {
            ended = true;
            send(last);
        } finally {
            lock.unlock();
        }
    }

    /** Sends a comment if nothing was sent for a while; hangs up if the caller is gone. */
    void keepAlive() {
        if (!lock.tryLock()) {
            return;
        }
        try {
            if (!ended && isIdle()) {
                begun().comment(COMMENT);
                lastSent = System.nanoTime();
            }
        } catch (UncheckedIOException e) {
            ended = true;
            hangUp.run();
        } finally {
            lock.unlock();
        }
    }

    /** Whether a comment is due. */
    boolean isIdle() {
        return System.nanoTime() - lastSent >= KEEP_ALIVE.toNanos();
    }

    private void event(Object data) {
        lock.lock();
        try {
            buffer.reset();
            buffer.writeBytes(DATA);
            Json.write(data, buffer);
            buffer.writeBytes(END);
            send(buffer.toByteArray());
        } finally {
            lock.unlock();
        }
    }

    private void send(byte[] bytes) {
        begun().write(bytes, 0, bytes.length);
        lastSent = System.nanoTime();
    }

    /** The response, whose head leaves with the first thing that is sent. */
    private Reply begun() {
        Reply begun = reply;
        if (begun == null) {
            call.creditHeaders(reserved, available);
            call.header("Cache-Control", "no-cache");
            call.header("X-Accel-Buffering", "no");
            begun = call.begin("text/event-stream;charset=utf-8");
            reply = begun;
        }
        return begun;
    }
}
