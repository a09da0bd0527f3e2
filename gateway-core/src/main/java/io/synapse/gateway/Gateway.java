package io.synapse.gateway;

import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatEnd;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.chat.ChatSink;
import io.synapse.gateway.credit.Charge;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.fault.InvalidRequestException;
import io.synapse.gateway.fault.StoreUnavailableException;
import io.synapse.gateway.identity.Caller;
import io.synapse.gateway.internal.Uuids;
import io.synapse.gateway.media.CaptionRequest;
import io.synapse.gateway.media.EmbeddingRequest;
import io.synapse.gateway.media.Embeddings;
import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.PictureSource;
import io.synapse.gateway.media.SpeechEnd;
import io.synapse.gateway.media.SpeechRequest;
import io.synapse.gateway.media.SpeechSink;
import io.synapse.gateway.media.Transcript;
import io.synapse.gateway.media.TranscriptionRequest;
import io.synapse.gateway.media.Video;
import io.synapse.gateway.media.VideoRequest;
import io.synapse.gateway.provider.Provider;
import io.synapse.gateway.provider.TokenCounter;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The engine: sells and governs access to AI models. Every request is authenticated, rate-limited, priced and paid for
 * from prepaid credits before an upstream is asked, and charged what it truly cost after.
 *
 * <p>Safe for use by many threads. Calls block; give each its own thread, best a virtual one. There is no static state:
 * two gateways in one process know nothing of each other. All verbs throw {@link GatewayException} with the reason for a
 * refusal, and whatever a stream's receiver throws.
 */
public final class Gateway implements AutoCloseable {
    private static final Duration RETRY_SOON = Duration.ofSeconds(5);

    private final Admitting admitting;
    private final ModelCatalog catalog;
    private final CreditLedger ledger;
    private final InFlight inFlight;
    private final Duration patience;
    private final TokenCounter tokens;
    private final @Nullable PictureSource pictures;
    private final Road road;
    private volatile boolean closed;

    Gateway(GatewayBuilder builder) {
        Listeners listeners = new Listeners(builder.listeners);
        this.admitting = new Admitting(
                required(builder.authenticator, "an authenticator"),
                builder.limiter,
                builder.requestsPerMinute,
                listeners);
        this.catalog = required(builder.catalog, "a catalog");
        this.ledger = required(builder.ledger, "a ledger");
        this.patience = builder.patience;
        this.tokens = builder.tokens;
        this.pictures = builder.pictures;
        this.inFlight = new InFlight(ledger, builder.lease, builder.journal, builder.environment);
        this.road = new Road(
                catalog,
                new Holds(ledger, builder.tokens, inFlight, builder.environment),
                Map.copyOf(builder.providers),
                builder.sandbox,
                builder.timeout,
                builder.backgroundTimeout(),
                inFlight,
                listeners,
                new Attempts(builder.retries, builder.environment),
                new Concurrency(builder.concurrentRequests));
    }

    private static <T> T required(@Nullable T port, String what) {
        if (port == null) {
            throw new IllegalStateException("a gateway needs " + what + ", and its builder was given none");
        }
        return port;
    }

    /** Starts a gateway. It needs an authenticator, a catalog and a ledger; the rest has defaults. */
    public static GatewayBuilder builder() {
        return new GatewayBuilder();
    }

    /**
     * The first two gates: who is it, and may the key call now?
     *
     * @param requestId names the request in receipts and logs
     * @param secret the API key as it was sent, or null if none was
     * @throws GatewayException {@link GatewayError.Unauthorized}, {@link GatewayError.RateLimited}, or
     *     {@link GatewayError.Overloaded} if the keys cannot be looked up
     */
    public Admission admit(String requestId, @Nullable String secret) {
        requireOpen();
        return admitting.admit(requestId, secret);
    }

    private Admission admit(String secret) {
        return admit(newRequestId(), secret);
    }

