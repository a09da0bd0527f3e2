package io.synapse.gateway.providers.bfl;

import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.ImageRequest.Size;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.internal.media.ImageFields;
import io.synapse.gateway.providers.internal.media.ProviderOptions;
import java.math.BigInteger;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes jobs for one picture, and refuses what a FLUX model cannot do. */
final class BflRequest {
    /** Models that are told the shape of a picture and choose its pixels themselves. */
    private static final Pattern SHAPED = Pattern.compile("flux-kontext.*|flux-pro-1\\.1-ultra.*");
    /** Models that take width and height in steps of 32 pixels. */
    private static final Pattern FIRST = Pattern.compile("flux-(?:pro|dev).*");
    /** Models that change a picture; others would take it for a hint of style, or ignore it. */
    private static final Pattern EDITORS = Pattern.compile("flux-kontext.*|flux-2-.*");

    private static final int LONGEST_SIDE_OF_FIRST = 1440;
    private static final long MOST_PIXELS = 4L * 1024 * 1024;
    private static final int MOST_MEGABYTES = 20;

    private static final Set<String> OWNED = Set.of(
            "prompt",
            "width",
            "height",
            "aspect_ratio",
            "resolution",
            // What goes in is charged too, by some models.
            "images",
            "image_prompt",
            "input_image",
            "input_image_2",
            "input_image_3",
            "input_image_4",
            "input_image_5",
            "input_image_6",
            "input_image_7",
            "input_image_8",
            "input_image_9",
            "input_image_10",
            "webhook_url",
            "webhook_secret");

    private BflRequest() {}

    static Map<String, @Nullable Object> drawing(UpstreamCall call, ImageRequest request) throws UpstreamException {
        return body(call, request, null);
    }

    static Map<String, @Nullable Object> edit(UpstreamCall call, ImageRequest request) throws UpstreamException {
        ImageFields.refuseMask(request);
        ImageFields.refuseLarge(request, MOST_MEGABYTES);
        if (!EDITORS.matcher(call.model()).matches()) {
            throw UpstreamErrors.unsupported(
                    ImageFields.sourceName(request),
                    "This model does not draw from a picture; leave it out or choose a model that edits.");
        }
        // In base64 without the head of a data URI.
        return body(
                call,
                request,
                Base64.getEncoder().encodeToString(ImageFields.source(request).bytes()));
    }

    /**
     * The job for one of several pictures. With the very same seed they would be the very same picture.
     *
     * @param index which picture, from 0
     */
    static Map<String, @Nullable Object> variant(Map<String, @Nullable Object> body, int index) {
        if (index == 0 || !(body.get("seed") instanceof Number seed)) {
            return body;
        }
        Map<String, @Nullable Object> variant = new LinkedHashMap<>(body);
        variant.put("seed", seed.longValue() + index);
        return variant;
    }

    private static Map<String, @Nullable Object> body(
            UpstreamCall call, ImageRequest request, @Nullable String inputImage) throws UpstreamException {
        ImageFields.refuseQuality(request);
        ImageFields.refuseNegativePrompt(request);
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("prompt", request.prompt());
        if (inputImage != null) {
            body.put("input_image", inputImage);
        }
        Size size = request.size();
        if (size != null && SHAPED.matcher(call.model()).matches()) {
            body.put("aspect_ratio", shape(request, size));
        } else if (size != null) {
            checkSides(call.model(), request, size);
            body.put("width", size.width());
            body.put("height", size.height());
        }
        if (request.seed() != null) {
            body.put("seed", request.seed());
        }
        String format = ImageFields.format(request, Set.of("jpeg", "png"));
        if (format != null) {
            body.put("output_format", format);
        }
        ProviderOptions.merge(body, request.body(), BflProvider.ID, OWNED);
        return body;
    }

    private static String shape(ImageRequest request, Size size) throws UpstreamException {
        int width = size.width();
        int height = size.height();
        if (width * 9 > height * 21 || height * 9 > width * 21) {
            throw unsupported(request, "This model draws shapes from 21:9 to 9:21; choose a size between.");
        }
        int divisor = BigInteger.valueOf(width).gcd(BigInteger.valueOf(height)).intValue();
        return width / divisor + ":" + height / divisor;
    }

    private static void checkSides(String model, ImageRequest request, Size size) throws UpstreamException {
        boolean first = FIRST.matcher(model).matches();
        int step = first ? 32 : 16;
        if (size.width() % step != 0 || size.height() % step != 0) {
            throw unsupported(
                    request, "This model draws sides that are multiples of " + step + " pixels; choose such a size.");
        }
        if (first && Math.max(size.width(), size.height()) > LONGEST_SIDE_OF_FIRST) {
            throw unsupported(
                    request, "This model draws sides of at most " + LONGEST_SIDE_OF_FIRST + " pixels; choose such.");
        }
        if ((long) size.width() * size.height() > MOST_PIXELS) {
            throw unsupported(request, "This model draws at most 4 megapixels; choose a smaller size.");
        }
    }

    private static UpstreamException unsupported(ImageRequest request, String message) {
        return UpstreamErrors.unsupported(ImageFields.sizeName(request), message);
    }
}
