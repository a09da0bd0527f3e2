package io.synapse.gateway.providers.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.synapse.gateway.catalog.Modality;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.catalog.Route;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogFileTest {
    private static final String GOOD = """
        defaults:
          text-generation: x
        models:
          - id: x
            aliases: [acme/x, x-latest]
            modality: text-generation
            owned_by: acme
            created: 2026-01-02
            routes:
              - { provider: acme, upstream: "x:1b" }
              - { provider: other, upstream: vendor/x }
            pricing: { unit: tokens, input: 75, output: 300.5, cached_input: "37.5", request: 0.5, valid_from: 2026-11-01 }
            context_window: 8000
            max_output_tokens: 2000
            retired_on: 2026-08-16
            served_by: vendor/x
        """;

    @Test
    void a_good_file_is_read_whole() {
        Model model = CatalogFile.only("my.yaml", GOOD).find("acme/x").orElseThrow();
        assertThat(model.id()).isEqualTo("x");
        assertThat(model.aliases()).containsExactly("acme/x", "x-latest");
        assertThat(model.modality()).isEqualTo(Modality.TEXT_GENERATION);
        assertThat(model.ownedBy()).isEqualTo("acme");
        assertThat(model.created()).isEqualTo(Instant.parse("2026-01-02T00:00:00Z"));
        assertThat(model.routes()).containsExactly(new Route("acme", "x:1b"), new Route("other", "vendor/x"));
        assertThat(model.prices().price(Unit.INPUT_TOKENS)).isEqualTo(Credits.of(75));
        assertThat(model.prices().price(Unit.OUTPUT_TOKENS)).isEqualTo(Credits.parse("300.5"));
        assertThat(model.prices().price(Unit.CACHED_INPUT_TOKENS)).isEqualTo(Credits.parse("37.5"));
        assertThat(model.prices().price(Unit.REQUESTS)).isEqualTo(Credits.parse("0.5"));
        assertThat(model.prices().version()).isEqualTo("2026-11-01");
        assertThat(model.contextWindow()).isEqualTo(8000);
        assertThat(model.maxOutputTokens()).isEqualTo(2000);
        assertThat(model.reservedOutputTokens()).isEqualTo(2000);
        assertThat(model.retiredOn()).isEqualTo(LocalDate.of(2026, 8, 16));
        assertThat(model.servedBy()).isEqualTo("vendor/x");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2048 | 2048 | 2048",
                "{ each: 1120, low_detail: 280 } | 1120 | 1120",
                "{ tile: 170, base: 85 } | 255 | 1445",
                "{ patch: 32, most: 1536, factor: 1.62 } | 2 | 2489",
                "{ patch: 32, most: 1536 } | 1 | 1536"
            })
    void what_a_picture_in_a_prompt_counts_as_is_a_number_or_a_formula(String written, long pixel, long most) {
        Model model = CatalogFile.only("my.yaml", GOOD + "    image_tokens: " + written + "\n")
                .find("x")
                .orElseThrow();
        assertThat(model.pictureTokens().of(1, 1, false)).isEqualTo(pixel);
        assertThat(model.pictureTokens().most(false)).isEqualTo(most);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | image_tokens: must be a whole number",
                "many | image_tokens: must be a whole number",
                "{ tile: 170 } | image_tokens.base: is missing",
                "{ patch: 32 } | image_tokens.most: is missing",
                "{ patch: 32, most: 5, factor: 0 } | image_tokens.factor: must be a number above 0",
                "{ each: 5 } | image_tokens.low_detail: is missing",
                "{ tile: 170, base: 85, side: 5 } | image_tokens.side: is not a field"
            })
    void a_formula_that_is_none_is_told(String written, String message) {
        assertThatThrownBy(() -> CatalogFile.only("my.yaml", GOOD + "    image_tokens: " + written + "\n"))
                .isInstanceOf(CatalogException.class)
                .hasMessageContaining(message);
    }

    @Test
    void a_price_is_exact() {
        Model model = CatalogFile.only("my.yaml", GOOD.replace("300.5", "300.000001"))
                .find("x")
                .orElseThrow();
        assertThat(model.prices().cost(Usage.of(Unit.OUTPUT_TOKENS, 1_000_000))).isEqualTo(Credits.parse("300.000001"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text-to-speech | unit: characters, input: 0.015 | CHARACTERS | 15000",
                "speech-to-text | unit: seconds, output: 0.0111 | MILLISECONDS | 11.1",
                "text-to-video | unit: seconds, output: 100 | MILLISECONDS | 100000",
                "text-to-image | unit: images, output: 40 | IMAGES | 40000000",
                "image-to-image | unit: requests, request: 5 | REQUESTS | 5000000",
                "embeddings | unit: tokens, input: 20 | INPUT_TOKENS | 20",
                "text-generation | unit: requests, request: 2 | REQUESTS | 2000000"
            })
    void each_measure_is_priced_by_its_own_unit(String modality, String prices, Unit unit, String million) {
        Model model = priced(modality, "{ " + prices + ", valid_from: 2026-11-01 }");
        assertThat(model.prices().cost(Usage.of(unit, 1_000_000))).isEqualTo(Credits.parse(million));
    }

    @Test
    void only_free_is_free() {
        Model model = priced("text-generation", "{ free: true }");
        Usage usage =
                Usage.of(Unit.INPUT_TOKENS, 1_000, Unit.OUTPUT_TOKENS, 1_000).with(Unit.REASONING_TOKENS, 5);
        assertThat(model.prices().cost(usage)).isEqualTo(Credits.ZERO);
        assertThat(model.prices().version()).isEqualTo("free");
    }

    private static Model priced(String modality, String pricing) {
        String yaml = "models: [{ id: y, modality: " + modality
                + ", owned_by: a, routes: [{ provider: p, upstream: u }]," + " pricing: " + pricing + " }]";
        return CatalogFile.only("my.yaml", yaml).find("y").orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // what is replaced | by what | what the message holds
                "owned_by: acme | owned_bye: acme | my.yaml: model x: owned_by: is missing",
                "created: 2026-01-02 | colour: red | my.yaml: model x: colour: is not a field that belongs here",
                "models: | modells: | my.yaml: modells: is not a field that belongs here",
                "valid_from: 2026-11-01 | valid_from: 2026-11-01, discount: 5 | model x: pricing.discount: is not a"
                        + " field",
                "upstream: vendor/x | upstream: vendor/x, weight: 5 | model x: routes[1].weight: is not a field",
                "input: 75, |  | my.yaml: model x: pricing.input: is missing",
                "output: 300.5, |  | my.yaml: model x: pricing.output: is missing",
                "unit: tokens, |  | my.yaml: model x: pricing.unit: is missing",
                ", valid_from: 2026-11-01 |  | my.yaml: model x: pricing.valid_from: is missing",
                "valid_from: 2026-11-01 | valid_from: soon | my.yaml: model x: pricing.valid_from: must be a date",
                "valid_from: 2026-11-01 | valid_from: 2026-13-01 | my.yaml: model x: pricing.valid_from: must be a"
                        + " date",
                "input: 75 | input: 75000000 | my.yaml: model x: pricing.input: 75000000 is not a believable",
                "input: 75 | input: 0.000075 | my.yaml: model x: pricing.input: 0.000075 is not a believable",
                "output: 300.5 | output: 1000000.1 | my.yaml: model x: pricing.output: 1000000.1 is not a believable",
                "input: 75 | input: 0 | my.yaml: model x: pricing.input: is 0; what costs nothing says free: true",
                "input: 75 | input: 0.0 | my.yaml: model x: pricing.input: is 0",
                "input: 75 | input: -75 | my.yaml: model x: pricing.input: -75 is not a believable",
                "input: 75 | input: .nan | my.yaml: is not readable YAML (line 12)",
                "input: 75 | input: cheap | my.yaml: model x: pricing.input: must be a number such as 12.5, not"
                        + " 'cheap'",
                "input: 75 | input: 75.0000001 | my.yaml: model x: pricing.input: must have at most six decimals",
                "input: 75 | input: 1e2000000 | my.yaml: model x: pricing.input: ",
                "unit: tokens | unit: seconds | my.yaml: model x: pricing.unit: must be one of",
                "unit: tokens | unit: bananas | my.yaml: model x: pricing.unit: must be one of tokens, requests",
                "unit: tokens, | free: true, | my.yaml: model x: pricing.free: cannot be true beside prices",
                "modality: text-generation | modality: poetry | my.yaml: model x: modality: 'poetry' is none",
                "modality: text-generation | {} | my.yaml: is not readable YAML",
                "provider: acme, |  | my.yaml: model x: routes[0].provider: is missing",
                "provider: acme | provider: Acme! | my.yaml: model x: routes[0].provider: 'Acme!' must be",
                "upstream: vendor/x | model: vendor/x | my.yaml: model x: routes[1].upstream: is missing",
                "id: x | name: x | my.yaml: model number 1: id: is missing",
                "id: x | id: 5 | my.yaml: model number 1: id: must be text",
                "id: x | id: a b | my.yaml: model a b: id: 'a b' must be visible ASCII",
                "aliases: [acme/x, x-latest] | aliases: acme/x | my.yaml: model x: aliases: must be a list",
                "aliases: [acme/x, x-latest] | aliases: [x] | my.yaml: model x: aliases: names x twice",
                "aliases: [acme/x, x-latest] | aliases: [b, b] | my.yaml: model x: aliases: names b twice",
                "text-generation: x | text-generation: z | my.yaml: defaults.text-generation: z is no model",
                "text-generation: x | embeddings: x | my.yaml: defaults.embeddings: x is a model for text-generation",
                "text-generation: x | poems: x | my.yaml: defaults.poems: is no modality",
                "context_window: 8000 | context_window: 0 | my.yaml: model x: context_window: must be a whole number",
                "context_window: 8000 | context_window: 1.5 | my.yaml: model x: context_window: must be a whole number",
                "context_window: 8000 | context_window: 99999999999 | my.yaml: model x: context_window: must be a"
                        + " whole",
                "context_window: 8000 | context_window: 1000 | model x: max_output_tokens: 2000 is more than"
                        + " context_window",
                "max_output_tokens: 2000 | reserved_output_tokens: 9000 | model x: reserved_output_tokens: 9000 is"
                        + " more",
                "retired_on: 2026-08-16 |  | my.yaml: model x: retired_on: is missing",
                "created: 2026-01-02 | created: yesterday | my.yaml: model x: created: must be a date",
                "created: 2026-01-02 | id: again | my.yaml: is not readable YAML (line 8): Duplicate field 'id'"
            })
    void a_bad_file_is_refused_with_one_line(String what, String with, String message) {
        String yaml = GOOD.replace(what, with == null ? "" : with);
        assertThat(yaml).isNotEqualTo(GOOD);
        assertThatThrownBy(() -> CatalogFile.only("my.yaml", yaml))
                .isInstanceOf(CatalogException.class)
                .hasMessageContaining(message)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(400));
    }

    @Test
    void routes_must_be() {
        String yaml = "models: [{ id: y, modality: embeddings, owned_by: a, pricing: { free: true } }]";
        assertThatThrownBy(() -> CatalogFile.only("my.yaml", yaml))
                .isInstanceOf(CatalogException.class)
                .hasMessageStartingWith("my.yaml: model y: routes: is missing");
        assertThatThrownBy(() -> CatalogFile.only("my.yaml", GOOD.replace("vendor/x }", "vendor/x }\n      - nothing")))
                .isInstanceOf(CatalogException.class)
                .hasMessageStartingWith("my.yaml: model x: routes[2]: must be fields with values, not 'nothing'");
    }

    @Test
    void a_price_must_be() {
        String yaml = "models: [{ id: y, modality: embeddings, owned_by: a, routes: [{ provider: p, upstream: u }] }]";
        assertThatThrownBy(() -> CatalogFile.only("my.yaml", yaml))
                .isInstanceOf(CatalogException.class)
                .hasMessageStartingWith("my.yaml: model y: pricing: is missing");
    }

    @Test
    void what_is_no_catalog_is_refused() {
        for (String text :
                List.of("", "# nothing", "just text", "[1, 2]", "{", "a: b: c", "models: {a: b}", "\u0000")) {
            assertThatThrownBy(() -> CatalogFile.only("my.yaml", text))
                    .as(text)
                    .isInstanceOf(CatalogException.class)
                    .hasMessageStartingWith("my.yaml: ");
        }
    }

    @Test
    void ids_and_aliases_are_taken_once() {
        String twice = "models:\n" + GOOD.substring(GOOD.indexOf("  - id")) + GOOD.substring(GOOD.indexOf("  - id"));
        assertThatThrownBy(() -> CatalogFile.only("my.yaml", twice))
                .hasMessage("my.yaml: model x: id: stands twice in this file");
        String alias = twice.replaceFirst("- id: x", "- id: z");
        assertThatThrownBy(() -> CatalogFile.only("my.yaml", alias))
                .hasMessage("my.yaml: model x: aliases: the name acme/x is taken by model z of my.yaml");
        assertThatThrownBy(() -> CatalogFile.shippedWith("my.yaml", GOOD.replace("x-latest", "gpt-4o-mini")))
                .hasMessage("my.yaml: model x: aliases: the name gpt-4o-mini is taken by model gpt-4o-mini of"
                        + " catalog.yaml");
        assertThatThrownBy(() -> CatalogFile.shippedWith("my.yaml", GOOD.replace(": x\n", ": groq/gpt-oss-20b\n")))
                .isInstanceOf(CatalogException.class)
                .hasMessageContaining("the name groq/gpt-oss-20b is taken");
    }

    @Test
    void an_operators_file_adds_and_overrides() {
        ModelCatalog shipped = CatalogFile.shipped();
        ModelCatalog both = CatalogFile.shippedWith("my.yaml", GOOD + """
              - id: llama-3.1-8b
                modality: text-generation
                owned_by: me
                routes: [{ provider: ollama, upstream: "llama3.1:8b" }]
                pricing: { free: true }
            """);
        assertThat(both.models()).hasSize(shipped.models().size() + 1);
        assertThat(both.defaultFor(Modality.TEXT_GENERATION).orElseThrow().id()).isEqualTo("x");
        assertThat(both.find("x-latest").orElseThrow().id()).isEqualTo("x");
        Model own = both.find("llama-3.1-8b").orElseThrow();
        assertThat(own.ownedBy()).isEqualTo("me");
        assertThat(own.aliases()).isEmpty();
        assertThat(both.find("groq/llama-3.1-8b-instant")).isEmpty();
        assertThat(both.models().indexOf(own))
                .isEqualTo(shipped.models().indexOf(shipped.find("llama-3.1-8b").orElseThrow()));
    }

    @Test
    void an_operators_file_may_hold_nothing_but_defaults() {
        ModelCatalog both = CatalogFile.shippedWith("my.yaml", "defaults: { text-generation: openai/gpt-4o-mini }");
        assertThat(both.defaultFor(Modality.TEXT_GENERATION).orElseThrow().id()).isEqualTo("gpt-4o-mini");
    }
}
