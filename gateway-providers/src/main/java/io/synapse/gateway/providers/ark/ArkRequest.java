package io.synapse.gateway.providers.ark;

import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.ImageRequest.Size;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.media.ImageFields;
import io.synapse.gateway.providers.internal.media.Pictures;
import io.synapse.gateway.providers.internal.media.ProviderOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes requests for one picture, and refuses what Seedream cannot do. */
final class ArkRequest {
    /** How large a picture to start from may be. */
    private static final int MOST_MEGABYTES = 10;
    /** The versions after 4.0 draw no small pictures. */
    private static final Pattern LARGE = Pattern.compile("seedream-(?:4-[1-9]|[5-9]).*");

    private static final Size LEAST = new Size(1280, 720);
    private static final Size LEAST_OF_LARGE = new Size(2560, 1440);

    private static final Set<String> OWNED = Set.of(
            "model",
            "prompt",
            "image",
            "n",
            "size",
            "response_format",
            "stream",
            // Draws and charges as many pictures as the model likes.
            "sequential_image_generation",
            "sequential_image_generation_options",
            "tools");

    private ArkRequest() {}

    static byte[] drawing(UpstreamCall call, ImageRequest request) throws UpstreamException {
        return body(call, request, null);
    }

    static byte[] edit(UpstreamCall call, ImageRequest request) throws UpstreamException {
        ImageFields.refuseMask(request);
        ImageFields.refuseLarge(request, MOST_MEGABYTES);
        return body(call, request, Pictures.dataUri(ImageFields.source(request)));
    }

    private static byte[] body(UpstreamCall call, ImageRequest request, @Nullable String image)
            throws UpstreamException {
        ImageFields.refuseQuality(request);
        ImageFields.refuseNegativePrompt(request);
        ImageFields.refuseSeed(request);
        ImageFields.format(request, Set.of());
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("model", call.model());
        body.put("prompt", request.prompt());
        if (image != null) {
            body.put("image", image);
        }
        Size size = request.size();
        if (size != null) {
            body.put("size", checked(call.model(), request, size).toString());
        }
        body.put("response_format", "b64_json");
        // Drawn into every picture unless it is told not to.
        body.put("watermark", false);
        body.put("sequential_image_generation", "disabled");
        ProviderOptions.merge(body, request.body(), ArkProvider.ID, OWNED);
        return Json.write(body);
    }

    private static Size checked(String model, ImageRequest request, Size size) throws UpstreamException {
        Size least = LARGE.matcher(model).matches() ? LEAST_OF_LARGE : LEAST;
        if (pixels(size) < pixels(least)) {
            throw UpstreamErrors.unsupported(
                    ImageFields.sizeName(request),
                    "This model draws no picture as small as " + size + "; ask for at least as many pixels as " + least
                            + " has.");
        }
        return size;
    }

    private static long pixels(Size size) {
        return (long) size.width() * size.height();
    }
}
