package io.synapse.gateway.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProviderSettingsTest {
    private static final Set<String> NAMES = Set.of("API_KEY", "BASE_URL");

    private static ProviderSettings settings(Map<String, String> values) {
        return new ProviderSettings("acme-voice", NAMES, values);
    }

    @Test
    void the_id_makes_the_prefix() {
        assertThat(ProviderSettings.prefix("acme-voice2")).isEqualTo("SYNAPSE_ACME_VOICE2_");
    }

    @Test
    void what_is_set_is_told_and_what_is_not_set_or_blank_is_empty() {
        ProviderSettings settings = settings(Map.of("API_KEY", " sk-1\n"));
        assertThat(settings.get("API_KEY")).contains("sk-1");
        assertThat(settings.get("BASE_URL")).isEmpty();
        assertThat(settings(Map.of("API_KEY", "  ")).get("API_KEY")).isEmpty();
    }

    @Test
    void urls_are_checked_and_never_repeated() {
        assertThat(settings(Map.of("BASE_URL", "https://api.acme.example/v1")).url("BASE_URL"))
                .contains(URI.create("https://api.acme.example/v1"));
        assertThat(settings(Map.of()).url("BASE_URL")).isEmpty();
        for (String wrong : new String[] {"ftp://acme.example", "acme.example", "https:///x", "not a url"}) {
            assertThatThrownBy(() -> settings(Map.of("BASE_URL", wrong)).url("BASE_URL"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("SYNAPSE_ACME_VOICE_BASE_URL must be an http or https URL");
        }
    }

    @Test
    void a_name_that_the_factory_does_not_declare_is_refused_both_ways() {
        ProviderSettings settings = settings(Map.of());
        assertThatThrownBy(() -> settings.get("REGION"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("REGION");
        assertThatThrownBy(() -> settings(Map.of("REGION", "hunter2")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("REGION")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void values_are_not_shown() {
        assertThat(settings(Map.of("API_KEY", "hunter2"))).hasToString("ProviderSettings[SYNAPSE_ACME_VOICE_API_KEY]");
    }
}
