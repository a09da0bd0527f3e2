package io.synapse.gateway.providers.sandbox;

import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatMessage;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.chat.ChatSink;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.chat.ContentPart;
import io.synapse.gateway.chat.PromptTokens;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.EmbeddingRequest;
import io.synapse.gateway.media.Embeddings;
import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.SpeechRequest;
import io.synapse.gateway.media.SpeechSink;
import io.synapse.gateway.media.Transcript;
import io.synapse.gateway.media.TranscriptionRequest;
import io.synapse.gateway.media.Video;
import io.synapse.gateway.media.VideoRequest;
import io.synapse.gateway.provider.ChatProvider;
import io.synapse.gateway.provider.EmbeddingProvider;
import io.synapse.gateway.provider.ImageEditProvider;
import io.synapse.gateway.provider.ImageProvider;
import io.synapse.gateway.provider.SpeechProvider;
import io.synapse.gateway.provider.TokenCounter;
import io.synapse.gateway.provider.TranscriptionProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.provider.VideoProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The built-in provider. It needs no network and no credentials, asks no model and says so; the same request always gets
 * the same answer. Test keys reach it for every model, live keys for the models of its own.
 *
 * <p>An answer of a chat refers to the last user message, says of its pictures what is true of them, and is real in form:
 * {@code n}, {@code stop}, {@code seed}, bounds on the output, {@code logprobs}, {@code response_format} and {@code tools}
 * are obeyed. It calls a tool when {@code tool_choice} says so or, left to itself, when the message asks for it
 * ({@link Tool#isAskedForIn}); after a tool's result it answers in words. A message that asks for "500 words" gets that
 * many. Usage is counted and always reported.
 *
 * <p>A model's name that ends with the suffix of a {@link SandboxFault} makes it fail that way. Immutable; safe for use
 * by many threads.
 */
public final class SandboxProvider
        implements ChatProvider,
                ImageProvider,
                ImageEditProvider,
                VideoProvider,
                SpeechProvider,
                TranscriptionProvider,
                EmbeddingProvider {
    /** The provider's id in catalog routes. */
    public static final String ID = "sandbox";

    private final TokenCounter counter;
    private final Replies replies;
    private final SandboxVectors vectors;

    /** @param counter counts what the sandbox reports as usage */
    public SandboxProvider(TokenCounter counter) {
        this.counter = counter;
        this.replies = new Replies(new PieceCutter(counter));
        this.vectors = new SandboxVectors(counter);
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
    public @Nullable ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink) throws UpstreamException {
        boolean cut = Faults.begin(call);
        List<Reply> answer = replies.to(request, bound(call, request));
        Delivery delivery = Delivery.of(call, request);
        if (cut) {
            Reply first = answer.getFirst();
            int pieces = first.content().size()
                    + first.calls().stream().mapToInt(c -> c.input().size()).sum();
            delivery.sendSome(0, first, sink, (pieces + 1) / 2);
            throw Faults.cut();
        }
        for (int choice = 0; choice < answer.size(); choice++) {
            delivery.send(choice, answer.get(choice), sink);
        }
        return usage(request, answer);
    }

    /** Pictures that are named by a URL are to be fetched for it: it has no network, and says what is in them. */
    @Override
    public boolean fetchesPictures() {
        return false;
    }

    /** {@inheritDoc} */
    @Override
    public ChatAnswer chat(UpstreamCall call, ChatRequest request) throws UpstreamException {
        boolean cut = Faults.begin(call);
        List<Reply> answer = replies.to(request, bound(call, request));
        if (cut) {
            throw Faults.cut();
        }
        Faults.goOn(call);
        Delivery delivery = Delivery.of(call, request);
        List<Object> choices = new ArrayList<>(answer.size());
        for (int choice = 0; choice < answer.size(); choice++) {
            choices.add(delivery.whole(choice, answer.get(choice)));
        }
        return new ChatAnswer(Map.of("choices", choices), usage(request, answer));
    }

    /**
     * Draws what the prompt's hash decides: PNG of exactly the asked size, 1024x1024 without one, labelled as the
     * sandbox's. Pictures of one request differ.
     *
     * @throws UpstreamException of the fault's kind, when asked for one; when the call is stopped
     */
    @Override
    public Images draw(UpstreamCall call, ImageRequest request) throws UpstreamException {
        return SandboxImages.draw(call, request);
    }

    /**
     * Filters the picture as the prompt's words say (grey, sepia, inverted, blurred, a watercolor), or else turns its
     * colours by the prompt's hash. With a mask, only where that is transparent. PNG of the source's size, unless another
     * is asked for.
     *
     * @throws UpstreamException {@link Kind#REJECTED} for a picture that it cannot read (it reads PNG, JPEG, GIF and BMP)
     *     or that has more than 40 megapixels, and for a mask of another size; of the fault's kind, when asked for one;
     *     when the call is stopped
     */
    @Override
    public Images edit(UpstreamCall call, ImageRequest request) throws UpstreamException {
        return SandboxEdits.edit(call, request);
    }

    /**
     * Films a disc that wanders over a drawing, or over the request's first frame: MP4 (H.264) of the asked length, two
     * seconds without one, in the asked size or the largest of its shape within 640x360.
     *
     * @throws UpstreamException {@link Kind#REJECTED} for a first frame that it cannot read; of the fault's kind, when
     *     asked for one; when the call is stopped
     */
    @Override
    public Video film(UpstreamCall call, VideoRequest request) throws UpstreamException {
        return SandboxFilm.film(call, request);
    }

    /**
     * Sounds a tone for each word, as WAV (the usual), MP3 or bare PCM: 24 kHz, 16 bits, one channel. WAV and MP3 carry
     * the text, and {@link #transcribe} gives it back.
     *
     * @return null: the gateway counts characters itself
     * @throws UpstreamException {@link Kind#REJECTED} for another format; of the fault's kind, when asked for one; when
     *     the call is stopped
     */
    @Override
    public @Nullable Usage speak(UpstreamCall call, SpeechRequest request, SpeechSink sink) throws UpstreamException {
        SandboxSpeech.speak(call, request, sink);
        return null;
    }

    /**
     * Gives back the text that the sandbox's own speech carries. Of any other recording it says how long it lasts.
     *
     * @throws UpstreamException of the fault's kind, when asked for one; when the call is stopped
     */
    @Override
    public Transcript transcribe(UpstreamCall call, TranscriptionRequest request) throws UpstreamException {
        return SandboxEars.transcribe(call, request);
    }

    /**
     * Hashes words and letters into vectors of length 1: texts that share many are near each other. As wide as asked for,
     * or as the model of that name is known to be.
     *
     * @throws UpstreamException of the fault's kind, when asked for one; when the call is stopped
     */
    @Override
    public Embeddings embed(UpstreamCall call, EmbeddingRequest request) throws UpstreamException {
        return vectors.embed(call, request);
    }

    /** Null where there is more than text in the prompt: what that counts as is the model's affair, whose part it plays. */
    private @Nullable ChatUsage usage(ChatRequest request, List<Reply> answer) {
        if (request.messages().stream().anyMatch(SandboxProvider::holdsMedia)) {
            return null;
        }
        long output = 0;
        for (int i = 0; i < answer.size(); i++) {
            output += answer.get(i).tokens();
        }
        // Counted as the gateway counts it for the reservation, so that what is reported fits into what is held.
        long input = PromptTokens.of(request, counter::count);
        return ChatUsage.of(Usage.of(Unit.INPUT_TOKENS, input, Unit.OUTPUT_TOKENS, output));
    }

    private static boolean holdsMedia(ChatMessage message) {
        return message.content().stream()
                .anyMatch(part -> !(part instanceof ContentPart.Text || part instanceof ContentPart.Refusal));
    }

    private static long bound(UpstreamCall call, ChatRequest request) {
        return Math.min(
                call.maxOutputTokens().orElse(Long.MAX_VALUE),
                request.maxTokens().orElse(Long.MAX_VALUE));
    }
}
