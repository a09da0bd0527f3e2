package io.synapse.gateway.http.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.catalog.Route;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.testkit.ModelCatalogContract;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SwitchableCatalogTest extends ModelCatalogContract {
    private static final Model ONE = model("one");
    private static final Model TWO = model("two");
    private static final Model THREE = model("three");

    private final AtomicReference<Set<String>> off = new AtomicReference<>(Set.of("two"));
    private final ModelCatalog catalog = new SwitchableCatalog(ModelCatalog.of(ONE, TWO, THREE), off::get);

    private static Model model(String id) {
        return Model.chat(id, new Route("p", "u"), Credits.of(1), Credits.of(2));
    }

    @Override
    protected ModelCatalog catalog() {
        return catalog;
    }

    @Test
    void what_is_off_is_unknown_until_it_is_on_again() {
        assertThat(catalog.models()).containsExactly(ONE, THREE);
        assertThat(catalog.find("two")).isEmpty();
        assertThat(catalog.defaultFor(Modality.TEXT_GENERATION)).contains(ONE);

        off.set(Set.of("one", "two"));
        assertThat(catalog.defaultFor(Modality.TEXT_GENERATION)).contains(THREE);

        off.set(Set.of("one", "two", "three"));
        assertThat(catalog.defaultFor(Modality.TEXT_GENERATION)).isEmpty();

        off.set(Set.of());
        assertThat(catalog.models()).containsExactly(ONE, TWO, THREE);
    }
}
