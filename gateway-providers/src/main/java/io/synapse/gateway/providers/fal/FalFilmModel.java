package io.synapse.gateway.providers.fal;

import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.internal.media.Shapes;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a model that makes films takes, by its page. Of a model that is not listed nothing but the prompt is known; what
 * else it takes can be said by {@code providerOptions}.
 *
 * @param length how it is told the length, or null if it makes films of one length
 * @param frame how it is told the size, or null if it makes films of one size
 * @param seed whether it takes a seed
 * @param negative whether it takes a negative prompt
 * @param sibling the model that starts from a picture, or null
 * @param owned options of its own that change what a film costs
 */
record FalFilmModel(
        @Nullable Length length,
        @Nullable Frame frame,
        boolean seed,
        boolean negative,
        @Nullable String sibling,
        Set<String> owned) {
    private static final List<String> WIDE_AND_HIGH = List.of("16:9", "9:16");
    private static final FalFilmModel UNKNOWN = new FalFilmModel(null, null, false, false, null, Set.of());
    private static final FalFilmModel DISTILLED = new FalFilmModel(
            new Frames(24),
            new Frame(List.of("9:16", "1:1", "16:9"), new TreeMap<>(Map.of(480, "480p", 720, "720p"))),
            true,
            true,
            null,
            Set.of("enable_detail_pass"));
    /** The larger sizes cost twice and four times as much a second. */
    private static final FalFilmModel LTX_23_FAST = new FalFilmModel(
            new Seconds(new TreeSet<>(Set.of(6, 8, 10, 12, 14, 16, 18, 20)), ""),
            new Frame(WIDE_AND_HIGH, new TreeMap<>(Map.of(1080, "1080p"))),
            false,
            false,
            "fal-ai/ltx-2.3/image-to-video/fast",
            Set.of());
    /** The largest size costs more, silent films less. */
    private static final FalFilmModel VEO_31 = new FalFilmModel(
            new Seconds(new TreeSet<>(Set.of(4, 6, 8)), "s"),
            new Frame(WIDE_AND_HIGH, new TreeMap<>(Map.of(720, "720p", 1080, "1080p"))),
            true,
            true,
            null,
            Set.of("generate_audio"));

    private static final Map<String, FalFilmModel> MODELS = Map.of(
            "fal-ai/ltx-video",
            new FalFilmModel(null, null, true, true, "fal-ai/ltx-video/image-to-video", Set.of()),
            "fal-ai/ltx-video-13b-distilled",
            DISTILLED.beside("fal-ai/ltx-video-13b-distilled/image-to-video"),
            "fal-ai/ltxv-13b-098-distilled",
            DISTILLED.beside("fal-ai/ltxv-13b-098-distilled/image-to-video"),
            "fal-ai/ltx-2.3/text-to-video/fast",
            LTX_23_FAST,
            "fal-ai/veo3.1",
            VEO_31.beside("fal-ai/veo3.1/image-to-video"),
            "fal-ai/veo3.1/fast",
            VEO_31.beside("fal-ai/veo3.1/fast/image-to-video"));

    /** What the model of that name takes. */
    static FalFilmModel of(String name) {
        return MODELS.getOrDefault(name, UNKNOWN);
    }

    private FalFilmModel beside(String other) {
        return new FalFilmModel(length, frame, seed, negative, other, owned);
    }

    /** How a model is told the length of a film. */
    sealed interface Length {
        /** Writes a length into a model's input. */
        void write(Map<String, @Nullable Object> input, int seconds) throws UpstreamException;
    }

    /**
     * By the number of its frames.
     *
     * @param rate how many there are in a second
     */
    record Frames(int rate) implements Length {
        @Override
        public void write(Map<String, @Nullable Object> input, int seconds) {
            // One more than a multiple of eight, as the model wants it: the first stands for the beginning.
            input.put("num_frames", seconds * rate + 1);
            input.put("frame_rate", rate);
        }
    }

    /**
     * By a choice of seconds.
     *
     * @param choice the lengths that there are
     * @param unit what the model writes behind the number; it is a number where that is nothing
     */
    record Seconds(SortedSet<Integer> choice, String unit) implements Length {
        @Override
        public void write(Map<String, @Nullable Object> input, int seconds) throws UpstreamException {
            if (!choice.contains(seconds)) {
                throw UpstreamErrors.unsupported(
                        "seconds", "This model makes films of " + listed(choice) + " seconds. Ask for one of those.");
            }
            input.put("duration", unit.isEmpty() ? (Object) seconds : seconds + unit);
        }
    }

    /**
     * How a model is told the size of a film.
     *
     * @param shapes the shapes that there are
     * @param resolutions the length of the shorter side, in pixels, to its name
     */
    record Frame(List<String> shapes, SortedMap<Integer, String> resolutions) {
        void write(Map<String, @Nullable Object> input, int width, int height) throws UpstreamException {
            String shape = Shapes.near(width, height, shapes);
            String resolution = resolutions.get(Math.min(width, height));
            if (shape == null || resolution == null) {
                throw UpstreamErrors.unsupported(
                        "size",
                        "This model makes films in the shapes " + String.join(", ", shapes)
                                + " with a shorter side of " + listed(resolutions.keySet())
                                + " pixels. Ask for one of those.");
            }
            input.put("aspect_ratio", shape);
            input.put("resolution", resolution);
        }
    }

    private static String listed(Set<Integer> numbers) {
        return String.join(", ", numbers.stream().sorted().map(String::valueOf).toList());
    }
}
