package io.synapse.gateway.providers.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.synapse.gateway.provider.Provider;
import io.synapse.gateway.providers.Providers;
import io.synapse.gateway.providers.http.UpstreamHttp;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiProviderTest {
    private static final UpstreamHttp HTTP = new UpstreamHttp();

    @AfterAll
    static void close() {
        HTTP.close();
    }

    @Test
    void key_configures_it_and_is_never_printed() {
        Map<String, String> settings = Map.of("GEMINI_API_KEY", " " + GeminiWire.KEY + " ", "GEMINI_BASE_URL", " ");
        assertThat(Providers.configured(HTTP, settings::get))
                .hasOnlyElementsOfType(GeminiProvider.class)
                .extracting(Provider::id)
                .containsExactly("gemini");
        assertThat(GeminiProvider.of(HTTP, settings::get).orElseThrow().toString())
                .doesNotContain(GeminiWire.KEY);
    }

    @Test
    void nothing_without_a_key() {
        assertThat(GeminiProvider.of(HTTP, Map.of("GEMINI_API_KEY", " ")::get)).isEmpty();
        assertThat(GeminiProvider.of(HTTP, Map.of("GEMINI_BASE_URL", "https://x.example")::get))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"no url", "ftp://x.example", "https://u:secret@x.example", "https://x.example?a=b", "https:///v1"
            })
    void base_url_that_is_none_is_named(String url) {
        Map<String, String> settings = Map.of("GEMINI_API_KEY", GeminiWire.KEY, "GEMINI_BASE_URL", url);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GeminiProvider.of(HTTP, settings::get))
                .withMessageStartingWith("GEMINI_BASE_URL")
                .withMessageNotContaining("secret");
    }

    @Test
    void key_that_cannot_be_one_is_named_and_not_told() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GeminiProvider.of(HTTP, Map.of("GEMINI_API_KEY", "a secret\n")::get))
                .withMessageStartingWith("GEMINI_API_KEY")
                .withMessageNotContaining("secret");
    }
}
