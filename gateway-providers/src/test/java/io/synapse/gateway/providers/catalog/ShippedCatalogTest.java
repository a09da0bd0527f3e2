package io.synapse.gateway.providers.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.catalog.Route;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ShippedCatalogTest {
    private static final ModelCatalog SHIPPED = CatalogFile.shipped();

    static List<Model> models() {
        return SHIPPED.models();
    }

    @ParameterizedTest
    @MethodSource("models")
    void every_entry_is_sane(Model model) {
        if (!model.created().equals(Instant.EPOCH)) {
            assertThat(model.created())
                    .isBetween(Instant.parse("2022-01-01T00:00:00Z"), Instant.parse("2026-12-31T00:00:00Z"));
        }
        assertThat(model.prices().version()).matches("\\d{4}-\\d{2}-\\d{2}");
        for (String name : model.aliases()) {
            assertThat(SHIPPED.find(name)).containsSame(model);
        }
        if (model.modality() == Modality.TEXT_GENERATION) {
            assertThat(model.contextWindow()).isGreaterThanOrEqualTo(8_000);
            assertThat(model.reservedOutputTokens()).isBetween(1, model.contextWindow() / 2);
            assertThat(model.prices().rateOf(Unit.OUTPUT_TOKENS))
                    .isGreaterThanOrEqualTo(model.prices().rateOf(Unit.INPUT_TOKENS));
            assertThat(model.prices().rateOf(Unit.CACHED_INPUT_TOKENS))
                    .isLessThanOrEqualTo(model.prices().rateOf(Unit.INPUT_TOKENS));
            Usage usage = Usage.of(Unit.INPUT_TOKENS, 1_000, Unit.OUTPUT_TOKENS, 1_000);
            assertThat(model.prices().cost(usage)).isBetween(Credits.parse("0.01"), Credits.of(100));
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void every_model_has_a_name_of_the_form_provider_slash_model(Model model) {
        Set<String> names = new HashSet<>(model.aliases());
        names.add(model.id());
        assertThat(names).anyMatch(name -> name.indexOf('/') > 0);
    }

    @ParameterizedTest
    @CsvSource({
        "groq/llama-3.1-8b-instant, llama-3.1-8b",
        "openai/gpt-4o-mini, gpt-4o-mini",
        "google/gemini-2.5-flash, gemini-2.5-flash",
        "sandbox/chat, sandbox/chat"
    })
    void names_of_both_forms_lead_to_one_model(String name, String id) {
        assertThat(SHIPPED.find(name).orElseThrow().id()).isEqualTo(id);
    }

    @Test
    void the_models_of_the_documentation_are_there() {
        Model llama = SHIPPED.find("llama-3.1-8b").orElseThrow();
        assertThat(llama.routes()).startsWith(new Route("groq", "openai/gpt-oss-20b"));
        assertThat(llama.servedBy()).isEqualTo("openai/gpt-oss-20b");
        assertThat(llama.retiredOn()).hasToString("2026-08-16");
        assertThat(SHIPPED.defaultFor(Modality.TEXT_GENERATION)).containsSame(llama);
        assertThat(SHIPPED.find("gemini-2.5-flash").orElseThrow().routes())
                .extracting(Route::provider)
                .containsExactly("gemini");
    }

    @Test
    void every_chat_provider_leads_a_model() {
        assertThat(SHIPPED.models())
                .extracting(model -> model.routes().getFirst().provider())
                .contains(
                        "openai",
                        "groq",
                        "together",
                        "openrouter",
                        "mistral",
                        "deepseek",
                        "xai",
                        "fireworks",
                        "gemini",
                        "sandbox");
    }

    @Test
    void a_default_exists_for_every_modality_that_has_models() {
        for (Model model : SHIPPED.models()) {
            assertThat(SHIPPED.defaultFor(model.modality())).isPresent();
        }
    }
}
