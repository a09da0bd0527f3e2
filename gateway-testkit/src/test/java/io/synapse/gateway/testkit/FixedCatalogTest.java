package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.catalog.Route;
import io.synapse.gateway.credit.Credits;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FixedCatalogTest extends ModelCatalogContract {
    private static final Model ONE = model("one", "first", "uno");
    private static final Model TWO = model("two");

    static Model model(String id, String... aliases) {
        Model plain = Model.chat(id, new Route("p", "u"), Credits.of(1), Credits.of(2));
        return Model.builder(id, Modality.TEXT_GENERATION)
                .aliases(List.of(aliases))
                .route(new Route("p", "u"))
                .prices(plain.prices())
                .build();
    }

    @Override
    protected ModelCatalog catalog() {
        return ModelCatalog.of(ONE, TWO);
    }

    @Test
    void the_first_of_a_modality_is_its_default_unless_another_is_named() {
        assertThat(catalog().defaultFor(Modality.TEXT_GENERATION)).contains(ONE);
        assertThat(ModelCatalog.of(List.of(ONE, TWO), Map.of(Modality.TEXT_GENERATION, "two"))
                        .defaultFor(Modality.TEXT_GENERATION))
                .contains(TWO);
        assertThat(catalog().defaultFor(Modality.EMBEDDINGS)).isEmpty();
    }

    @Test
    void names_that_clash_and_defaults_that_do_not_exist_are_refused() {
        assertThatThrownBy(() -> ModelCatalog.of(ONE, model("three", "uno"))).hasMessageContaining("uno");
        assertThatThrownBy(() -> ModelCatalog.of(List.of(ONE), Map.of(Modality.TEXT_GENERATION, "nope")))
                .hasMessageContaining("nope");
        assertThatThrownBy(() -> ModelCatalog.of(List.of(ONE), Map.of(Modality.EMBEDDINGS, "one")))
                .hasMessageContaining("embeddings");
    }
}
