package io.synapse.gateway;

import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.catalog.Route;
import io.synapse.gateway.provider.ChatProvider;
import io.synapse.gateway.provider.EmbeddingProvider;
import io.synapse.gateway.provider.ImageEditProvider;
import io.synapse.gateway.provider.ImageProvider;
import io.synapse.gateway.provider.Provider;
import io.synapse.gateway.provider.SpeechProvider;
import io.synapse.gateway.provider.TranscriptionProvider;
import io.synapse.gateway.provider.VideoProvider;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Finds what a catalog promises and cannot keep. */
public final class CatalogCheck {
    private CatalogCheck() {}

    /**
     * What is wrong with a catalog's routes and defaults.
     *
     * @param catalog the catalog
     * @param providers the providers to check them against
     * @param known ids that are taken for providers beside them
     * @return one line each, naming model and provider; empty if all is well
     */
    public static List<String> problems(
            ModelCatalog catalog, Collection<? extends Provider> providers, Set<String> known) {
        Map<String, Provider> byId = providers.stream().collect(Collectors.toMap(Provider::id, Function.identity()));
        List<String> problems = new ArrayList<>();
        for (Model model : catalog.models()) {
            for (Route route : model.routes()) {
                Provider provider = byId.get(route.provider());
                if (provider == null && !known.contains(route.provider())) {
                    Set<String> all = new TreeSet<>(known);
                    all.addAll(byId.keySet());
                    problems.add("model " + model.id() + ": there is no provider '" + route.provider() + "'; "
                            + (all.isEmpty() ? "there are none" : "there are " + String.join(", ", all)));
                } else if (provider != null && !capability(model.modality()).isInstance(provider)) {
                    problems.add("model " + model.id() + ": the provider '" + route.provider() + "' does not serve "
                            + model.modality().wireName());
                }
            }
        }
        for (Modality modality : Modality.values()) {
            Model chosen = catalog.defaultFor(modality).orElse(null);
            if (chosen != null && !catalog.models().contains(chosen)) {
                problems.add("the default for " + modality.wireName() + ", " + chosen.id() + ", is not in the catalog");
            }
        }
        return problems;
    }

    /** What a provider of a modality implements. */
    public static Class<? extends Provider> capability(Modality modality) {
        return switch (modality) {
            case TEXT_GENERATION, IMAGE_TO_TEXT -> ChatProvider.class;
            case TEXT_TO_IMAGE -> ImageProvider.class;
            case IMAGE_TO_IMAGE -> ImageEditProvider.class;
            case TEXT_TO_VIDEO -> VideoProvider.class;
            case TEXT_TO_SPEECH -> SpeechProvider.class;
            case SPEECH_TO_TEXT -> TranscriptionProvider.class;
            case EMBEDDINGS -> EmbeddingProvider.class;
        };
    }
}
