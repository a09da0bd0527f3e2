package io.synapse.gateway.providers.bfl;

import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.Images.Picture;
import io.synapse.gateway.provider.ImageEditProvider;
import io.synapse.gateway.provider.ImageProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.http.JsonAnswer;
import io.synapse.gateway.providers.http.Polling;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.providers.http.UpstreamResponse;
import io.synapse.gateway.providers.http.UpstreamRoute;
import io.synapse.gateway.providers.http.UpstreamSettings;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.media.FanOut;
import io.synapse.gateway.providers.internal.media.FieldNames;
import io.synapse.gateway.providers.internal.media.HostedFiles;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * FLUX at Black Forest Labs: pictures from words and from a picture, one a job; several are drawn by as many jobs at once.
 * The format is that of its API reference: a model's own route takes the job, the {@code polling_url} of its answer tells
 * how the job stands. Safe for use by many threads; the HTTP client stays its maker's to close.
 *
 * <p>A job cannot be called off: one that nobody waits for any more is drawn, and charged, all the same.
 */
public final class BflProvider implements ImageProvider, ImageEditProvider {
    static final String ID = "bfl";
    private static final String BASE = "https://api.bfl.ai/v1";
    private static final FieldNames NAMES = new FieldNames(
            ID, Map.of("input_image", "image", "aspect_ratio", "size", "width", "size", "height", "size"));
    private static final Polling POLLING =
            new Polling(Duration.ofMillis(500), Duration.ofMillis(500), Duration.ofSeconds(2));
    private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]*");

    private final BflPlaces places;
    private final Polling polling;
    private final HostedFiles files;

    BflProvider(UpstreamHttp http, URI base, String key, Polling polling) {
        this.places = new BflPlaces(http, base, key);
        this.polling = polling;
        this.files = new HostedFiles(http, base);
    }

    /**
     * The provider, if there is a key for it.
     *
     * @param http the shared client
     * @param settings the value of a setting by its name ({@code BFL_API_KEY}, {@code BFL_BASE_URL}), or null
     * @throws IllegalArgumentException naming the setting, if one is ill-formed
     */
    public static Optional<BflProvider> of(UpstreamHttp http, Function<String, @Nullable String> settings) {
        return UpstreamSettings.of("BFL", BASE, settings)
                .map(own -> new BflProvider(http, own.base(), own.key(), POLLING));
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public Images draw(UpstreamCall call, ImageRequest request) throws UpstreamException {
        return make(call, request, BflRequest.drawing(call, request));
    }

    @Override
    public Images edit(UpstreamCall call, ImageRequest request) throws UpstreamException {
        return make(call, request, BflRequest.edit(call, request));
    }

    @Override
    public String toString() {
        return "BflProvider[]";
    }

    private Images make(UpstreamCall call, ImageRequest request, Map<String, @Nullable Object> body)
            throws UpstreamException {
        if (!MODEL.matcher(call.model()).matches()) {
            throw new UpstreamException(Kind.MODEL_GONE, "has no model whose name is no path", null);
        }
        UpstreamRoute route = places.submission(call.model());
        List<Picture> pictures =
                FanOut.of(request.count(), index -> picture(call, request, route, BflRequest.variant(body, index)));
        // The answers tell credits, which are no pictures; those are counted by the gateway.
        return new Images(pictures, null);
    }

    private Picture picture(
            UpstreamCall call, ImageRequest request, UpstreamRoute route, Map<String, @Nullable Object> body)
            throws UpstreamException {
        UpstreamRoute place = submit(call, request, route, body);
        String sample = polling.await(call, new BflJob(call, place, request));
        return new Picture(files.picture(call, sample), null);
    }

    /** Hands a job in; never twice, since nobody could tell whether the first one is being drawn. */
    private UpstreamRoute submit(
            UpstreamCall call, ImageRequest request, UpstreamRoute route, Map<String, @Nullable Object> body)
            throws UpstreamException {
        Map<String, @Nullable Object> answer;
        try (UpstreamResponse response = route.post(call, Json.write(body))) {
            answer = JsonAnswer.of(response);
        } catch (UpstreamException e) {
            throw NAMES.translated(e, request.body());
        }
        if (answer.get("id") instanceof String id && answer.get("polling_url") instanceof String url) {
            return places.job(url, id);
        }
        throw UpstreamErrors.malformed("took a job on and did not say where it is", null);
    }
}
