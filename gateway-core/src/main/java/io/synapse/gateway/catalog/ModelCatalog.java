package io.synapse.gateway.catalog;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The models on offer. Safe for use by many threads; asked once per request, so it answers from memory. */
public interface ModelCatalog {
    /** The model of that public name or alias. */
    Optional<Model> find(String name);

    /** The model that serves an endpoint when the request names none. */
    Optional<Model> defaultFor(Modality modality);

    /** Every model, in the catalog's order. */
    List<Model> models();

    /** A catalog of these models; the first of each modality is its default. */
    static ModelCatalog of(Model... models) {
        return of(List.of(models), Map.of());
    }

    /**
     * A catalog of these models.
     *
     * @param defaults modality to the name of its default; where it names none, the first model of the modality is it
     * @throws IllegalArgumentException if two models share a name, or a default does not exist or serve its modality
     */
    static ModelCatalog of(Collection<Model> models, Map<Modality, String> defaults) {
        return new FixedCatalog(models, defaults);
    }
}
