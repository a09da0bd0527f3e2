package io.synapse.gateway.providers.fal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.synapse.gateway.providers.http.UpstreamHttp;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FalProviderTest {
    private final UpstreamHttp http = new UpstreamHttp();

    @AfterEach
    void close() {
        http.close();
    }

    @Test
    void key_configures_it() {
        assertThat(FalProvider.of(http, name -> null)).isEmpty();
        assertThat(FalProvider.of(http, name -> " ")).isEmpty();
        assertThat(FalProvider.of(http, Map.of("FAL_BASE_URL", "https://x.example")::get))
                .isEmpty();
        assertThat(FalProvider.of(http, Map.of("FAL_KEY", " SECRET ")::get))
                .hasValueSatisfying(provider -> assertThat(provider.id()).isEqualTo("fal"))
                .hasValueSatisfying(provider -> assertThat(provider.toString()).doesNotContain("SECRET"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:1",
                "ftp://x.example",
                "https://user:SECRET@x.example",
                "https://x.example?key=SECRET",
                "%"
            })
    void address_that_is_none_stops_the_start_by_its_name(String address) {
        assertThatThrownBy(() -> FalProvider.of(http, Map.of("FAL_KEY", "k", "FAL_BASE_URL", address)::get))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("FAL_BASE_URL")
                .hasMessageNotContaining("SECRET");
    }

    @Test
    void key_that_fits_no_header_stops_the_start_untold() {
        assertThatThrownBy(() -> FalProvider.of(http, Map.of("FAL_KEY", "SEC RET")::get))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("FAL_KEY")
                .hasMessageNotContaining("RET ");
    }
}
