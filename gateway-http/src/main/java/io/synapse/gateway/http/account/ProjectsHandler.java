package io.synapse.gateway.http.account;

import io.javalin.http.Context;
import io.synapse.gateway.billing.Project;
import io.synapse.gateway.billing.SpendCap;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.http.Exchange;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code GET, POST /projects} and {@code PATCH, DELETE /projects/{id}}. */
final class ProjectsHandler {
    private static final int LONGEST_NAME = 200;
    private static final int MOST_MODELS = 1000;
    private static final int LONGEST_MODEL = 300;
    private static final String CAP = "spend_cap";
    private static final String PERIOD = "cap_period";
    private static final String MODELS = "allowed_models";

    private final ModelCatalog catalog;

    ProjectsHandler(ModelCatalog catalog) {
        this.catalog = catalog;
    }

    void list(Visitor visitor, Context ctx) {
        Lists.json(ctx, visitor.desk().projects().list(visitor.id()), Views::project);
    }

    void create(Visitor visitor, Context ctx) {
        Fields fields = Fields.of(ctx);
        Project project = visitor.desk()
                .projects()
                .create(
                        visitor.id(),
                        fields.required("name", LONGEST_NAME).strip(),
                        cap(fields, null),
                        models(fields, null));
        Exchange.of(ctx).json(201, Views.project(project));
    }

    /** What the body does not name stays as it is; null takes a cap or an allowlist away. */
    void change(Visitor visitor, Context ctx) {
        Project known = visitor.desk()
                .projects()
                .find(visitor.id(), ctx.pathParam("id"))
                .orElseThrow(() -> Refusals.notFound("project"));
        Fields fields = Fields.of(ctx);
        String name =
                fields.names("name") ? fields.required("name", LONGEST_NAME).strip() : known.name();
        SpendCap cap = cap(fields, known.cap());
        Set<String> models = models(fields, known.allowedModels());
        if (known.isDefault() && cap != null) {
            throw Fields.wrong(CAP, "cannot be set: the default project has none");
        }
        if (known.isDefault() && models != null) {
            throw Fields.wrong(MODELS, "cannot be set: the default project has none");
        }
        Project changed = visitor.desk()
                .projects()
                .update(visitor.id(), known.id(), name, cap, models)
                .orElseThrow(() -> Refusals.notFound("project"));
        Exchange.of(ctx).json(200, Views.project(changed));
    }

    void delete(Visitor visitor, Context ctx) {
        Project known = visitor.desk()
                .projects()
                .find(visitor.id(), ctx.pathParam("id"))
                .orElseThrow(() -> Refusals.notFound("project"));
        if (known.isDefault()) {
            throw Refusals.conflict("default_project", "The default project cannot be deleted.");
        }
        if (!visitor.desk().projects().delete(visitor.id(), known.id())) {
            throw Refusals.notFound("project");
        }
        ctx.status(204);
    }

    private static @Nullable SpendCap cap(Fields fields, @Nullable SpendCap known) {
        Credits amount = fields.names(CAP) ? fields.credits(CAP) : known == null ? null : known.amount();
        String word = fields.string(PERIOD, LONGEST_NAME);
        SpendCap.Period period = word == null
                ? known == null ? SpendCap.Period.TOTAL : known.period()
                : switch (word) {
                    case "total", "month" -> SpendCap.Period.valueOf(word.toUpperCase(Locale.ROOT));
                    default -> throw Fields.wrong(PERIOD, "must be total or month");
                };
        if (amount == null && word != null) {
            throw Fields.wrong(PERIOD, "says nothing without a spend_cap");
        }
        return amount == null ? null : new SpendCap(amount, period);
    }

    /** Names of models as their public ids. Those that were allowed before may have left the catalog since. */
    private @Nullable Set<String> models(Fields fields, @Nullable Set<String> known) {
        if (!fields.names(MODELS)) {
            return known;
        }
        Set<String> names = fields.words(MODELS, MOST_MODELS, LONGEST_MODEL);
        if (names == null) {
            return null;
        }
        Set<String> ids = new LinkedHashSet<>();
        for (String name : names) {
            ids.add(catalog.find(name)
                    .map(Model::id)
                    .or(() -> Optional.of(name).filter(old -> known != null && known.contains(old)))
                    .orElseThrow(() -> Fields.wrong(MODELS, "names a model that there is not: '" + name + "'")));
        }
        return ids;
    }
}