    private void requireOpen() {
        if (closed) {
            throw new GatewayException(new GatewayError.Closed());
        }
    }

    private <P extends Provider, A> Answered<A> travel(Admission admission, Verb<P, A> verb) {
        requireOpen();
        return road.travel(admission, verb);
    }

    /** A whole chat completion. */
    public Answered<ChatAnswer> chat(Admission admission, ChatRequest request) {
        return travel(admission, new ChatVerb.Whole(request, pictures));
    }

    /** A whole chat completion, for the bearer of a key. */
    public Answered<ChatAnswer> chat(String secret, ChatRequest request) {
        return chat(admit(secret), request);
    }

    /** A chat completion, streamed into a sink as it is made; returns once it is complete and settled. */
    public Answered<ChatEnd> chat(Admission admission, ChatRequest request, ChatSink sink) {
        return travel(admission, new ChatVerb.Streamed(request, sink, pictures, null));
    }

    /** A chat completion, streamed into a sink, for the bearer of a key. */
    public Answered<ChatEnd> chat(String secret, ChatRequest request, ChatSink sink) {
        return chat(admit(secret), request, sink);
    }

    /**
     * A chat completion, streamed, to be read piece by piece. Returns once its worst cost is set aside and the upstream is
     * asked; whoever takes the stream closes it.
     */
    public ChatStream stream(Admission admission, ChatRequest request) {
        ChatPipe pipe = new ChatPipe();
        return ChatStream.start(
                admission, pipe, () -> travel(admission, new ChatVerb.Streamed(request, pipe, pictures, pipe)));
    }

    /** A chat completion, streamed, to be read piece by piece, for the bearer of a key. */
    public ChatStream stream(String secret, ChatRequest request) {
        return stream(admit(secret), request);
    }

    /** What is in a picture. */
    public Answered<ChatAnswer> caption(Admission admission, CaptionRequest request) {
        return travel(admission, MediaVerbs.caption(request));
    }

    /** What is in a picture, for the bearer of a key. */
    public Answered<ChatAnswer> caption(String secret, CaptionRequest request) {
        return caption(admit(secret), request);
    }

    /** Pictures from words; from a picture, where the request has one. */
    public Answered<Images> generateImages(Admission admission, ImageRequest request) {
        return request.source() == null
                ? travel(admission, MediaVerbs.draw(request))
                : travel(admission, MediaVerbs.edit(request, Modality.TEXT_TO_IMAGE));
    }

    /** Pictures from words, or from a picture, for the bearer of a key. */
    public Answered<Images> generateImages(String secret, ImageRequest request) {
        return generateImages(admit(secret), request);
    }

    /** A picture drawn anew. */
    public Answered<Images> editImage(Admission admission, ImageRequest request) {
        if (request.source() == null) {
            throw new InvalidRequestException("image", "'image' is required: the picture to edit.");
        }
        return travel(admission, MediaVerbs.edit(request, Modality.IMAGE_TO_IMAGE));
    }

    /** A picture drawn anew, for the bearer of a key. */
    public Answered<Images> editImage(String secret, ImageRequest request) {
        return editImage(admit(secret), request);
    }

    /** A film from words. */
    public Answered<Video> generateVideo(Admission admission, VideoRequest request) {
        return travel(admission, MediaVerbs.film(request));
    }

    /** A film from words, for the bearer of a key. */
    public Answered<Video> generateVideo(String secret, VideoRequest request) {
        return generateVideo(admit(secret), request);
    }

    /** Speech, passed on as it is made. */
    public Answered<SpeechEnd> speak(Admission admission, SpeechRequest request, SpeechSink sink) {
        return travel(admission, new SpeechVerb(request, sink));
    }

    /** Speech, passed on as it is made, for the bearer of a key. */
    public Answered<SpeechEnd> speak(String secret, SpeechRequest request, SpeechSink sink) {
        return speak(admit(secret), request, sink);
    }

