package io.synapse.gateway.providers.replicate;

import io.synapse.gateway.media.Media;
import io.synapse.gateway.media.Video;
import io.synapse.gateway.media.VideoRequest;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.Endpoint;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.internal.media.FieldNames;
import io.synapse.gateway.providers.internal.media.Films;
import io.synapse.gateway.providers.internal.media.HostedFiles;
import io.synapse.gateway.providers.internal.media.ProviderOptions;
import io.synapse.gateway.providers.internal.media.VideoFields;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Films as Replicate's models make them. Safe for use by many threads. */
final class ReplicateFilms {
    /** How long and how large decide the charge; whose films are shown the operator answers for. */
    private static final Set<String> OWNED = Set.of(
            "prompt",
            "length",
            "num_frames",
            "duration",
            "fps",
            "frames_per_second",
            "aspect_ratio",
            "resolution",
            "size",
            "width",
            "height",
            "image",
            "generate_audio",
            "disable_safety_checker",
            "safety_tolerance");

    private static final Map<String, String> OURS = Map.of(
            "length", "seconds",
            "duration", "seconds");

    private final Predictions predictions;
    private final InputFiles inputs;
    private final HostedFiles files;
    private final FieldNames names;

    ReplicateFilms(Endpoint endpoint, Predictions predictions) {
        this.predictions = predictions;
        this.inputs = new InputFiles(endpoint);
        this.files = HostedFiles.keyed(endpoint);
        this.names = new FieldNames(endpoint.id(), OURS);
    }

    Video film(UpstreamCall call, VideoRequest request) throws UpstreamException {
        ModelName name = ModelName.of(call.model());
        ReplicateFilmModel model = ReplicateFilmModel.of(name.model());
        Map<String, @Nullable Object> input = input(request, model);
        Media first = request.firstFrame();
        if (first != null) {
            if (model.source() == null) {
                throw UpstreamErrors.unsupported("image", "This model films from words alone. Leave 'image' out.");
            }
            input.put(model.source(), inputs.url(call, first));
        }
        String url;
        try {
            url = predictions.run(call, name, input, false).getFirst();
        } catch (UpstreamException e) {
            throw names.translated(e, request.body());
        }
        Media film = files.film(call, url);
        return new Video(film, Films.lasting(film, null), null);
    }

    private Map<String, @Nullable Object> input(VideoRequest request, ReplicateFilmModel model)
            throws UpstreamException {
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
        Integer seconds = VideoFields.seconds(request, !model.lengths().isEmpty());
        if (seconds != null) {
            Integer frames = model.lengths().get(seconds);
            if (frames == null) {
                throw UpstreamErrors.unsupported(
                        "seconds",
                        "This model makes films of "
                                + String.join(
                                        ", ",
                                        model.lengths().keySet().stream()
                                                .sorted()
                                                .map(String::valueOf)
                                                .toList())
                                + " seconds. Ask for one of those.");
            }
            input.put("length", frames);
        }
        VideoFields.size(request, false);
        Set<String> owned = new HashSet<>(OWNED);
        owned.addAll(model.owned());
        ProviderOptions.merge(input, request.body(), names.provider(), owned);
        return input;
    }
}
