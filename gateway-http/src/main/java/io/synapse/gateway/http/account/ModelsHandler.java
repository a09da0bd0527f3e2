package io.synapse.gateway.http.account;

import io.javalin.http.Context;
import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.catalog.Route;
import io.synapse.gateway.http.Exchange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Operators' models, which they switch on and off, and the providers behind them. */
final class ModelsHandler {
    private static final int LONGEST_MODEL = 300;

    private final ModelCatalog catalog;
    private final Upstreams upstreams;

    /**
     * Shows a catalog.
     *
     * @param catalog every model, those that are switched off too
     * @param upstreams the providers behind them
     */
    ModelsHandler(ModelCatalog catalog, Upstreams upstreams) {
        this.catalog = catalog;
        this.upstreams = upstreams;
    }

    void list(Visitor visitor, Context ctx) {
        Set<String> off = visitor.desk().switches().off();
        Lists.json(ctx, catalog.models(), model -> view(model, off));
    }

    void change(Visitor visitor, Context ctx) {
        Fields fields = Fields.of(ctx);
        String id = fields.required("id", LONGEST_MODEL);
        Boolean enabled = fields.bool("enabled");
        if (enabled == null) {
            throw Fields.wrong("enabled", "is required: true or false");
        }
        Model model = catalog.find(id)
                .orElseThrow(() -> Refusals.refusal(404, "model_not_found", "There is no model '" + id + "'."));
        visitor.desk().switches().set(model.id(), enabled);
        Exchange.of(ctx).json(200, view(model, visitor.desk().switches().off()));
    }

    private Map<String, @Nullable Object> view(Model model, Set<String> off) {
        List<String> providers =
                model.routes().stream().map(Route::provider).distinct().toList();
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("id", model.id());
        view.put("aliases", model.aliases());
        view.put("modality", model.modality().wireName());
        view.put("owned_by", model.ownedBy());
        view.put("providers", providers);
        view.put("configured", providers.stream().anyMatch(upstreams.configured()::contains));
        view.put("enabled", !off.contains(model.id()));
        return view;
    }

    void providers(Visitor visitor, Context ctx) {
        Map<String, List<Model>> models = new TreeMap<>();
        upstreams.configured().forEach(provider -> models.put(provider, List.of()));
        upstreams.plugins().forEach(provider -> models.put(provider, List.of()));
        for (Model model : catalog.models()) {
            model.routes().stream()
                    .map(Route::provider)
                    .distinct()
                    .forEach(provider -> models.merge(provider, List.of(model), ModelsHandler::both));
        }
        Lists.json(ctx, List.copyOf(models.entrySet()), entry -> provider(entry.getKey(), entry.getValue()));
    }

    private static List<Model> both(List<Model> some, List<Model> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    private Map<String, @Nullable Object> provider(String id, List<Model> models) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("id", id);
        view.put("configured", upstreams.configured().contains(id));
        view.put("plugin", upstreams.plugins().contains(id));
        view.put(
                "modalities",
                new TreeSet<>(models.stream()
                        .map(Model::modality)
                        .map(Modality::wireName)
                        .toList()));
        view.put("models", models.size());
        return view;
    }
}
