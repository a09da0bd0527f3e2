package io.synapse.gateway.providers.recraft;

import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.ImageRequest.Size;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.internal.json.Json;
import io.synapse.gateway.providers.internal.media.ImageFields;
import io.synapse.gateway.providers.internal.media.Pictures;
import io.synapse.gateway.providers.internal.media.ProviderOptions;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes Recraft's requests, and refuses what its models cannot do. */
final class RecraftRequest {
    /** Models of the second and third version: short prompts, negative prompts and styles. */
    private static final Pattern OLD = Pattern.compile("recraftv[23](?:_.*)?");

    private static final Pattern INPAINTERS = Pattern.compile("recraftv3(?:_vector)?");
    private static final int LONGEST_PROMPT_OF_OLD = 1_000;
    private static final int MOST_MEGABYTES = 10;
    /** How far an edit may go from its picture, 0 to 1, unless its caller says; required by the upstream. */
    private static final BigDecimal STRENGTH = new BigDecimal("0.5");
    /** Styles in pixels, with what refines them. Those of vector graphics would double the price. */
    private static final Pattern RASTER_STYLES =
            Pattern.compile("(?:any|realistic_image|digital_illustration|logo_raster)(?:/.*)?");

    private static final Set<String> OWNED = Set.of(
            "model",
            "prompt",
            "n",
            "size",
            "response_format",
            "negative_prompt",
            "image_url",
            "mask_url",
            // The operator's own, of any kind and price.
            "style_id",
            "style_references");

    private RecraftRequest() {}

    static Map<String, @Nullable Object> drawing(UpstreamCall call, ImageRequest request) throws UpstreamException {
        Map<String, @Nullable Object> body = body(call, request);
        Size size = request.size();
        if (size != null) {
            String word = RecraftSizes.word(call.model(), size);
            if (word == null) {
                throw UpstreamErrors.unsupported(
                        ImageFields.sizeName(request),
                        "This model does not draw " + size + "; it draws " + RecraftSizes.known(call.model()) + ".");
            }
            body.put("size", word);
        }
        return merged(call, request, body);
    }

    static Map<String, @Nullable Object> edit(UpstreamCall call, ImageRequest request) throws UpstreamException {
        Map<String, @Nullable Object> body = fromPicture(call, request);
        body.put("strength", STRENGTH);
        return merged(call, request, body);
    }

    static Map<String, @Nullable Object> inpainting(UpstreamCall call, ImageRequest request, Media mask)
            throws UpstreamException {
        if (!INPAINTERS.matcher(call.model()).matches()) {
            throw UpstreamErrors.unsupported("mask", "This model takes no 'mask'; leave it out or choose recraft-v3.");
        }
        Map<String, @Nullable Object> body = fromPicture(call, request);
        body.put("mask_url", Pictures.dataUri(RecraftMask.of(call, mask)));
        return merged(call, request, body);
    }

    /** A body that asks for so many pictures. */
    static byte[] of(Map<String, @Nullable Object> body, int count) {
        Map<String, @Nullable Object> counted = new LinkedHashMap<>(body);
        counted.put("n", count);
        return Json.write(counted);
    }

    private static Map<String, @Nullable Object> fromPicture(UpstreamCall call, ImageRequest request)
            throws UpstreamException {
        if (request.size() != null) {
            throw UpstreamErrors.unsupported(
                    ImageFields.sizeName(request), "This model keeps the size of the picture; leave the size out.");
        }
        ImageFields.refuseLarge(request, MOST_MEGABYTES);
        Map<String, @Nullable Object> body = body(call, request);
        body.put("image_url", Pictures.dataUri(ImageFields.source(request)));
        return body;
    }

    private static Map<String, @Nullable Object> body(UpstreamCall call, ImageRequest request)
            throws UpstreamException {
        ImageFields.refuseQuality(request);
        ImageFields.refuseSeed(request);
        ImageFields.format(request, Set.of());
        String prompt = request.prompt();
        boolean old = OLD.matcher(call.model()).matches();
        if (old && prompt.codePointCount(0, prompt.length()) > LONGEST_PROMPT_OF_OLD) {
            throw UpstreamErrors.unsupported(
                    "prompt", "'prompt' must have at most " + LONGEST_PROMPT_OF_OLD + " characters with this model.");
        }
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("prompt", prompt);
        body.put("model", call.model());
        if (old && request.negativePrompt() != null) {
            body.put("negative_prompt", request.negativePrompt());
        } else {
            ImageFields.refuseNegativePrompt(request);
        }
        body.put("response_format", "b64_json");
        return body;
    }

    private static Map<String, @Nullable Object> merged(
            UpstreamCall call, ImageRequest request, Map<String, @Nullable Object> body) throws UpstreamException {
        ProviderOptions.merge(body, request.body(), RecraftProvider.ID, OWNED);
        Object style = body.get("style");
        boolean raster = !call.model().endsWith("_vector");
        if (style != null && raster && !RASTER_STYLES.matcher(style.toString()).matches()) {
            throw UpstreamErrors.rejected(
                    "providerOptions.recraft.style",
                    "'style' must be realistic_image, digital_illustration or logo_raster with this model; choose a"
                            + " vector model for others.");
        }
        return body;
    }
}
