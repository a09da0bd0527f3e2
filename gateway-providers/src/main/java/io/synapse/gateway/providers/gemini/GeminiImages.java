package io.synapse.gateway.providers.gemini;

import static java.util.Map.entry;

import io.synapse.gateway.media.ImageRequest;
import io.synapse.gateway.media.Images;
import io.synapse.gateway.media.Images.Picture;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.media.FanOut;
import io.synapse.gateway.providers.media.Pictures;
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

    /** What says no more than that the model's own quality will do; it has but one. */
    private static final Set<String> QUALITIES = Set.of("auto", "standard", "medium");

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
                throw FIELDS.ours(e);
            }
        });
        return new Images(pictures, null);
    }

    private static void refuse(ImageRequest request) throws UpstreamException {
        if (request.mask() != null) {
            throw UpstreamErrors.unsupported("mask", "gemini takes no mask. Say in the prompt what to change.");
        }
        if (request.negativePrompt() != null) {
            throw UpstreamErrors.unsupported(
                    "negative_prompt", "gemini takes no 'negative_prompt'. Say in the prompt what to leave out.");
        }
        String quality = request.quality();
        if (quality != null && !QUALITIES.contains(quality)) {
            throw UpstreamErrors.unsupported("quality", "gemini draws in one quality. Leave 'quality' out.");
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
            image.put("aspectRatio", Shape.nearest(size).name());
            if (sizes(call)) {
                image.put("imageSize", Shape.resolution(size));
            }
            config.put("imageConfig", image);
        }
        if (request.body().get("seed") instanceof Integer seed) {
            // The same seed would draw the same picture several times.
            config.put("seed", seed + index);
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
