package io.synapse.gateway.providers.fal;

import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.ImageRequest.Size;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.Images.Picture;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.Endpoint;
import io.synapse.gateway.providers.http.Polling;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.media.FanOut;
import io.synapse.gateway.providers.internal.media.FieldNames;
import io.synapse.gateway.providers.internal.media.HostedFiles;
import io.synapse.gateway.providers.internal.media.ImageFields;
import io.synapse.gateway.providers.internal.media.Pictures;
import io.synapse.gateway.providers.internal.media.ProviderOptions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Pictures as fal's models make them. Safe for use by many threads. */
final class FalImages {
    /** How many and how large decide the charge; whose pictures are shown the operator answers for. */
    private static final Set<String> OWNED = Set.of(
            "prompt",
            "num_images",
            "max_images",
            "image_size",
            "aspect_ratio",
            "resolution",
            "image_url",
            "image_urls",
            "mask_url",
            "loras",
            "sync_mode",
            "enable_safety_checker",
            "safety_checker_version",
            "safety_tolerance");

    private static final Map<String, String> OURS = Map.of(
            "num_images", "n",
            "image_size", "size",
            "aspect_ratio", "size",
            "image_url", "image",
            "image_urls", "image",
            "format", "output_format");

    private final FalQueue queue;
    private final Polling polling;
    private final HostedFiles files;
    private final FieldNames names;

    FalImages(Endpoint endpoint, Polling polling) {
        this.queue = new FalQueue(endpoint);
        this.polling = polling;
        this.files = new HostedFiles(endpoint.http(), endpoint.base());
        this.names = new FieldNames(endpoint.id(), OURS);
    }

    Images draw(UpstreamCall call, ImageRequest request) throws UpstreamException {
        FalImageModel model = FalImageModel.of(call.model());
        return make(call, request, model.source() == null ? call.model() : sibling(model, "image"), null);
    }

    Images edit(UpstreamCall call, ImageRequest request) throws UpstreamException {
        Media source = ImageFields.source(request);
        FalImageModel model = FalImageModel.of(call.model());
        String field = ImageFields.sourceName(request);
        return make(call, request, model.source() == null ? sibling(model, field) : call.model(), source);
    }

    private static String sibling(FalImageModel model, String field) throws UpstreamException {
        String sibling = model.sibling();
        if (sibling != null) {
            return sibling;
        }
        throw UpstreamErrors.unsupported(
                field,
                model.source() == null
                        ? "This model draws from words alone. Leave '" + field + "' out."
                        : "This model draws from a picture. Send one as '" + field + "'.");
    }

    private Images make(UpstreamCall call, ImageRequest request, String name, @Nullable Media source)
            throws UpstreamException {
        FalImageModel model = FalImageModel.of(name);
        Map<String, @Nullable Object> input = input(request, model, source);
        int calls = Math.ceilDiv(request.count(), model.most());
        List<List<Picture>> made = FanOut.of(calls, index -> {
            int count = Math.min(model.most(), request.count() - index * model.most());
            return part(call, request, name, part(input, model, count, request.seed(index)), count);
        });
        // It tells no usage that pictures are priced by.
        return new Images(made.stream().flatMap(List::stream).toList(), null);
    }

    private List<Picture> part(
            UpstreamCall call, ImageRequest request, String name, Map<String, @Nullable Object> input, int count)
            throws UpstreamException {
        try {
            return read(call, queue.run(call, name, input, polling), count);
        } catch (UpstreamException e) {
            throw names.translated(e, request.body());
        }
    }

    /** What all calls of a request say. */
    private Map<String, @Nullable Object> input(ImageRequest request, FalImageModel model, @Nullable Media source)
            throws UpstreamException {
        ImageFields.refuseMask(request);
        ImageFields.refuseQuality(request);
        if (!model.negative()) {
            ImageFields.refuseNegativePrompt(request);
        }
        if (!model.seed()) {
            ImageFields.refuseSeed(request);
        }
        Map<String, @Nullable Object> input = new LinkedHashMap<>();
        input.put("prompt", request.prompt());
        if (request.negativePrompt() != null) {
            input.put("negative_prompt", request.negativePrompt());
        }
        if (source != null && model.source() != null) {
            String uri = Pictures.dataUri(source);
            input.put(model.source(), model.source().endsWith("s") ? List.of(uri) : uri);
        }
        Size size = request.size();
        if (size != null) {
            model.sizing().write(input, size, ImageFields.sizeName(request));
        }
        String format = ImageFields.format(request, model.formats());
        if (format != null && model.format() != null) {
            input.put(model.format(), format);
        }
        if (request.providerOptions(names.provider()).get("style") instanceof String style
                && style.startsWith("vector")) {
            throw UpstreamErrors.rejected(
                    "providerOptions." + names.provider() + ".style",
                    "Drawings made of vectors are not offered. Ask for another style.");
        }
        Set<String> owned = new HashSet<>(OWNED);
        owned.addAll(model.owned());
        if (model.seed()) {
            // It differs from call to call.
            owned.add("seed");
        }
        ProviderOptions.merge(input, request.body(), names.provider(), owned);
        return input;
    }

    private static Map<String, @Nullable Object> part(
            Map<String, @Nullable Object> input, FalImageModel model, int count, @Nullable Long seed) {
        Map<String, @Nullable Object> part = new LinkedHashMap<>(input);
        if (model.most() > 1) {
            part.put("num_images", count);
        }
        if (seed != null) {
            part.put("seed", seed);
        }
        return part;
    }

    private List<Picture> read(UpstreamCall call, Map<String, @Nullable Object> answer, int count)
            throws UpstreamException {
        List<@Nullable Object> images = Json.asList(answer.get("images"));
        if (images == null && answer.get("image") != null) {
            images = List.of(answer.get("image"));
        }
        if (images == null || images.isEmpty()) {
            throw UpstreamErrors.malformed("answered with no picture", null);
        }
        List<@Nullable Object> flags = Json.asList(answer.get("has_nsfw_concepts"));
        // What was not asked for was not promised to be paid for.
        List<Picture> pictures = new ArrayList<>(count);
        for (int i = 0; i < images.size() && i < count; i++) {
            if (flags != null && i < flags.size() && Boolean.TRUE.equals(flags.get(i))) {
                // It is there, and black.
                continue;
            }
            Map<String, @Nullable Object> image = Json.asObject(images.get(i));
            if (image == null || !(image.get("url") instanceof String url)) {
                throw UpstreamErrors.malformed("answered with a picture that is not there", null);
            }
            pictures.add(new Picture(files.picture(call, url), null));
        }
        if (pictures.isEmpty()) {
            throw UpstreamErrors.rejected(
                    "prompt", "The upstream's filter withheld what was drawn. Change the prompt.");
        }
        return pictures;
    }
}
