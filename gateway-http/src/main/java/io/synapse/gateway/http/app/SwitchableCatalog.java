package io.synapse.gateway.http.app;

import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A catalog without the models that an operator switched off: they are as good as unknown. Where the default of an
 * endpoint is one of them, the first that is left takes its place.
 */
final class SwitchableCatalog implements ModelCatalog {
    private final ModelCatalog all;
    private final Supplier<Set<String>> off;

    /**
     * Hides models.
     *
     * @param all every model
     * @param off the public ids of those to hide, asked for anew each time; answers from memory
     */
    SwitchableCatalog(ModelCatalog all, Supplier<Set<String>> off) {
        this.all = all;
        this.off = off;
    }

    @Override
    public Optional<Model> find(String name) {
        return all.find(name).filter(this::isOn);
    }

    @Override
    public Optional<Model> defaultFor(Modality modality) {
        return all.defaultFor(modality)
                .filter(this::isOn)
                .or(() -> models().stream()
                        .filter(model -> model.modality() == modality)
                        .findFirst());
    }

    @Override
    public List<Model> models() {
        return all.models().stream().filter(this::isOn).toList();
    }

    private boolean isOn(Model model) {
        return !off.get().contains(model.id());
    }
}
