package io.synapse.gateway.providers.recraft;

import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.Images.Picture;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.ImageEditProvider;
import io.synapse.gateway.provider.ImageProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.Endpoint;
import io.synapse.gateway.providers.http.JsonAnswer;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.providers.http.UpstreamResponse;
import io.synapse.gateway.providers.http.UpstreamRoute;
import io.synapse.gateway.providers.http.UpstreamSettings;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.media.FanOut;
import io.synapse.gateway.providers.internal.media.HostedFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Recraft: pictures from words, from a picture, and within a mask; in pixels, or as SVG by the models whose names end in
 * {@code _vector}. The format is that of Recraft's API reference, "Endpoints". Safe for use by many threads; the HTTP client
 * stays its maker's to close.
 */
public final class RecraftProvider implements ImageProvider, ImageEditProvider {
    static final String ID = "recraft";
    private static final String BASE = "https://external.api.recraft.ai/v1";
    /** The most pictures of one of its requests; more are drawn by several at once. */
    private static final int MOST_AT_ONCE = 6;

    private final UpstreamRoute generations;
    private final UpstreamRoute edits;
    private final UpstreamRoute inpaintings;
    private final HostedFiles files;

    private RecraftProvider(Endpoint endpoint) {
        this.generations = endpoint.route("/images/generations", "application/json");
        this.edits = endpoint.route("/images/imageToImage", "application/json");
        this.inpaintings = endpoint.route("/images/inpaint", "application/json");
        this.files = new HostedFiles(endpoint.http(), endpoint.base());
    }

    /**
     * The provider, if there is a key for it.
     *
     * @param http the shared client
     * @param settings the value of a setting by its name ({@code RECRAFT_API_KEY}, {@code RECRAFT_BASE_URL}), or null
     * @throws IllegalArgumentException naming the setting, if one is ill-formed
     */
    public static Optional<RecraftProvider> of(UpstreamHttp http, Function<String, @Nullable String> settings) {
        return UpstreamSettings.of("RECRAFT", BASE, settings)
                .map(own -> new RecraftProvider(
                        new Endpoint(http, ID, own.base(), Map.of("Authorization", "Bearer " + own.key()))));
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public Images draw(UpstreamCall call, ImageRequest request) throws UpstreamException {
        return make(call, request, generations, RecraftRequest.drawing(call, request));
    }

    @Override
    public Images edit(UpstreamCall call, ImageRequest request) throws UpstreamException {
        return request.mask() == null
                ? make(call, request, edits, RecraftRequest.edit(call, request))
                : make(call, request, inpaintings, RecraftRequest.inpainting(call, request, request.mask()));
    }

    @Override
    public String toString() {
        return "RecraftProvider[]";
    }

    private Images make(
            UpstreamCall call, ImageRequest request, UpstreamRoute route, Map<String, @Nullable Object> body)
            throws UpstreamException {
        int batches = Math.ceilDiv(request.count(), MOST_AT_ONCE);
        List<Picture> pictures = FanOut.of(batches, index -> {
                    int count = Math.min(MOST_AT_ONCE, request.count() - index * MOST_AT_ONCE);
                    return batch(call, route, RecraftRequest.of(body, count), count);
                })
                .stream()
                .flatMap(List::stream)
                .toList();
        // The answers tell credits, which are no pictures; those are counted by the gateway.
        return new Images(pictures, null);
    }

    private List<Picture> batch(UpstreamCall call, UpstreamRoute route, byte[] body, int count)
            throws UpstreamException {
        Map<String, @Nullable Object> answer;
        try (UpstreamResponse response = route.post(call, body)) {
            answer = JsonAnswer.of(response);
        }
        List<@Nullable Object> data = Json.asList(answer.get("data"));
        if (data == null || data.isEmpty()) {
            throw UpstreamErrors.malformed("answered with no picture", null);
        }
        List<Picture> pictures = new ArrayList<>(count);
        // What was not asked for was not promised to be paid for.
        for (Object each : data.subList(0, Math.min(data.size(), count))) {
            Map<String, @Nullable Object> entry = Json.asObject(each);
            if (entry == null) {
                throw UpstreamErrors.malformed("answered with a picture that is no object", null);
            }
            Media media = VectorGraphics.checked(files.picture(call, entry, VectorGraphics.TYPE));
            pictures.add(new Picture(media, entry.get("revised_prompt") instanceof String prompt ? prompt : null));
        }
        return pictures;
    }
}
