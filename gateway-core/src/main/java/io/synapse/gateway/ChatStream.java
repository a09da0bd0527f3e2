package io.synapse.gateway;

import io.synapse.gateway.chat.ChatChunk;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A streamed chat completion to be read: an iterator over its chunks, and its {@link #receipt} at the end.
 *
 * <pre>{@code
 * try (ChatStream answer = gateway.stream("sk-1", ChatRequest.of("mini", "Hello"))) {
 *     answer.forEachRemaining(chunk -> System.out.print(chunk.text()));
 *     System.out.println(answer.receipt());
 * }
 * }</pre>
 *
 * <p>Read by one thread; {@link #close} may be called by any. A few chunks are read ahead, and then a slow reader holds the
 * upstream up. Whoever closes it before its end, or is interrupted while waiting, hangs up as a
 * {@linkplain io.synapse.gateway.chat.ChatSink sink} that throws does. The call is settled once, whatever the reader does:
 * one that was forgotten, neither read nor closed, ends with the upstream timeout.
 */
public final class ChatStream implements Iterator<ChatChunk>, AutoCloseable {
    private final Admission admission;
    private final ChatPipe pipe;
    private @Nullable ChatChunk next;

    private ChatStream(Admission admission, ChatPipe pipe) {
        this.admission = admission;
        this.pipe = pipe;
    }

    /** Makes a call that writes into the pipe, on a thread of its own. */
    static ChatStream start(Admission admission, ChatPipe pipe, Runnable call) {
        Thread.ofVirtual().name("synapse-stream-" + admission.requestId()).start(() -> {
            Throwable failure = null;
            try {
                call.run();
            } catch (RuntimeException | Error e) {
                failure = e;
            } finally {
                pipe.over(failure);
            }
        });
        try {
            pipe.awaitBegin();
        } catch (InterruptedException e) {
            throw interrupted(pipe, e);
        }
        return new ChatStream(admission, pipe);
    }

    /** Names the request in receipts and logs. */
    public String requestId() {
        return admission.requestId();
    }

    /**
     * Whether there is another chunk: waits for it.
     *
     * @throws GatewayException if the answer broke off, after the chunks that came before
     */
    @Override
    public boolean hasNext() {
        if (next == null) {
            try {
                next = pipe.take();
            } catch (InterruptedException e) {
                throw interrupted(pipe, e);
            }
        }
        return next != null;
    }

    @Override
    public ChatChunk next() {
        ChatChunk chunk = hasNext() ? next : null;
        if (chunk == null) {
            throw new NoSuchElementException("the stream is over");
        }
        next = null;
        return chunk;
    }

    /** The chunks that are left, as a stream; closing that closes this. */
    public Stream<ChatChunk> chunks() {
        int facts = Spliterator.ORDERED | Spliterator.NONNULL;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(this, facts), false)
                .onClose(this::close);
    }

    /**
     * What the call cost; empty if nothing was charged. Of a stream that was closed early it is what was made until then,
     * and the answer waits until that is settled.
     *
     * @throws IllegalStateException if the stream was neither read to its end nor closed
     */
    public Optional<Receipt> receipt() {
        if (next != null) {
            throw new IllegalStateException("the stream is not over: read it to its end, or close it");
        }
        try {
            return Optional.ofNullable(pipe.receipt());
        } catch (InterruptedException e) {
            throw interrupted(pipe, e);
        }
    }

    /** Hangs up, unless the answer is complete. Does not wait for the call to end. */
    @Override
    public void close() {
        next = null;
        pipe.close();
    }

    private static GatewayException interrupted(ChatPipe pipe, InterruptedException e) {
        pipe.close();
        Thread.currentThread().interrupt();
        return new GatewayException(new GatewayError.CallerGone(), e);
    }
}