    /** What is said in a recording. */
    public Answered<Transcript> transcribe(Admission admission, TranscriptionRequest request) {
        return travel(admission, MediaVerbs.transcribe(request));
    }

    /** What is said in a recording, for the bearer of a key. */
    public Answered<Transcript> transcribe(String secret, TranscriptionRequest request) {
        return transcribe(admit(secret), request);
    }

    /** Texts as vectors. */
    public Answered<Embeddings> embed(Admission admission, EmbeddingRequest request) {
        return travel(admission, MediaVerbs.embed(request));
    }

    /** Texts as vectors, for the bearer of a key. */
    public Answered<Embeddings> embed(String secret, EmbeddingRequest request) {
        return embed(admit(secret), request);
    }

    /**
     * The receipt of a call, by its request id: the newest of that id that the caller's project made with keys of this
     * kind, live or test.
     *
     * @throws GatewayException {@link GatewayError.Overloaded} if the ledger cannot be asked
     */
    public Optional<Charge> charge(Admission admission, String requestId) {
        Caller caller = admission.caller();
        try {
            return ledger.find(caller.wallet(), requestId)
                    .filter(charge ->
                            caller.defaultProject() || charge.project().equals(caller.project()));
        } catch (StoreUnavailableException e) {
            throw new GatewayException(new GatewayError.Overloaded(RETRY_SOON), e);
        }
    }

    /** The models that a caller may use. */
    public List<Model> models(Admission admission) {
        Caller caller = admission.caller();
        return catalog.models().stream()
                .filter(model -> caller.mayUse(model.id()))
                .toList();
    }

    /** Every model on offer, whoever asks. */
    public List<Model> models() {
        return catalog.models();
    }

    /** The model of that name or alias, if the caller may use it. */
    public Model model(Admission admission, String name) {
        return catalog.find(name)
                .filter(model -> admission.caller().mayUse(model.id()))
                .orElseThrow(() -> new GatewayException(new GatewayError.ModelNotFound(name)));
    }

    /** Whether the caller would find a configured provider behind the model. */
    public boolean available(Admission admission, Model model) {
        return road.available(admission.caller(), model);
    }

    /** Whether a live call would find a configured provider behind the model. */
    public boolean available(Model model) {
        return road.available(model);
    }

    /** The error that a refused request's exception stands for, in the engine's own vocabulary. */
    public static GatewayError errorOf(RuntimeException e) {
        return switch (e) {
            case GatewayException refused -> refused.error();
            case InvalidRequestException invalid ->
                new GatewayError.InvalidRequest(invalid.param(), invalid.getMessage());
            case StoreUnavailableException unavailable -> new GatewayError.Overloaded(RETRY_SOON);
            default -> new GatewayError.Internal();
        };
    }

    /** A new request id: {@code req_} and 32 hexadecimal digits. */
    public static String newRequestId() {
        UUID id = Uuids.next();
        HexFormat hex = HexFormat.of();
        return "req_" + hex.toHexDigits(id.getMostSignificantBits()) + hex.toHexDigits(id.getLeastSignificantBits());
    }

    /** How this gateway counts texts. */
    public TokenCounter tokens() {
        return tokens;
    }

    /** How many calls run now. */
    public int inFlight() {
        return inFlight.size();
    }

    /**
     * How many calls were delivered and are not paid, since the ledger could not take their settlement yet: zero, but for
     * an outage.
     */
    public int unsettled() {
        return inFlight.unsettled();
    }

    /** Refuses new calls from now on, with {@link GatewayError.Overloaded}; those that run go on. */
    public void drain() {
        inFlight.drain();
    }

    /**
     * Refuses new calls, lets those that run finish within the shutdown patience, stops the rest, and settles them all. The
     * ports stay their owner's to close. From then on every call is refused with {@link GatewayError.Closed}.
     */
    @Override
    public void close() {
        inFlight.drain();
        inFlight.awaitEnd(patience);
        closed = true;
        inFlight.close();
    }
}
