package io.synapse.gateway.providers.cloudflare;

import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.chat.ChatSink;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.media.EmbeddingRequest;
import io.synapse.gateway.media.Embeddings;
import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.Transcript;
import io.synapse.gateway.media.TranscriptionRequest;
import io.synapse.gateway.provider.ChatProvider;
import io.synapse.gateway.provider.EmbeddingProvider;
import io.synapse.gateway.provider.ImageProvider;
import io.synapse.gateway.provider.TranscriptionProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.Endpoint;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.providers.http.UpstreamSettings;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Cloudflare's Workers AI: chat on its route in OpenAI's format, everything else on the route that runs a model in its own
 * format ("Execute AI model" of Cloudflare's API reference). Safe for use by many threads; owns nothing: the HTTP client is
 * shared and closed by who made it.
 */
public final class CloudflareProvider implements ChatProvider, EmbeddingProvider, ImageProvider, TranscriptionProvider {
    private static final String ID = "cloudflare";

    private final ChatProvider chat;
    private final CloudflareEmbeddings embeddings;
    private final CloudflareImages images;
    private final CloudflareTranscription transcription;

    private CloudflareProvider(ChatProvider chat, ModelRuns runs) {
        this.chat = chat;
        this.embeddings = new CloudflareEmbeddings(runs);
        this.images = new CloudflareImages(runs);
        this.transcription = new CloudflareTranscription(runs);
    }

    /**
     * The provider, if the settings hold {@code CLOUDFLARE_API_TOKEN} and {@code CLOUDFLARE_ACCOUNT_ID}. Cloudflare's API is
     * at {@code CLOUDFLARE_BASE_URL}, or where everybody's is.
     *
     * @param http the shared client
     * @param settings the value of a setting by its name, or null
     * @param chat makes what serves chat in OpenAI's format, of the place that {@code /chat/completions} is appended to
     * @throws IllegalArgumentException naming the setting, if one is ill-formed
     */
    public static Optional<CloudflareProvider> of(
            UpstreamHttp http, Function<String, @Nullable String> settings, Function<Endpoint, ChatProvider> chat) {
        String token = UpstreamSettings.credential(settings, "CLOUDFLARE_API_TOKEN");
        String account = UpstreamSettings.text(settings, "CLOUDFLARE_ACCOUNT_ID");
        if (token == null || account == null) {
            return Optional.empty();
        }
        if (!account.matches("[A-Za-z0-9_-]{1,100}")) {
            throw new IllegalArgumentException("CLOUDFLARE_ACCOUNT_ID must be letters and digits");
        }
        URI api = UpstreamSettings.base(settings, "CLOUDFLARE_BASE_URL", "https://api.cloudflare.com/client/v4");
        URI ai = URI.create(api + "/accounts/" + account + "/ai");
        Map<String, String> headers = Map.of("Authorization", "Bearer " + token);
        Endpoint compatible = new Endpoint(http, ID, URI.create(ai + "/v1"), headers);
        return Optional.of(
                new CloudflareProvider(chat.apply(compatible), new ModelRuns(new Endpoint(http, ID, ai, headers))));
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
    public @Nullable ChatUsage stream(UpstreamCall call, ChatRequest request, ChatSink sink) throws UpstreamException {
        return chat.stream(call, request, sink);
    }

    @Override
    public ChatAnswer chat(UpstreamCall call, ChatRequest request) throws UpstreamException {
        return chat.chat(call, request);
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
    public Transcript transcribe(UpstreamCall call, TranscriptionRequest request) throws UpstreamException {
        return transcription.transcribe(call, request);
    }

    @Override
    public String toString() {
        return "CloudflareProvider";
    }
}
