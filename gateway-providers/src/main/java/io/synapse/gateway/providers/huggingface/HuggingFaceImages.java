package io.synapse.gateway.providers.huggingface;

import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.Images.Picture;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.Endpoint;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamResponse;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.media.FanOut;
import io.synapse.gateway.providers.internal.media.HostedFiles;
import io.synapse.gateway.providers.internal.media.ImageFields;
import io.synapse.gateway.providers.internal.media.Pictures;
import io.synapse.gateway.providers.internal.media.ProviderOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Pictures by the task "Text to Image", one with each question. {@code providerOptions.huggingface} are further
 * {@code parameters} of the task. Safe for use by many threads.
 */
final class HuggingFaceImages {
    /** The steps too: what is charged is the time that a picture takes. */
    private static final Set<String> OWNED = Set.of(
            "inputs",
            "parameters",
            "width",
            "height",
            "target_size",
            "negative_prompt",
            "seed",
            "num_inference_steps",
            "num_images_per_prompt");

    private final Endpoint endpoint;
    private final HostedFiles files;

    HuggingFaceImages(Endpoint endpoint) {
        this.endpoint = endpoint;
        this.files = new HostedFiles(endpoint.http(), endpoint.base());
    }

    Images draw(UpstreamCall call, ImageRequest request) throws UpstreamException {
        ImageFields.refuseQuality(request);
        ImageFields.format(request, Set.of());
        Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
        ImageRequest.Size size = request.size();
        if (size != null) {
            parameters.put("width", size.width());
            parameters.put("height", size.height());
        }
        if (request.negativePrompt() != null) {
            parameters.put("negative_prompt", request.negativePrompt());
        }
        ProviderOptions.merge(parameters, request.body(), endpoint.id(), OWNED);
        List<Picture> pictures =
                FanOut.of(request.count(), index -> ask(call, request.prompt(), parameters, request.seed(index)));
        return new Images(pictures, Usage.of(Unit.IMAGES, pictures.size()));
    }

    /** Asks for one picture; with a seed of its own, or all would be the same. */
    private Picture ask(UpstreamCall call, String prompt, Map<String, @Nullable Object> parameters, @Nullable Long seed)
            throws UpstreamException {
        Map<String, @Nullable Object> own = new LinkedHashMap<>(parameters);
        if (seed != null) {
            own.put("seed", seed);
        }
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("inputs", prompt);
        if (!own.isEmpty()) {
            body.put("parameters", own);
        }
        try (UpstreamResponse response =
                endpoint.route("/" + call.model(), "*/*").post(call, Json.write(body))) {
            return new Picture(read(call, response), null);
        }
    }

    /** The picture itself, or JSON with it or with its place in it: that depends on who serves the model. */
    private Media read(UpstreamCall call, UpstreamResponse response) throws UpstreamException {
        if (!response.isJson()) {
            return Pictures.plain(response.whole());
        }
        Map<String, @Nullable Object> answer = Results.object(response.whole());
        if (answer.get("data") instanceof List<?> data
                && !data.isEmpty()
                && data.getFirst() instanceof Map<?, ?> first
                && first.get("b64_json") instanceof String base64) {
            return Pictures.decoded(base64, "");
        }
        if (answer.get("output") instanceof List<?> output
                && !output.isEmpty()
                && output.getFirst() instanceof String url) {
            return files.picture(call, url);
        }
        throw UpstreamErrors.malformed("answered with a picture that is not there", null);
    }
}
