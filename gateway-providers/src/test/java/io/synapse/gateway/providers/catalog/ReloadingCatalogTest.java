package io.synapse.gateway.providers.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.synapse.gateway.CatalogCheck;
import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.provider.Provider;
import io.synapse.gateway.provider.TokenCounter;
import io.synapse.gateway.providers.Providers;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.providers.sandbox.SandboxProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator's catalog while the server runs, and what a catalog may not promise. */
class ReloadingCatalogTest {
    @TempDir
    Path directory;

    private static String entry(String id, String provider, String price) {
        return "models:\n  - id: " + id + "\n    modality: text-generation\n    owned_by: me\n"
                + "    routes: [{provider: " + provider + ", upstream: x}]\n"
                + "    pricing: {unit: tokens, input: " + price + ", output: " + price + ", valid_from: 2026-01-01}\n";
    }

    private static List<String> problems(ModelCatalog catalog) {
        try (UpstreamHttp http = new UpstreamHttp()) {
            List<Provider> known = new ArrayList<>(Providers.known(http));
            known.add(new SandboxProvider(TokenCounter.byBytes()));
            Set<String> ids = known.stream().map(Provider::id).collect(Collectors.toSet());
            return CatalogCheck.problems(catalog, known, ids);
        }
    }

    @Test
    void a_changed_file_is_read_and_a_broken_one_is_not() throws Exception {
        Path file = Files.writeString(directory.resolve("own.yaml"), entry("mine", "groq", "100"));
        ReloadingCatalog catalog = new ReloadingCatalog(file, ReloadingCatalogTest::problems);
        assertThat(catalog.find("mine")).isPresent();
        assertThat(catalog.find("sandbox/chat")).as("the shipped ones too").isPresent();
        assertThat(catalog.refresh()).as("nothing has changed").isFalse();

        Files.writeString(file, entry("mine", "groq", "200"));
        assertThat(catalog.refresh()).isTrue();
        assertThat(price(catalog)).isEqualTo(Credits.of(200));

        for (String broken : List.of(
                "models: [",
                entry("mine", "groq", "0.0000001"),
                entry("mine", "grok", "300"),
                entry("mine", "bfl", "300"))) {
            Files.writeString(file, broken);
            assertThat(catalog.refresh()).as(broken).isFalse();
            assertThat(price(catalog)).as("stays as it was").isEqualTo(Credits.of(200));
        }
        Files.delete(file);
        assertThat(catalog.refresh()).isFalse();
        assertThat(catalog.find("mine")).isPresent();

        Files.writeString(file, entry("other", "groq", "300"));
        assertThat(catalog.refresh()).isTrue();
        assertThat(catalog.find("mine")).isEmpty();
        assertThat(catalog.find("other")).isPresent();
    }

    private static Credits price(ModelCatalog catalog) {
        return catalog.find("mine").map(Model::prices).orElseThrow().price(Unit.INPUT_TOKENS);
    }

    @Test
    void a_first_file_that_promises_too_much_is_refused() throws Exception {
        Path file = Files.writeString(directory.resolve("own.yaml"), entry("mine", "bfl", "100"));
        assertThatThrownBy(() -> new ReloadingCatalog(file, ReloadingCatalogTest::problems))
                .isInstanceOf(CatalogException.class)
                .hasMessageContaining("model mine: the provider 'bfl' does not serve text-generation");
    }

    @Test
    void the_shipped_catalog_promises_nothing_that_no_adapter_keeps() {
        assertThat(problems(CatalogFile.shipped())).isEmpty();
        assertThat(CatalogFile.shipped().models()).hasSizeGreaterThanOrEqualTo(60);
    }

    @Test
    void pictures_cost_by_quality_and_size() {
        Model model = CatalogFile.shipped().find("openai/dall-e-3").orElseThrow();
        assertThat(model.modality()).isEqualTo(Modality.TEXT_TO_IMAGE);
        assertThat(image(model, null, null)).isEqualTo(Credits.of(80));
        assertThat(image(model, null, "1024x1024")).isEqualTo(Credits.of(40));
        assertThat(image(model, "standard", "1024x1024")).isEqualTo(Credits.of(40));
        assertThat(image(model, "standard", "1792x1024")).isEqualTo(Credits.of(80));
        assertThat(image(model, "hd", "1024x1024")).isEqualTo(Credits.of(130));
        assertThat(image(model, "hd", "1792x1024")).isEqualTo(Credits.of(220));
        // A word that no variant knows may mean the best there is.
        assertThat(image(model, "splendid", "1024x1024")).isEqualTo(Credits.of(400));
        assertThat(image(model, "hd", "1792x1792")).isEqualTo(Credits.of(400));
        assertThat(image(model, null, "1792x1792")).isEqualTo(Credits.of(110));
        Model plain = CatalogFile.shipped().find("openai/gpt-image-2").orElseThrow();
        assertThat(image(plain, "splendid", "800x600")).isEqualTo(Credits.of(290));
        assertThat(image(plain, null, "800x600")).isEqualTo(Credits.of(50));
        assertThat(image(plain, null, "1536x1536")).isEqualTo(Credits.of(75));
    }

    private static Credits image(Model model, String quality, String size) {
        return model.pricesFor(quality, size).price(Unit.IMAGES);
    }
}
