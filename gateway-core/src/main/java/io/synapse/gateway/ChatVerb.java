package io.synapse.gateway;

import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.PictureTokens;
import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatChunk;
import io.synapse.gateway.chat.ChatEnd;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.chat.ChatSink;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.chat.PromptTokens;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.fault.InvalidRequestException;
import io.synapse.gateway.header.PictureHeader;
import io.synapse.gateway.media.CaptionRequest;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.media.PictureSource;
import io.synapse.gateway.provider.ChatProvider;
import io.synapse.gateway.provider.TokenCounter;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Chat on the road, whole or streamed. */
abstract sealed class ChatVerb<A> implements Verb<ChatProvider, A> {
    /** The fields of a message or delta that hold what the model wrote. */
    private static final List<String> WRITTEN = List.of("content", "refusal", "reasoning_content", "reasoning");

    final ChatRequest request;
    private final Modality modality;
    private final @Nullable PictureSource pictures;
    private final PromptMedia media;
    private PictureTokens formula = PictureTokens.USUAL;
    private final StringBuilder written = new StringBuilder();

    private ChatVerb(ChatRequest request, Modality modality, @Nullable PictureSource pictures, PromptMedia media) {
        this.request = request;
        this.modality = modality;
        this.pictures = pictures;
        this.media = media;
    }

    /** The request as this provider can take it. */
    final ChatRequest requestFor(ChatProvider provider) {
        if (provider.fetchesPictures() || pictures == null) {
            return request;
        }
        try {
            return InlinePictures.of(request, pictures);
        } catch (InvalidRequestException e) {
            // What goes wrong from here on is the adapter's fault, unless it says otherwise.
            throw new GatewayException(new GatewayError.InvalidRequest(e.param(), e.getMessage()), e);
        }
    }

    @Override
    public Modality modality() {
        return modality;
    }

    @Override
    public @Nullable String model() {
        return request.model();
    }

    @Override
    public Class<ChatProvider> capability() {
        return ChatProvider.class;
    }

    @Override
    public Quote quote(Model model, TokenCounter tokens) {
        long output = request.maxTokens().orElse(model.reservedOutputTokens());
        if (model.maxOutputTokens() > 0) {
            output = Math.min(output, model.maxOutputTokens());
        }
        formula = model.pictureTokens();
        long input = PromptTokens.of(request, tokens::bound, part -> media.tokens(part, formula));
        int window = model.contextWindow();
        if (window > 0 && input > window && PromptTokens.of(request, tokens::count, part -> 0) > window) {
            // Beyond it some models answer, at a price of their own.
            throw new InvalidRequestException(
                    "messages",
                    "'messages' has more tokens than the model '" + model.id() + "' takes, which is " + window + ".");
        }
        Usage fixed = Usage.of(Unit.INPUT_TOKENS, input);
        if (model.prices().rates().containsKey(Unit.REQUESTS)) {
            fixed = fixed.with(Unit.REQUESTS, 1);
        }
        return new Quote(model.prices(), fixed, output, request.choices());
    }

    @Override
    public Usage measured(@Nullable A answer, TokenCounter tokens, Quote quote) {
        return Usage.of(
                Unit.INPUT_TOKENS,
                PromptTokens.of(request, tokens::count, part -> media.tokens(part, formula)),
                Unit.OUTPUT_TOKENS,
                tokens.count(written.toString()));
    }

    /** Takes note of what the model wrote, in case nobody else counts it; tells whether there was anything. */
    final boolean note(Map<String, @Nullable Object> body, String where) {
        int before = written.length();
        if (body.get("choices") instanceof List<?> choices) {
            for (Object choice : choices) {
                if (choice instanceof Map<?, ?> map && map.get(where) instanceof Map<?, ?> message) {
                    noteMessage(message);
                }
            }
        }
        return written.length() > before;
    }

    private void noteMessage(Map<?, ?> message) {
        for (String field : WRITTEN) {
            if (message.get(field) instanceof String text) {
                written.append(text);
            }
        }
        if (message.get("tool_calls") instanceof List<?> calls) {
            for (Object call : calls) {
                if (call instanceof Map<?, ?> map && map.get("function") instanceof Map<?, ?> function) {
                    note(function.get("name"));
                    note(function.get("arguments"));
                }
            }
        }
    }

    private void note(@Nullable Object text) {
        if (text instanceof String some) {
            written.append(some);
        }
    }

    /** The answer in one piece. */
    static final class Whole extends ChatVerb<ChatAnswer> {
        Whole(ChatRequest request, @Nullable PictureSource pictures) {
            super(request, Modality.TEXT_GENERATION, pictures, PromptMedia.of(request, pictures));
        }

        /** A caption, which is a chat of the gateway's own with a model that sees. */
        Whole(CaptionRequest caption) {
            this(caption.asChat(), caption.image());
        }

        private Whole(ChatRequest request, Media picture) {
            super(
                    request,
                    Modality.IMAGE_TO_TEXT,
                    null,
                    PromptMedia.of(request, PictureHeader.of(picture.bytes()).orElse(null)));
        }

