package io.synapse.gateway.providers.huggingface;

import io.synapse.gateway.media.EmbeddingRequest;
import io.synapse.gateway.media.Embeddings;
import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.Transcript;
import io.synapse.gateway.media.TranscriptionRequest;
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
 * Hugging Face's Inference Providers, by way of their router: the models that Hugging Face serves itself, in the formats of
 * its tasks "Text to Image", "Feature Extraction" and "Automatic Speech Recognition". Safe for use by many threads; owns
 * nothing: the HTTP client is shared and closed by who made it.
 */
public final class HuggingFaceProvider implements EmbeddingProvider, ImageProvider, TranscriptionProvider {
    private static final String ID = "huggingface";

    private final HuggingFaceEmbeddings embeddings;
    private final HuggingFaceImages images;
    private final HuggingFaceTranscription transcription;

    private HuggingFaceProvider(Endpoint endpoint) {
        this.embeddings = new HuggingFaceEmbeddings(endpoint);
        this.images = new HuggingFaceImages(endpoint);
        this.transcription = new HuggingFaceTranscription(endpoint);
    }

    /**
     * The provider, if the settings hold {@code HF_TOKEN}. The router is at {@code HF_BASE_URL}, or where everybody's is.
     *
     * @param http the shared client
     * @param settings the value of a setting by its name, or null
     * @throws IllegalArgumentException naming the setting, if one is ill-formed
     */
    public static Optional<HuggingFaceProvider> of(UpstreamHttp http, Function<String, @Nullable String> settings) {
        String token = UpstreamSettings.credential(settings, "HF_TOKEN");
        if (token == null) {
            return Optional.empty();
        }
        URI router = UpstreamSettings.base(settings, "HF_BASE_URL", "https://router.huggingface.co");
        URI models = URI.create(router + "/hf-inference/models");
        return Optional.of(
                new HuggingFaceProvider(new Endpoint(http, ID, models, Map.of("Authorization", "Bearer " + token))));
    }

    @Override
    public String id() {
        return ID;
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
        return "HuggingFaceProvider";
    }
}
