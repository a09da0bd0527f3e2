package io.synapse.gateway.providers.fal;

import io.synapse.gateway.media.Media;
import io.synapse.gateway.media.Video;
import io.synapse.gateway.media.VideoRequest;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.Endpoint;
import io.synapse.gateway.providers.http.Polling;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.media.FieldNames;
import io.synapse.gateway.providers.internal.media.Films;
import io.synapse.gateway.providers.internal.media.HostedFiles;
import io.synapse.gateway.providers.internal.media.Pictures;
import io.synapse.gateway.providers.internal.media.ProviderOptions;
import io.synapse.gateway.providers.internal.media.VideoFields;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Films as fal's models make them. Safe for use by many threads. */
final class FalFilms {
    /** How long and how large decide the charge; whose films are shown the operator answers for. */
    private static final Set<String> OWNED = Set.of(
            "prompt",
            "num_frames",
            "frame_rate",
            "fps",
            "duration",
            "num_videos",
            "aspect_ratio",
            "resolution",
            "video_size",
            "image_url",
            "end_image_url",
            "loras",
            "sync_mode",
            "enable_safety_checker",
            "safety_tolerance");

    private static final Map<String, String> OURS = Map.of(
            "num_frames", "seconds",
            "duration", "seconds",
            "aspect_ratio", "size",
            "resolution", "size",
            "image_url", "image");

    private final FalQueue queue;
    private final Polling polling;
    private final HostedFiles files;
    private final FieldNames names;

    FalFilms(Endpoint endpoint, Polling polling) {
        this.queue = new FalQueue(endpoint);
        this.polling = polling;
        this.files = new HostedFiles(endpoint.http(), endpoint.base());
        this.names = new FieldNames(endpoint.id(), OURS);
    }

    Video film(UpstreamCall call, VideoRequest request) throws UpstreamException {
        FalFilmModel model = FalFilmModel.of(call.model());
        Map<String, @Nullable Object> input = input(request, model);
        String name = call.model();
        Media first = request.firstFrame();
        if (first != null) {
            if (model.sibling() == null) {
                throw UpstreamErrors.unsupported("image", "This model films from words alone. Leave 'image' out.");
            }
            name = model.sibling();
            input.put("image_url", Pictures.dataUri(first));
        }
        try {
            return read(call, queue.run(call, name, input, polling));
        } catch (UpstreamException e) {
            throw names.translated(e, request.body());
        }
    }

    private Map<String, @Nullable Object> input(VideoRequest request, FalFilmModel model) throws UpstreamException {
        Map<String, @Nullable Object> input = new LinkedHashMap<>();
        input.put("prompt", request.prompt());
        String negative = VideoFields.negativePrompt(request, model.negative());
        if (negative != null) {
            input.put("negative_prompt", negative);
        }
        Long seed = VideoFields.seed(request, model.seed());
        if (seed != null) {
            input.put("seed", seed);
        }
        Integer seconds = VideoFields.seconds(request, model.length() != null);
        if (seconds != null && model.length() != null) {
            model.length().write(input, seconds);
        }
        VideoFields.Size size = VideoFields.size(request, model.frame() != null);
        if (size != null && model.frame() != null) {
            model.frame().write(input, size.width(), size.height());
        }
        Set<String> owned = new HashSet<>(OWNED);
        owned.addAll(model.owned());
        ProviderOptions.merge(input, request.body(), names.provider(), owned);
        return input;
    }

    private Video read(UpstreamCall call, Map<String, @Nullable Object> answer) throws UpstreamException {
        Map<String, @Nullable Object> video = Json.asObject(answer.get("video"));
        if (video == null || !(video.get("url") instanceof String url)) {
            throw UpstreamErrors.malformed("answered with no film", null);
        }
        Media film = files.film(call, url);
        return new Video(film, Films.lasting(film, video.get("duration")), null);
    }
}
