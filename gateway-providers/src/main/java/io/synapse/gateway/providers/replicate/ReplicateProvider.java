package io.synapse.gateway.providers.replicate;

import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.Video;
import io.synapse.gateway.media.VideoRequest;
import io.synapse.gateway.provider.ImageEditProvider;
import io.synapse.gateway.provider.ImageProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.VideoProvider;
import io.synapse.gateway.providers.http.Endpoint;
import io.synapse.gateway.providers.http.Polling;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.providers.http.UpstreamSettings;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Replicate: pictures from words, pictures from pictures, films. Safe for use by many threads; owns nothing: the HTTP
 * client is shared and closed by who made it. The format is that of Replicate's HTTP API reference, "Predictions", and of
 * each model's own page.
 *
 * <p>Settings: {@code REPLICATE_API_TOKEN}; {@code REPLICATE_BASE_URL}, unless it is where it usually is.
 */
public final class ReplicateProvider implements ImageProvider, ImageEditProvider, VideoProvider {
    private static final String ID = "replicate";
    private static final String USUAL = "https://api.replicate.com/v1";
    private static final Polling POLLING =
            new Polling(Duration.ofMillis(500), Duration.ofMillis(500), Duration.ofSeconds(5));

    private final ReplicateImages images;
    private final ReplicateFilms films;

    /**
     * @param endpoint the API, with the token
     * @param polling how to wait for what has not come of itself
     */
    ReplicateProvider(Endpoint endpoint, Polling polling) {
        Predictions predictions = new Predictions(endpoint, polling);
        this.images = new ReplicateImages(endpoint, predictions);
        this.films = new ReplicateFilms(endpoint, predictions);
    }

    /**
     * The provider, if the settings configure it.
     *
     * @param http the shared client
     * @param settings the value of a setting by its name, or null
     * @throws IllegalArgumentException naming the setting, if one is ill-formed
     */
    public static Optional<ReplicateProvider> of(UpstreamHttp http, Function<String, @Nullable String> settings) {
        String token = UpstreamSettings.credential(settings, "REPLICATE_API_TOKEN");
        if (token == null) {
            return Optional.empty();
        }
        URI base = UpstreamSettings.base(settings, "REPLICATE_BASE_URL", USUAL);
        return Optional.of(new ReplicateProvider(endpoint(http, base, token), POLLING));
    }

    static Endpoint endpoint(UpstreamHttp http, URI base, String token) {
        return new Endpoint(http, ID, base, Map.of("Authorization", "Bearer " + token));
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public Images draw(UpstreamCall call, ImageRequest request) throws UpstreamException {
        return images.draw(call, request);
    }

    @Override
    public Images edit(UpstreamCall call, ImageRequest request) throws UpstreamException {
        return images.edit(call, request);
    }

    @Override
    public Video film(UpstreamCall call, VideoRequest request) throws UpstreamException {
        return films.film(call, request);
    }

    @Override
    public String toString() {
        return "ReplicateProvider[" + ID + "]";
    }
}
