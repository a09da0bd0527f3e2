package io.synapse.gateway.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A catalog that does not change. */
final class FixedCatalog implements ModelCatalog {
    private final List<Model> models;
    private final Map<String, Model> byName = new HashMap<>();
    private final Map<Modality, Model> defaults = new EnumMap<>(Modality.class);

    FixedCatalog(Collection<Model> models, Map<Modality, String> defaults) {
        this.models = List.copyOf(models);
        for (Model model : models) {
            List<String> names = new ArrayList<>(model.aliases());
            names.add(model.id());
            for (String name : names) {
                Model other = byName.put(name, model);
                if (other != null) {
                    throw new IllegalArgumentException(
                            "the name " + name + " is taken twice, by " + other.id() + " and " + model.id());
                }
            }
            this.defaults.putIfAbsent(model.modality(), model);
        }
        defaults.forEach((modality, name) -> {
            Model model = byName.get(name);
            if (model == null || model.modality() != modality) {
                throw new IllegalArgumentException(
                        "the default for " + modality.wireName() + ", " + name + ", is no model of that modality");
            }
            this.defaults.put(modality, model);
        });
    }

    @Override
    public Optional<Model> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    @Override
    public Optional<Model> defaultFor(Modality modality) {
        return Optional.ofNullable(defaults.get(modality));
    }

    @Override
    public List<Model> models() {
        return models;
    }
}
