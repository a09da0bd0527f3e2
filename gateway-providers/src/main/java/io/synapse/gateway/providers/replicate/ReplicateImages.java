package io.synapse.gateway.providers.replicate;

import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.ImageRequest.Size;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.Images.Picture;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.Endpoint;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.internal.media.FanOut;
import io.synapse.gateway.providers.internal.media.FieldNames;
import io.synapse.gateway.providers.internal.media.HostedFiles;
import io.synapse.gateway.providers.internal.media.ImageFields;
import io.synapse.gateway.providers.internal.media.ProviderOptions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Pictures as Replicate's models make them. Safe for use by many threads. */
final class ReplicateImages {
    /** How many and how large decide the charge; whose pictures are shown the operator answers for. */
    private static final Set<String> OWNED = Set.of(
            "prompt",
            "num_outputs",
            "max_images",
            "sequential_image_generation",
            "size",
            "width",
            "height",
            "aspect_ratio",
            "megapixels",
            "resolution",
            "image",
            "input_image",
            "image_input",
            "mask",
            "disable_safety_checker",
            "safety_tolerance");

    private static final Map<String, String> OURS = Map.of(
            "num_outputs", "n",
            "aspect_ratio", "size",
            "megapixels", "size",
            "width", "size",
            "height", "size",
            "input_image", "image",
            "image_input", "image");

    private final Predictions predictions;
    private final InputFiles inputs;
    private final HostedFiles files;
    private final FieldNames names;

    ReplicateImages(Endpoint endpoint, Predictions predictions) {
        this.predictions = predictions;
        this.inputs = new InputFiles(endpoint);
        this.files = HostedFiles.keyed(endpoint);
        this.names = new FieldNames(endpoint.id(), OURS);
    }

    Images draw(UpstreamCall call, ImageRequest request) throws UpstreamException {
        ModelName name = ModelName.of(call.model());
        return make(call, request, name, ReplicateImageModel.of(name.model()), null);
    }

    Images edit(UpstreamCall call, ImageRequest request) throws UpstreamException {
        Media source = ImageFields.source(request);
        ModelName name = ModelName.of(call.model());
        ReplicateImageModel model = ReplicateImageModel.of(name.model());
        if (model.source() == null) {
            String field = ImageFields.sourceName(request);
            throw UpstreamErrors.unsupported(field, "This model draws from words alone. Leave '" + field + "' out.");
        }
        return make(call, request, name, model, source);
    }

    private Images make(
            UpstreamCall call, ImageRequest request, ModelName name, ReplicateImageModel model, @Nullable Media source)
            throws UpstreamException {
        Map<String, @Nullable Object> input = input(request, model);
        if (source != null && model.source() != null) {
            // Last of all, since it may be sent ahead.
            String url = inputs.url(call, source);
            input.put(model.source(), model.sources() ? List.of(url) : url);
        }
        int calls = Math.ceilDiv(request.count(), model.most());
        List<List<Picture>> made = FanOut.of(calls, index -> {
            int count = Math.min(model.most(), request.count() - index * model.most());
            return part(call, request, name, part(input, model, count, request.seed(index)), count);
        });
        // It tells the time of computing, which pictures are not priced by.
        return new Images(made.stream().flatMap(List::stream).toList(), null);
    }

    /** What all calls of a request say, save the picture to start from. */
    private Map<String, @Nullable Object> input(ImageRequest request, ReplicateImageModel model)
            throws UpstreamException {
        ImageFields.refuseMask(request);
        ImageFields.refuseQuality(request);
        ImageFields.refuseNegativePrompt(request);
        if (!model.seed()) {
            ImageFields.refuseSeed(request);
        }
        Map<String, @Nullable Object> input = new LinkedHashMap<>();
        input.put("prompt", request.prompt());
        Size size = request.size();
        if (size != null) {
            model.sizing().write(input, size, ImageFields.sizeName(request));
        }
        String format = ImageFields.format(request, model.formats().keySet());
        if (format != null) {
            input.put("output_format", model.formats().get(format));
        }
        Set<String> owned = new HashSet<>(OWNED);
        if (model.seed()) {
            // It differs from call to call.
            owned.add("seed");
        }
        ProviderOptions.merge(input, request.body(), names.provider(), owned);
        return input;
    }

    private static Map<String, @Nullable Object> part(
            Map<String, @Nullable Object> input, ReplicateImageModel model, int count, @Nullable Long seed) {
        Map<String, @Nullable Object> part = new LinkedHashMap<>(input);
        if (model.most() > 1) {
            part.put("num_outputs", count);
        }
        if (seed != null) {
            part.put("seed", seed);
        }
        return part;
    }

    private List<Picture> part(
            UpstreamCall call, ImageRequest request, ModelName name, Map<String, @Nullable Object> input, int count)
            throws UpstreamException {
        List<String> urls;
        try {
            urls = predictions.run(call, name, input, true);
        } catch (UpstreamException e) {
            throw names.translated(e, request.body());
        }
        // What was not asked for was not promised to be paid for.
        List<Picture> pictures = new ArrayList<>(count);
        for (String url : urls.subList(0, Math.min(count, urls.size()))) {
            pictures.add(new Picture(files.picture(call, url), null));
        }
        return pictures;
    }
}
