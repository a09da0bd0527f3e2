package io.synapse.gateway.providers.gemini;

import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.chat.ChatSink;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.EmbeddingRequest;
import io.synapse.gateway.media.Embeddings;
import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.SpeechRequest;
import io.synapse.gateway.media.SpeechSink;
import io.synapse.gateway.media.Video;
import io.synapse.gateway.media.VideoRequest;
import io.synapse.gateway.provider.ChatProvider;
import io.synapse.gateway.provider.EmbeddingProvider;
import io.synapse.gateway.provider.ImageEditProvider;
import io.synapse.gateway.provider.ImageProvider;
import io.synapse.gateway.provider.SpeechProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.VideoProvider;
import io.synapse.gateway.providers.http.Endpoint;
import io.synapse.gateway.providers.http.Polling;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.providers.http.UpstreamSettings;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Google's Gemini: chat that sees and hears, embeddings, pictures and their edits, speech, and films by Veo. Safe for use
 * by many threads; owns nothing: the HTTP client is shared and closed by who made it. The formats are those of the Gemini
 * API reference, version {@code v1beta}.
 */
public final class GeminiProvider
        implements ChatProvider, EmbeddingProvider, ImageProvider, ImageEditProvider, SpeechProvider, VideoProvider {
    /** The name that catalog routes use, and callers in {@code providerOptions}. */
    static final String ID = "gemini";

    private static final String BASE = "https://generativelanguage.googleapis.com/v1beta";

    private final GeminiChat chat;
    private final GeminiEmbeddings embeddings;
    private final GeminiImages images;
    private final GeminiSpeech speech;
    private final GeminiVideos videos;

    GeminiProvider(UpstreamHttp http, URI base, String key, Polling polling) {
        // In a header: as a part of the URL it would end up in everybody's logs.
        GeminiApi api = new GeminiApi(new Endpoint(http, ID, base, Map.of("x-goog-api-key", key)));
        this.chat = new GeminiChat(api);
        this.embeddings = new GeminiEmbeddings(api);
        this.images = new GeminiImages(api);
        this.speech = new GeminiSpeech(api);
        this.videos = new GeminiVideos(api, polling);
    }

    /**
     * The provider, if the settings configure it.
     *
     * @param http the shared client
     * @param settings the value of a setting by its name ({@code GEMINI_API_KEY}, {@code GEMINI_BASE_URL}), or null
     * @throws IllegalArgumentException naming the setting, if one is ill-formed
     */
    public static Optional<GeminiProvider> of(UpstreamHttp http, Function<String, @Nullable String> settings) {
        String key = UpstreamSettings.credential(settings, "GEMINI_API_KEY");
        if (key == null) {
            return Optional.empty();
        }
        URI base = UpstreamSettings.base(settings, "GEMINI_BASE_URL", BASE);
        return Optional.of(new GeminiProvider(http, base, key, GeminiVideos.POLLING));
    }

    @Override
    public boolean fetchesPictures() {
        return false;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public boolean billsAfterCancel() {
        return true;
    }

    @Override
    public @Nullable ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink) throws UpstreamException {
        return chat.stream(call, request, sink);
    }

    @Override
    public ChatAnswer chat(UpstreamCall call, ChatRequest request) throws UpstreamException {
        return chat.whole(call, request);
    }

    @Override
    public Embeddings embed(UpstreamCall call, EmbeddingRequest request) throws UpstreamException {
        return embeddings.embed(call, request);
    }

    @Override
    public Images draw(UpstreamCall call, ImageRequest request) throws UpstreamException {
        return images.draw(call, request);
    }

    @Override
    public Images edit(UpstreamCall call, ImageRequest request) throws UpstreamException {
        return images.draw(call, request);
    }

    @Override
    public @Nullable Usage speak(UpstreamCall call, SpeechRequest request, SpeechSink sink) throws UpstreamException {
        speech.speak(call, request, sink);
        return null;
    }

    @Override
    public Video film(UpstreamCall call, VideoRequest request) throws UpstreamException {
        return videos.film(call, request);
    }

    @Override
    public String toString() {
        return "GeminiProvider";
    }
}
