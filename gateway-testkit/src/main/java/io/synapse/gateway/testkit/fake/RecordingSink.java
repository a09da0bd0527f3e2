package io.synapse.gateway.testkit.fake;

import io.synapse.gateway.chat.ChatChunk;
import io.synapse.gateway.chat.ChatSink;
import io.synapse.gateway.credit.Credits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Remembers the chunks it is given, and can refuse to take more. Others may look and wait while it is being filled. */
public final class RecordingSink implements ChatSink {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<ChatChunk> chunks = new ArrayList<>();
    private final int most;
    private final @Nullable RuntimeException refusal;
    private @Nullable Credits reserved;
    private @Nullable Runnable hangUp;

    /** Takes everything. */
    public RecordingSink() {
        this(Integer.MAX_VALUE, null);
    }

    private RecordingSink(int most, @Nullable RuntimeException refusal) {
        this.most = most;
        this.refusal = refusal;
    }

    /** Takes so many chunks, and throws at the next. */
    public static RecordingSink refusingAfter(int chunks, RuntimeException refusal) {
        return new RecordingSink(chunks, refusal);
    }

    @Override
    public void reserved(String model, Credits amount, Credits available, Runnable hangUpAction) {
        lock.lock();
        try {
            reserved = amount;
            hangUp = hangUpAction;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void chunk(ChatChunk chunk) {
        lock.lock();
        try {
            if (refusal != null && chunks.size() >= most) {
                throw refusal;
            }
            chunks.add(chunk);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What came so far. */
    public List<ChatChunk> chunks() {
        lock.lock();
        try {
            return List.copyOf(chunks);
        } finally {
            lock.unlock();
        }
    }

    /** What was set aside for the call, or null if nothing was. */
    public @Nullable Credits reserved() {
        lock.lock();
        try {
            return reserved;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the call as a receiver that has had enough would; does nothing before anything was reserved. */
    public void hangUp() {
        Runnable action;
        lock.lock();
        try {
            action = hangUp;
        } finally {
            lock.unlock();
        }
        if (action != null) {
            action.run();
        }
    }

    /** Waits until so many chunks have come. */
    public void awaitChunks(int count) {
        lock.lock();
        try {
            long left = TimeUnit.SECONDS.toNanos(FakeUpstream.PATIENCE.toSeconds());
            while (chunks.size() < count) {
                if (left <= 0) {
                    throw new AssertionError("only " + chunks.size() + " of " + count + " chunks came");
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

    /** The pieces of text of a choice, joined. */
    public String text(int choice) {
        StringBuilder text = new StringBuilder();
        for (Map<?, ?> piece : pieces(choice)) {
            if (piece.get("delta") instanceof Map<?, ?> delta && delta.get("content") instanceof String words) {
                text.append(words);
            }
        }
        return text.toString();
    }

    /** The pieces of a choice. */
    public List<Map<?, ?>> pieces(int choice) {
        List<Map<?, ?>> pieces = new ArrayList<>();
        for (ChatChunk chunk : chunks()) {
            if (chunk.body().get("choices") instanceof List<?> choices) {
                for (Object each : choices) {
                    if (each instanceof Map<?, ?> piece
                            && Integer.valueOf(choice).equals(piece.get("index"))) {
                        pieces.add(piece);
                    }
                }
            }
        }
        return pieces;
    }

    /** The finish reasons of a choice, in order; a good answer has one. */
    public List<Object> finishReasons(int choice) {
        List<Object> reasons = new ArrayList<>();
        for (Map<?, ?> piece : pieces(choice)) {
            Object reason = piece.get("finish_reason");
            if (reason != null) {
                reasons.add(reason);
            }
        }
        return reasons;
    }
}
