package io.synapse.gateway.providers.sandbox;

import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.chat.ChatSink;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.chat.PromptTokens;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.provider.ChatProvider;
import io.synapse.gateway.provider.TokenCounter;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The built-in provider. It needs no network and no credentials, asks no model and says so; the same request always gets
 * the same answer. Test keys reach it for every model, live keys for the models of its own.
 *
 * <p>An answer refers to the last user message, and is real in form: {@code n}, {@code stop}, {@code seed}, bounds on the
 * output, {@code logprobs}, {@code response_format} and {@code tools} are obeyed. It calls a tool when {@code tool_choice}
 * says so or, left to itself, when the message asks for it ({@link Tool#isAskedForIn}); after a tool's result it answers
 * in words. A message that asks for "500 words" gets that many. Usage is counted and always reported.
 *
 * <p>A model's name that ends with the suffix of a {@link SandboxFault} makes it fail that way. Immutable; safe for use
 * by many threads.
 */
public final class SandboxProvider implements ChatProvider {
    /** The provider's id in catalog routes. */
    public static final String ID = "sandbox";

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final PieceCutter cutter;
    private final Replies replies;

    /** @param counter counts what the sandbox reports as usage */
    public SandboxProvider(TokenCounter counter) {
        this.cutter = new PieceCutter(counter);
        this.replies = new Replies(cutter);
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public boolean knowsFault(String name) {
        return SandboxFault.parse(name).isPresent();
    }

    /**
     * {@inheritDoc}
     *
     * @throws UpstreamException {@link Kind#REJECTED} for a schema that it finds no value for and for a choice of a tool
     *     that is not there; of the fault's kind, when asked for one; when the call is stopped
     */
    @Override
    public ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink) throws UpstreamException {
        SandboxFault fault = faultOf(call.model());
        before(call, fault);
        List<Reply> answer = replies.to(request, bound(call, request));
        Delivery delivery = Delivery.of(call, request);
        if (fault instanceof SandboxFault.Cut) {
            Reply first = answer.getFirst();
            int pieces = first.content().size()
                    + first.calls().stream().mapToInt(c -> c.input().size()).sum();
            delivery.sendSome(0, first, sink, (pieces + 1) / 2);
            throw cut();
        }
        for (int choice = 0; choice < answer.size(); choice++) {
            delivery.send(choice, answer.get(choice), sink);
        }
        return usage(request, answer);
    }

    /** {@inheritDoc} */
    @Override
    public ChatAnswer chat(UpstreamCall call, ChatRequest request) throws UpstreamException {
        SandboxFault fault = faultOf(call.model());
        before(call, fault);
        List<Reply> answer = replies.to(request, bound(call, request));
        if (fault instanceof SandboxFault.Cut) {
            throw cut();
        }
        if (call.stopped() != null) {
            throw Delivery.stopped(call);
        }
        Delivery delivery = Delivery.of(call, request);
        List<Object> choices = new ArrayList<>(answer.size());
        for (int choice = 0; choice < answer.size(); choice++) {
            choices.add(delivery.whole(choice, answer.get(choice)));
        }
        return new ChatAnswer(Map.of("choices", choices), usage(request, answer));
    }

    private ChatUsage usage(ChatRequest request, List<Reply> answer) {
        long output = 0;
        for (int i = 0; i < answer.size(); i++) {
            output += answer.get(i).tokens();
        }
        // Counted as the gateway counts it for the reservation, so that what is reported fits into what is held.
        long input = PromptTokens.of(request, cutter::count);
        return ChatUsage.of(Usage.of(Unit.INPUT_TOKENS, input, Unit.OUTPUT_TOKENS, output));
    }

    private static long bound(UpstreamCall call, ChatRequest request) {
        return Math.min(
                call.maxOutputTokens().orElse(Long.MAX_VALUE),
                request.maxTokens().orElse(Long.MAX_VALUE));
    }

    private static @Nullable SandboxFault faultOf(String model) {
        int colon = model.lastIndexOf(':');
        return colon < 0 ? null : SandboxFault.parse(model.substring(colon + 1)).orElse(null);
    }

    private static void before(UpstreamCall call, @Nullable SandboxFault fault) throws UpstreamException {
        switch (fault) {
            case SandboxFault.RateLimited limited ->
                throw new UpstreamException(
                        Kind.RATE_LIMITED, "The sandbox was asked to be out of requests.", RETRY_AFTER, null, null);
            case SandboxFault.Failed failed ->
                throw new UpstreamException(Kind.FAILED, "The sandbox was asked to fail.", null);
            case SandboxFault.Silent silent -> {
                rest(call, call.remaining());
                throw new UpstreamException(Kind.TIMED_OUT, "The sandbox was asked to say nothing.", null);
            }
            case SandboxFault.Slow slow -> rest(call, slow.delay());
            case SandboxFault.Cut cut -> {}
            case null -> {}
        }
    }

    private static UpstreamException cut() {
        return new UpstreamException(Kind.UNREACHABLE, "The sandbox was asked to break off.", null);
    }

    /** Waits, but not a moment longer than the call may run. */
    private static void rest(UpstreamCall call, Duration wait) throws UpstreamException {
        CountDownLatch stopped = new CountDownLatch(1);
        call.onCancel(stopped::countDown);
        Duration left = call.remaining();
        boolean tooLong = wait.compareTo(left) > 0;
        try {
            if (stopped.await((tooLong ? left : wait).toNanos(), TimeUnit.NANOSECONDS)) {
                throw Delivery.stopped(call);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UpstreamException(Kind.UNREACHABLE, "The call of the sandbox was interrupted.", e);
        }
        if (tooLong) {
            throw new UpstreamException(Kind.TIMED_OUT, "The sandbox did not answer in time.", null);
        }
    }
}
