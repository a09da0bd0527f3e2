package io.synapse.gateway;

import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.fault.InvalidRequestException;
import io.synapse.gateway.media.CaptionRequest;
import io.synapse.gateway.media.EmbeddingRequest;
import io.synapse.gateway.media.Embeddings;
import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.Transcript;
import io.synapse.gateway.media.TranscriptionRequest;
import io.synapse.gateway.media.Video;
import io.synapse.gateway.media.VideoRequest;
import io.synapse.gateway.provider.ChatProvider;
import io.synapse.gateway.provider.EmbeddingProvider;
import io.synapse.gateway.provider.ImageEditProvider;
import io.synapse.gateway.provider.ImageProvider;
import io.synapse.gateway.provider.TokenCounter;
import io.synapse.gateway.provider.TranscriptionProvider;
import io.synapse.gateway.provider.VideoProvider;
import java.util.List;

/** The modalities whose answers come in one piece: what each can cost, and how it is counted when nobody else does. */
final class MediaVerbs {
    private static final long MILLIS = 1000;

    private MediaVerbs() {}

    /** Captions ride on a chat with a model that sees. */
    static Verb<ChatProvider, ChatAnswer> caption(CaptionRequest request) {
        return new ChatVerb.Whole(request);
    }

    static Verb<EmbeddingProvider, Embeddings> embed(EmbeddingRequest request) {
        return new WholeVerb<>(
                Modality.EMBEDDINGS,
                request.model(),
                EmbeddingProvider.class,
                (model, tokens) -> embed(request, model, tokens),
                (provider, call) -> provider.embed(call, request),
                Embeddings::usage,
                (answer, tokens, quote) -> Usage.of(Unit.INPUT_TOKENS, inputTokens(request, tokens, false)));
    }

    private static Quote embed(EmbeddingRequest request, Model model, TokenCounter tokens) {
        long longest = model.limit("dimensions", Long.MAX_VALUE);
        if (request.dimensions() != null && request.dimensions() > longest) {
            throw new InvalidRequestException(
                    "dimensions", "'dimensions' must be at most " + longest + " with the model '" + model.id() + "'.");
        }
        int window = model.contextWindow();
        // What is longer some upstreams cut off without a word.
        boolean tooLong = window > 0
                && (request.texts().stream().anyMatch(text -> tokens.count(text) > window)
                        || request.tokens().stream().anyMatch(numbers -> numbers.size() > window));
        if (tooLong) {
            throw new InvalidRequestException(
                    "input",
                    "'input' has a text of more tokens than the model '" + model.id() + "' takes, which is " + window
                            + ".");
        }
        return Quote.fixed(model.prices(), Usage.of(Unit.INPUT_TOKENS, inputTokens(request, tokens, true)));
    }

    private static long inputTokens(EmbeddingRequest request, TokenCounter tokens, boolean bound) {
        long sum = 0;
        for (String text : request.texts()) {
            sum += bound ? tokens.bound(text) : tokens.count(text);
        }
        for (List<Integer> numbers : request.tokens()) {
            sum += numbers.size();
        }
        return sum;
    }

    static Verb<ImageProvider, Images> draw(ImageRequest request) {
        return new WholeVerb<>(
                Modality.TEXT_TO_IMAGE,
                request.model(),
                ImageProvider.class,
                (model, tokens) -> images(request, model),
                (provider, call) -> provider.draw(call, request),
                Images::usage,
                (answer, tokens, quote) ->
                        Usage.of(Unit.IMAGES, answer.pictures().size()));
    }

    static Verb<ImageEditProvider, Images> edit(ImageRequest request, Modality modality) {
        return new WholeVerb<>(
                modality,
                request.model(),
                ImageEditProvider.class,
                (model, tokens) -> images(request, model),
                (provider, call) -> provider.edit(call, request),
                Images::usage,
                (answer, tokens, quote) ->
                        Usage.of(Unit.IMAGES, answer.pictures().size()));
    }

    private static Quote images(ImageRequest request, Model model) {
        long most = model.limit("max_images", 4);
        if (request.count() > most) {
            throw new InvalidRequestException(
                    "n", "'n' must be at most " + most + " with the model '" + model.id() + "'.");
        }
        checkSides(request, model.limit("max_side", 1_536), model.id());
        ImageRequest.Size size = request.size();
        return Quote.fixed(
                model.pricesFor(request.quality(), size == null ? null : size.toString()),
                Usage.of(Unit.IMAGES, request.count()));
    }

    private static void checkSides(ImageRequest request, long longest, String model) {
        ImageRequest.Size size = request.size();
        if (size == null || Math.max(size.width(), size.height()) <= longest) {
            return;
        }
        String field = request.body().get("width") == null ? "size" : size.width() > longest ? "width" : "height";
        throw new InvalidRequestException(
                field, "'" + field + "' must be at most " + longest + " pixels with the model '" + model + "'.");
    }

    static Verb<VideoProvider, Video> film(VideoRequest request) {
        return new WholeVerb<>(
                Modality.TEXT_TO_VIDEO,
                request.model(),
                VideoProvider.class,
                (model, tokens) -> film(request, model),
                (provider, call) -> provider.film(call, request),
                Video::usage,
                (answer, tokens, quote) -> Usage.of(Unit.MILLISECONDS, answer.durationMillis()));
    }

    private static Quote film(VideoRequest request, Model model) {
        long most = model.limit("max_seconds", 10);
        Integer asked = request.seconds();
        if (asked != null && asked > most) {
            throw new InvalidRequestException(
                    "seconds", "'seconds' must be at most " + most + " with the model '" + model.id() + "'.");
        }
        long seconds = asked == null ? most : asked;
        return Quote.fixed(model.pricesFor(null, request.size()), Usage.of(Unit.MILLISECONDS, seconds * MILLIS));
    }

    static Verb<TranscriptionProvider, Transcript> transcribe(TranscriptionRequest request) {
        return new WholeVerb<>(
                Modality.SPEECH_TO_TEXT,
                request.model(),
                TranscriptionProvider.class,
                (model, tokens) -> Quote.fixed(model.prices(), spoken(request, model)),
                (provider, call) -> provider.transcribe(call, request),
                // A recording is billed by its own duration, whatever an upstream makes of it.
                answer -> null,
                (answer, tokens, quote) -> quote.fixed());
    }

    /** Some upstreams bill a least duration, or steps of one. */
    private static Usage spoken(TranscriptionRequest request, Model model) {
        long least = model.limit("least_seconds", 0) * MILLIS;
        long step = Math.max(1, model.limit("step_seconds", 0) * MILLIS);
        long millis = Math.max(least, request.durationMillis());
        return Usage.of(Unit.MILLISECONDS, Math.ceilDiv(millis, step) * step);
    }
}
