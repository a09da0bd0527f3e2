package io.synapse.gateway.testkit.fake;

import io.synapse.gateway.chat.ChatChunk;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.chat.ChatSink;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.provider.ChatProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A chat provider without an upstream: it does what it is told, in order, and the last of it from then on. Remembers what
 * it was asked. Safe for use by many threads.
 */
public final class ScriptedProvider implements ChatProvider, ChatUpstream {
    private final String id;
    private final Scripts<Script> scripts = new Scripts<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Asked> asked = new ArrayList<>();
    private int hangUps;
    private volatile boolean billsAfterCancel;

    /** What one call does, up to its usage. */
    @FunctionalInterface
    private interface Script {
        @Nullable
        ChatUsage run(UpstreamCall call, ChatSink sink) throws UpstreamException;
    }

    /**
     * What it was asked.
     *
     * @param call by the gateway
     * @param request by the caller
     */
    public record Asked(UpstreamCall call, ChatRequest request) {
        /** The lesser of the gateway's bound on the output and the caller's. */
        public OptionalLong bound() {
            OptionalLong own = request.maxTokens();
            OptionalLong most = call.maxOutputTokens();
            return own.isPresent() && most.isPresent()
                    ? OptionalLong.of(Math.min(own.getAsLong(), most.getAsLong()))
                    : own.isPresent() ? own : most;
        }
    }

    /** A provider of this id, which says nothing until it is told to. */
    public ScriptedProvider(String id) {
        this.id = id;
    }

    @Override
    public String id() {
        return id;
    }

    /** From now on it bills the whole of an answer, whoever hangs up. */
    public ScriptedProvider billingAfterCancel() {
        billsAfterCancel = true;
        return this;
    }

    @Override
    public boolean billsAfterCancel() {
        return billsAfterCancel;
    }

    @Override
    public @Nullable ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink) throws UpstreamException {
        change(() -> asked.add(new Asked(call, request)));
        Script script = scripts.next();
        if (script == null) {
            throw new UpstreamException(Kind.FAILED, "nothing was scripted", null);
        }
        ChatSink noting = chunk -> {
            if (call.stopped() != null) {
                throw new StoppedException();
            }
            try {
                sink.chunk(chunk);
            } catch (RuntimeException | Error e) {
                change(() -> hangUps++);
                throw e;
            }
        };
        try {
            return script.run(call, noting);
        } catch (StoppedException e) {
            change(() -> hangUps++);
            throw stopped(call);
        }
    }

    @Override
    public ScriptedProvider says(@Nullable Tokens usage, String... pieces) {
        return script((call, sink) -> {
            speak(sink, pieces);
            sink.chunk(ChatChunk.ends(0, "stop"));
            return usage(usage);
        });
    }

    /** Answers well, and tells a usage of any units. */
    public ScriptedProvider says(Usage usage, String... pieces) {
        return script((call, sink) -> {
            speak(sink, pieces);
            sink.chunk(ChatChunk.ends(0, "stop"));
            return ChatUsage.of(usage);
        });
    }

    @Override
    public ScriptedProvider saysSeveral(Tokens usage, String... choices) {
        return script((call, sink) -> {
            for (int i = 0; i < choices.length; i++) {
                sink.chunk(ChatChunk.begins(i));
                sink.chunk(ChatChunk.text(i, choices[i]));
            }
            for (int i = 0; i < choices.length; i++) {
                sink.chunk(ChatChunk.ends(i, "stop"));
            }
            return usage(usage);
        });
    }

    @Override
    public ScriptedProvider callsTool(String name, String... argumentPieces) {
        return script((call, sink) -> {
            sink.chunk(ChatChunk.begins(0));
            sink.chunk(ChatChunk.toolCall(0, 0, "call_1", name));
            for (String piece : argumentPieces) {
                sink.chunk(ChatChunk.toolArguments(0, 0, piece));
            }
            sink.chunk(ChatChunk.ends(0, "tool_calls"));
            return usage(new Tokens(1, 1));
        });
    }

    @Override
    public ScriptedProvider fails(Kind kind, @Nullable Duration retryAfter, @Nullable String param) {
        return script((call, sink) -> {
            throw new UpstreamException(kind, "fails as it was told", retryAfter, param, null);
        });
    }

    @Override
    public ScriptedProvider failsMidway(String... pieces) {
        return script((call, sink) -> {
            speak(sink, pieces);
            throw new UpstreamException(Kind.FAILED, "fails midway, as it was told", null);
        });
    }

    @Override
    public ScriptedProvider stalls(String... pieces) {
        return script((call, sink) -> {
            if (pieces.length > 0) {
                speak(sink, pieces);
            }
            awaitStop(call);
            throw new StoppedException();
        });
    }

    @Override
    public ScriptedProvider cutsOff(String... pieces) {
        return script((call, sink) -> {
            if (pieces.length > 0) {
                speak(sink, pieces);
            }
            throw new UpstreamException(Kind.UNREACHABLE, "cuts off, as it was told", null);
        });
    }

    @Override
    public ScriptedProvider talksNonsense() {
        return script((call, sink) -> {
            throw new UpstreamException(Kind.MALFORMED, "talks nonsense, as it was told", null);
        });
    }

    /** What it was asked, call by call. */
    public List<Asked> asked() {
        lock.lock();
        try {
            return List.copyOf(asked);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int calls() {
        return asked().size();
    }

    @Override
    public String lastRequest() {
        Asked last = asked().getLast();
        Map<String, @Nullable Object> body = new LinkedHashMap<>(last.request().body());
        body.put("model", last.call().model());
        return PlainJson.write(body);
    }

    @Override
    public OptionalLong lastBound() {
        return asked().getLast().bound();
    }

    @Override
    public void awaitCalls(int count) {
        await(() -> asked.size() >= count, count + " calls");
    }

    @Override
    public void awaitHangUps(int count) {
        await(() -> hangUps >= count, count + " callers that go away");
    }

    @Override
    public void close() {
        // Nothing is open.
    }

    private ScriptedProvider script(Script script) {
        scripts.add(script);
        return this;
    }

    private static void speak(ChatSink sink, String... pieces) {
        sink.chunk(ChatChunk.begins(0));
        for (String piece : pieces) {
            sink.chunk(ChatChunk.text(0, piece));
        }
    }

    private static @Nullable ChatUsage usage(@Nullable Tokens usage) {
        return usage == null
                ? null
                : ChatUsage.of(Usage.of(Unit.INPUT_TOKENS, usage.prompt(), Unit.OUTPUT_TOKENS, usage.completion()));
    }

    private static UpstreamException stopped(UpstreamCall call) {
        boolean late = call.stopped() == UpstreamCall.Stop.TIMED_OUT
                || call.remaining().isZero();
        return new UpstreamException(late ? Kind.TIMED_OUT : Kind.UNREACHABLE, "was stopped", null);
    }

    /** Waits until the call is stopped or its time is up. */
    private void awaitStop(UpstreamCall call) {
        call.onCancel(() -> change(() -> {}));
        lock.lock();
        try {
            long left = call.remaining().toNanos();
            while (call.stopped() == null && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void await(BooleanSupplier condition, String what) {
        lock.lock();
        try {
            long left = FakeUpstream.PATIENCE.toNanos();
            while (!condition.getAsBoolean()) {
                if (left <= 0) {
                    throw new AssertionError("the provider waited in vain for " + what);
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + what, e);
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

    /** The call is over before its script is. */
    private static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
