package io.synapse.gateway.providers.cloudflare;

import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.Images.Picture;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.http.UpstreamResponse;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.media.FanOut;
import io.synapse.gateway.providers.internal.media.FieldNames;
import io.synapse.gateway.providers.internal.media.ImageFields;
import io.synapse.gateway.providers.internal.media.Pictures;
import io.synapse.gateway.providers.internal.media.ProviderOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Pictures by Workers AI, one with each question. FLUX.1 takes a prompt and nothing else and answers in JSON; the Stable
 * Diffusion models take more and answer with the picture itself. Safe for use by many threads.
 */
final class CloudflareImages {
    private static final Pattern FLUX_1 = Pattern.compile(".*/flux-1-.*");
    private static final int LONGEST_FLUX_PROMPT = 2_048;
    private static final int LONGEST_SIDE = 2_048;
    private static final ImageRequest.Size FLUX_SIZE = new ImageRequest.Size(1_024, 1_024);
    /** The steps too: they are what is charged. */
    private static final Set<String> OWNED = Set.of(
            "prompt",
            "negative_prompt",
            "width",
            "height",
            "seed",
            "steps",
            "num_steps",
            "image",
            "image_b64",
            "mask",
            "requests");

    private final ModelRuns runs;
    private final FieldNames names;

    CloudflareImages(ModelRuns runs) {
        this.runs = runs;
        // It names no field; what is too long is taken for the messages of a chat.
        this.names = new FieldNames(runs.provider(), Map.of("messages", "prompt"));
    }

    Images draw(UpstreamCall call, ImageRequest request) throws UpstreamException {
        ImageFields.refuseQuality(request);
        ImageFields.format(request, Set.of());
        Map<String, @Nullable Object> body =
                FLUX_1.matcher(call.model()).matches() ? flux(request) : diffusion(request);
        ProviderOptions.merge(body, request.body(), runs.provider(), OWNED);
        List<Picture> pictures = FanOut.of(request.count(), index -> {
            try {
                return ask(call, body, request.seed(index));
            } catch (UpstreamException e) {
                throw names.translated(e, request.body());
            }
        });
        return new Images(pictures, Usage.of(Unit.IMAGES, pictures.size()));
    }

    private static Map<String, @Nullable Object> flux(ImageRequest request) throws UpstreamException {
        if (request.size() != null && !request.size().equals(FLUX_SIZE)) {
            throw UpstreamErrors.unsupported(
                    ImageFields.sizeName(request), "This model draws pictures of " + FLUX_SIZE + " only.");
        }
        ImageFields.refuseNegativePrompt(request);
        ImageFields.refuseSeed(request);
        String prompt = request.prompt();
        if (prompt.codePointCount(0, prompt.length()) > LONGEST_FLUX_PROMPT) {
            throw UpstreamErrors.unsupported(
                    "prompt", "This model takes prompts of " + LONGEST_FLUX_PROMPT + " characters at most.");
        }
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("prompt", prompt);
        return body;
    }

    private static Map<String, @Nullable Object> diffusion(ImageRequest request) throws UpstreamException {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("prompt", request.prompt());
        if (request.negativePrompt() != null) {
            body.put("negative_prompt", request.negativePrompt());
        }
        ImageRequest.Size size = request.size();
        if (size != null) {
            if (Math.max(size.width(), size.height()) > LONGEST_SIDE) {
                throw UpstreamErrors.unsupported(
                        ImageFields.sizeName(request),
                        "This model draws pictures of " + LONGEST_SIDE + " pixels a side at most.");
            }
            body.put("width", size.width());
            body.put("height", size.height());
        }
        return body;
    }

    /** Asks for one picture; with a seed of its own, or all would be the same. */
    private Picture ask(UpstreamCall call, Map<String, @Nullable Object> body, @Nullable Long seed)
            throws UpstreamException {
        Map<String, @Nullable Object> own = new LinkedHashMap<>(body);
        if (seed != null) {
            own.put("seed", seed);
        }
        try (UpstreamResponse response = runs.of(call.model(), "*/*").post(call, Json.write(own))) {
            return new Picture(read(response), null);
        }
    }

    /** Which form it has depends on the model, and may change with it: the answer itself says. */
    private static Media read(UpstreamResponse response) throws UpstreamException {
        if (!response.isJson()) {
            return Pictures.plain(response.whole());
        }
        if (ModelRuns.result(response.whole()).get("image") instanceof String base64) {
            return Pictures.decoded(base64, "");
        }
        throw UpstreamErrors.malformed("answered with a picture that is not there", null);
    }
}
