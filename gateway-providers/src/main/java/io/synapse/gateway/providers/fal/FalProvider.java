package io.synapse.gateway.providers.fal;

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
 * fal: pictures from words, pictures from pictures, films. Safe for use by many threads; owns nothing: the HTTP client is
 * shared and closed by who made it. The format is that of fal's documentation, "Queue API", and of each model's own page.
 *
 * <p>Settings: {@code FAL_KEY}; {@code FAL_BASE_URL}, unless the queue is where it usually is.
 */
public final class FalProvider implements ImageProvider, ImageEditProvider, VideoProvider {
    private static final String ID = "fal";
    private static final String QUEUE = "https://queue.fal.run";
    private static final Polling PICTURES =
            new Polling(Duration.ofMillis(300), Duration.ofMillis(500), Duration.ofSeconds(2));
    private static final Polling FILMS =
            new Polling(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(5));

    private final FalImages images;
    private final FalFilms films;

    /**
     * @param endpoint the queue, with the key
     * @param pictures how to wait for a picture
     * @param films how to wait for a film
     */
    FalProvider(Endpoint endpoint, Polling pictures, Polling films) {
        this.images = new FalImages(endpoint, pictures);
        this.films = new FalFilms(endpoint, films);
    }

    /**
     * The provider, if the settings configure it.
     *
     * @param http the shared client
     * @param settings the value of a setting by its name, or null
     * @throws IllegalArgumentException naming the setting, if one is ill-formed
     */
    public static Optional<FalProvider> of(UpstreamHttp http, Function<String, @Nullable String> settings) {
        String key = UpstreamSettings.credential(settings, "FAL_KEY");
        if (key == null) {
            return Optional.empty();
        }
        URI base = UpstreamSettings.base(settings, "FAL_BASE_URL", QUEUE);
        return Optional.of(new FalProvider(endpoint(http, base, key), PICTURES, FILMS));
    }

    static Endpoint endpoint(UpstreamHttp http, URI base, String key) {
        return new Endpoint(http, ID, base, Map.of("Authorization", "Key " + key));
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
        return "FalProvider[" + ID + "]";
    }
}
