package io.synapse.gateway.providers.gemini;

import static java.util.Map.entry;

import io.synapse.gateway.media.Media;
import io.synapse.gateway.media.Video;
import io.synapse.gateway.media.VideoRequest;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.Polling;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.internal.media.Films;
import io.synapse.gateway.providers.internal.media.VideoFields;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Films by Veo: the Gemini API reference, {@code models.predictLongRunning} and {@code operations.get}. Safe for use by many
 * threads.
 */
final class GeminiVideos {
    static final Polling POLLING = new Polling(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(10));

    private static final Set<Integer> LENGTHS = Set.of(4, 6, 8);
    private static final int USUAL_LENGTH = 8;
    private static final long MOST_SEED = 0xFFFF_FFFFL;

    /** Size to shape and resolution. Not 4K: it costs more by the second than a price by the second can tell. */
    private static final Map<String, List<String>> SIZES = new TreeMap<>(Map.of(
            "1280x720", List.of("16:9", "720p"),
            "720x1280", List.of("9:16", "720p"),
            "1920x1080", List.of("16:9", "1080p"),
            "1080x1920", List.of("9:16", "1080p")));

    private static final FieldNames FIELDS = new FieldNames(
            "prompt",
            List.of(
                    entry("duration", "seconds"),
                    entry("resolution", "size"),
                    entry("aspectratio", "size"),
                    entry("negativeprompt", "negative_prompt"),
                    entry("seed", "seed"),
                    entry("image", "image"),
                    entry("prompt", "prompt"),
                    entry("instances", "prompt")));

    private final GeminiApi api;
    private final Polling polling;

    GeminiVideos(GeminiApi api, Polling polling) {
        this.api = api;
        this.polling = polling;
    }

    Video film(UpstreamCall call, VideoRequest request) throws UpstreamException {
        Map<String, @Nullable Object> body = body(request);
        Media film;
        try {
            Map<String, @Nullable Object> operation = api.ask(call, "predictLongRunning", body);
            film = polling.await(call, new FilmJob(api, call, operation.get("name")));
        } catch (UpstreamException e) {
            throw FIELDS.ours(e);
        }
        long asked = 1000L * (request.seconds() == null ? USUAL_LENGTH : request.seconds());
        return new Video(film, Films.durationMillis(film.bytes()).orElse(asked), null);
    }

    private static Map<String, @Nullable Object> body(VideoRequest request) throws UpstreamException {
        Map<String, @Nullable Object> instance = new LinkedHashMap<>();
        instance.put("prompt", request.prompt());
        Media first = request.firstFrame();
        if (first != null) {
            String base64 = Base64.getEncoder().encodeToString(first.bytes());
            instance.put("image", Map.of("bytesBase64Encoded", base64, "mimeType", first.type()));
        }
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("instances", List.of(instance));
        body.put("parameters", parameters(request));
        Options.merge(body, request.body(), "parameters");
        return body;
    }

    private static Map<String, @Nullable Object> parameters(VideoRequest request) throws UpstreamException {
        Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
        parameters.put("sampleCount", 1);
        if (request.size() != null) {
            List<String> size = SIZES.get(request.size());
            if (size == null) {
                throw UpstreamErrors.unsupported(
                        "size", "'size' must be one of " + String.join(", ", SIZES.keySet()) + " for gemini.");
            }
            parameters.put("aspectRatio", size.getFirst());
            parameters.put("resolution", size.getLast());
        }
        if (request.seconds() != null) {
            if (!LENGTHS.contains(request.seconds())) {
                throw UpstreamErrors.unsupported("seconds", "'seconds' must be 4, 6 or 8 for gemini.");
            }
            parameters.put("durationSeconds", request.seconds());
        }
        String negative = VideoFields.negativePrompt(request, true);
        if (negative != null && !negative.isEmpty()) {
            parameters.put("negativePrompt", negative);
        }
        Long seed = request.seed();
        if (seed != null) {
            if (seed > MOST_SEED) {
                throw UpstreamErrors.unsupported("seed", "'seed' must be at most " + MOST_SEED + " for gemini.");
            }
            parameters.put("seed", seed);
        }
        return parameters;
    }
}
