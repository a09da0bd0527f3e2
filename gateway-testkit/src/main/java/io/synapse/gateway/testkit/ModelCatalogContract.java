package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ModelCatalog} must do: each name means one model, and every model can be served and paid for. An
 * implementation proves itself with a class that extends this one.
 */
public abstract class ModelCatalogContract {
    /** The catalog under test, with at least one model. */
    protected abstract ModelCatalog catalog();

    @Test
    void there_is_something_on_offer() {
        assertThat(catalog().models()).isNotEmpty();
    }

    @Test
    void every_model_is_found_by_its_id_and_by_each_alias() {
        for (Model model : catalog().models()) {
            assertThat(catalog().find(model.id())).contains(model);
            for (String alias : model.aliases()) {
                assertThat(catalog().find(alias)).as(alias).contains(model);
            }
        }
    }

    @Test
    void no_name_means_two_models() {
        Map<String, Model> owners = new HashMap<>();
        for (Model model : catalog().models()) {
            assertThat(owners.put(model.id(), model)).as(model.id()).isNull();
            for (String alias : model.aliases()) {
                assertThat(owners.put(alias, model)).as(alias).isNull();
            }
        }
    }

    @Test
    void an_unknown_name_is_nobodys() {
        assertThat(catalog().find("no such model")).isEmpty();
        assertThat(catalog().find("")).isEmpty();
    }

    @Test
    void a_default_is_on_offer_and_of_its_modality() {
        for (Modality modality : Modality.values()) {
            catalog().defaultFor(modality).ifPresent(model -> {
                assertThat(model.modality()).isEqualTo(modality);
                assertThat(catalog().models()).contains(model);
            });
        }
    }

    @Test
    void every_modality_on_offer_has_a_default() {
        for (Model model : catalog().models()) {
            assertThat(catalog().defaultFor(model.modality())).isPresent();
        }
    }

    @Test
    void every_model_has_a_route_and_a_price() {
        for (Model model : catalog().models()) {
            assertThat(model.routes()).as(model.id()).isNotEmpty();
            assertThat(model.prices().rates()).as(model.id()).isNotEmpty();
        }
    }
}
