package io.synapse.gateway.providers.replicate;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a model that makes films takes, by its page. Of a model that is not listed nothing but the prompt is known; what
 * else it takes can be said by {@code providerOptions}.
 *
 * @param lengths seconds to the number of frames that last about as long; empty if it makes films of one length
 * @param seed whether it takes a seed
 * @param negative whether it takes a negative prompt
 * @param source its field for the first frame, or null if it has none
 * @param owned options of its own that change what a film costs
 */
record ReplicateFilmModel(
        Map<Integer, Integer> lengths,
        boolean seed,
        boolean negative,
        @Nullable String source,
        Set<String> owned) {
    private static final ReplicateFilmModel UNKNOWN = new ReplicateFilmModel(Map.of(), false, false, null, Set.of());
    private static final Map<String, ReplicateFilmModel> MODELS = Map.of(
            "lightricks/ltx-video",
            // 24 frames a second, in the few numbers that it takes: each within half a second of what it stands for.
            new ReplicateFilmModel(
                    Map.of(4, 97, 5, 129, 7, 161, 8, 193, 9, 225, 11, 257),
                    true,
                    true,
                    "image",
                    // Paid by the second of computing.
                    Set.of("model", "steps", "target_size")));

    /** What the model of that name takes. */
    static ReplicateFilmModel of(String name) {
        return MODELS.getOrDefault(name, UNKNOWN);
    }
}