        @Override
        public boolean streamed() {
            return false;
        }

        @Override
        public void reserved(Model model, Credits reserved, Credits available, InFlight.Running running) {
            // Nobody is told before the answer is there.
        }

        @Override
        public ChatAnswer ask(ChatProvider provider, UpstreamCall call) throws UpstreamException {
            ChatAnswer answer = provider.chat(call, requestFor(provider));
            if (modality() == Modality.IMAGE_TO_TEXT && answer.text().isBlank()) {
                throw captionless(answer);
            }
            if (answer.usage() == null) {
                note(answer.body(), "message");
            }
            return answer;
        }

        /** A caption of no words is none. What a filter holds back is not asked of one that may be laxer. */
        private static UpstreamException captionless(ChatAnswer answer) {
            boolean filtered = answer.body().get("choices") instanceof List<?> choices
                    && !choices.isEmpty()
                    && choices.getFirst() instanceof Map<?, ?> choice
                    && "content_filter".equals(choice.get("finish_reason"));
            return filtered
                    ? new UpstreamException(
                            Kind.REJECTED,
                            "The model's filter lets nothing be said of this image. Send another one.",
                            null,
                            "image",
                            null)
                    : new UpstreamException(Kind.MALFORMED, "answered with an empty caption", null);
        }

        @Override
        public @Nullable Usage reported(ChatAnswer answer) {
            ChatUsage usage = answer.usage();
            return usage == null ? null : usage.billed();
        }

        @Override
        public boolean begun() {
            return false;
        }

        @Override
        public @Nullable RuntimeException receiverFailure() {
            return null;
        }
    }

    /** The answer piece by piece. */
    static final class Streamed extends ChatVerb<ChatEnd> implements ChatSink {
        /** More empty chunks than this are passed on rather than kept. */
        private static final int MOST_HELD_BACK = 32;

        private final ChatSink sink;
        private final @Nullable ChatPipe pipe;
        private final List<ChatChunk> heldBack = new ArrayList<>();
        private final Receiver receiver = new Receiver();
        private final Runnable passing = this::passHeldBack;
        private @Nullable TokenCounter tokens;
        private long mostTokens;
        private int countAt;
        private boolean begun;

        Streamed(ChatRequest request, ChatSink sink, @Nullable PictureSource pictures, @Nullable ChatPipe pipe) {
            super(request, Modality.TEXT_GENERATION, pictures, PromptMedia.of(request, pictures));
            this.sink = sink;
            this.pipe = pipe;
        }

        @Override
        public void over(@Nullable Receipt receipt) {
            if (pipe != null) {
                pipe.paid(receipt);
            }
        }

        @Override
        public boolean streamed() {
            return true;
        }

        @Override
        public Quote quote(Model model, TokenCounter counter) {
            tokens = counter;
            return super.quote(model, counter);
        }

        @Override
        public void reserved(Model model, Credits reserved, Credits available, InFlight.Running running) {
            receiver.of(running);
            sink.reserved(model.id(), reserved, available, running::hangUp);
        }

        @Override
        public ChatEnd ask(ChatProvider provider, UpstreamCall call) throws UpstreamException {
            heldBack.clear();
            mostTokens = call.maxOutputTokens().orElse(Long.MAX_VALUE / request.choices()) * request.choices();
            if (pipe != null) {
                call.onCancel(pipe::stopped);
            }
            ChatUsage usage = provider.stream(call, requestFor(provider), this);
            receiver.answerIsWhole();
            passOn();
            return new ChatEnd(usage);
        }

        @Override
        public void chunk(ChatChunk chunk) {
            // Noted before it is passed on: a receiver that goes away meanwhile pays for it, since the upstream made
            // it.
            boolean saysSomething = note(chunk.body(), "delta");
            if (receiver.failure() != null) {
                endAtTheHold();
                return;
            }
            heldBack.add(chunk);
            if (begun || saysSomething || heldBack.size() > MOST_HELD_BACK) {
                passOn();
            }
        }

        /** What goes beyond the hold is not paid for, so nobody who is gone has it made. */
        private void endAtTheHold() {
            int length = super.written.length();
            if (length >= countAt) {
                // Twice as late each time, so that counting stays cheap however long the answer is.
                countAt = 2 * length;
                // Half of it is room for an upstream that counts otherwise than we do.
                if (tokens != null && tokens.count(super.written.toString()) / 2 > mostTokens) {
                    throw receiver.breakOff();
                }
            }
        }

        /** Until something is said, another route can still take over; what merely announces an answer waits till then. */
        private void passOn() {
            try {
                receiver.pass(passing);
            } finally {
                heldBack.clear();
            }
        }

        private void passHeldBack() {
            for (ChatChunk chunk : heldBack) {
                begun = true;
                sink.chunk(chunk);
            }
        }

        @Override
        public @Nullable Usage reported(ChatEnd end) {
            ChatUsage usage = end.usage();
            return usage == null ? null : usage.billed();
        }

        @Override
        public boolean begun() {
            return begun;
        }

        @Override
        public @Nullable RuntimeException receiverFailure() {
            return receiver.failure();
        }
    }
}
