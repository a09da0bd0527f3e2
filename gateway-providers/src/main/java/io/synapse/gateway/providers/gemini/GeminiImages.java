package io.synapse.gateway.providers.gemini;

import static java.util.Map.entry;

import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.Images.Picture;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.internal.media.FanOut;
import io.synapse.gateway.providers.internal.media.ImageFields;
import io.synapse.gateway.providers.internal.media.Pictures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Pictures, from words and from a picture: the Gemini API reference, {@code models.generateContent} with pictures as the
 * response modality. Each call makes one, so several are several calls at once. Tells no usage: the upstream counts tokens,
 * and pictures are priced by the piece. Safe for use by many threads.
 */
final class GeminiImages {
    private static final String PROMPT = "prompt";
    private static final FieldNames FIELDS = new FieldNames(
            PROMPT,
            List.of(
                    entry("imageconfig", "size"),
                    entry("seed", "seed"),
                    entry("inlinedata", "image"),
                    entry("contents", PROMPT)));

    /** A signed number of 32 bits, with room for a seed for each picture. */
    private static final long MOST_SEED = Integer.MAX_VALUE - ImageRequest.MOST_IMAGES;

    private final GeminiApi api;

    GeminiImages(GeminiApi api) {
        this.api = api;
    }

    /** Draws, from the request's picture if there is one. */
    Images draw(UpstreamCall call, ImageRequest request) throws UpstreamException {
        refuse(request);
        List<Map<String, @Nullable Object>> bodies = new ArrayList<>(request.count());
        for (int i = 0; i < request.count(); i++) {
            bodies.add(body(call, request, i));
        }
        List<Picture> pictures = FanOut.of(request.count(), index -> {
            try {
                return picture(api.ask(call, "generateContent", bodies.get(index)));
            } catch (UpstreamException e) {
                throw ours(e, request);
            }
        });
        return new Images(pictures, null);
    }

    /** The same failure, by the name that the caller used where there are two. */
    private static UpstreamException ours(UpstreamException e, ImageRequest request) {
        UpstreamException ours = FIELDS.ours(e);
        return switch (String.valueOf(ours.param())) {
            case "size" -> UpstreamErrors.about(ours, ImageFields.sizeName(request));
            case "image" -> UpstreamErrors.about(ours, ImageFields.sourceName(request));
            default -> ours;
        };
    }

    private static void refuse(ImageRequest request) throws UpstreamException {
        ImageFields.refuseMask(request);
        ImageFields.refuseNegativePrompt(request);
        ImageFields.refuseQuality(request);
        ImageFields.format(request, Set.of());
        Long seed = request.seed();
        if (seed != null && seed > MOST_SEED) {
            throw UpstreamErrors.unsupported("seed", "'seed' must be at most " + MOST_SEED + " for gemini.");
        }
    }

    private static Map<String, @Nullable Object> body(UpstreamCall call, ImageRequest request, int index)
            throws UpstreamException {
        List<Object> parts = new ArrayList<>(2);
        parts.add(Map.of("text", request.prompt()));
        Media source = request.source();
        if (source != null) {
            parts.add(Inline.part(source));
        }
        Map<String, @Nullable Object> config = new LinkedHashMap<>();
        config.put("responseModalities", List.of("IMAGE"));
        ImageRequest.Size size = request.size();
        if (size != null) {
            Map<String, @Nullable Object> image = new LinkedHashMap<>();
            image.put(
                    "aspectRatio",
                    Shape.nearest(size, ImageFields.sizeName(request)).name());
            if (sizes(call)) {
                image.put("imageSize", Shape.resolution(size));
            }
            config.put("imageConfig", image);
        }
        Long seed = request.seed(index);
        if (seed != null) {
            config.put("seed", seed);
        }
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("contents", List.of(Map.of("role", "user", "parts", parts)));
        body.put("generationConfig", config);
        Options.merge(body, request.body(), "generationConfig");
        return body;
    }

    /** Version 2.5 draws in one size. */
    private static boolean sizes(UpstreamCall call) throws UpstreamException {
        ModelName model = ModelName.of(GeminiApi.model(call));
        return !model.known() || model.since(3, 0);
    }

    private static Picture picture(Map<String, @Nullable Object> answer) throws UpstreamException {
        Map<String, @Nullable Object> candidate = MediaAnswers.candidate(answer, PROMPT);
        for (Object each : MediaAnswers.parts(candidate)) {
            // Words may stand beside it.
            Map<String, @Nullable Object> inline = MediaAnswers.inline(each);
            if (inline != null && inline.get("data") instanceof String base64) {
                String said = inline.get("mimeType") instanceof String type ? type : "";
                return new Picture(Pictures.decoded(base64, said), null);
            }
        }
        throw MediaAnswers.empty(candidate, PROMPT, "picture");
    }
}
