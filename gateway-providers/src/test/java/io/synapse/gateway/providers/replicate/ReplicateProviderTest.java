package io.synapse.gateway.providers.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.synapse.gateway.providers.http.UpstreamHttp;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicateProviderTest {
    private final UpstreamHttp http = new UpstreamHttp();

    @AfterEach
    void close() {
        http.close();
    }

    @Test
    void token_configures_it() {
        assertThat(ReplicateProvider.of(http, name -> null)).isEmpty();
        assertThat(ReplicateProvider.of(http, name -> " ")).isEmpty();
        assertThat(ReplicateProvider.of(http, Map.of("REPLICATE_BASE_URL", "https://x.example")::get))
                .isEmpty();
        assertThat(ReplicateProvider.of(http, Map.of("REPLICATE_API_TOKEN", " SECRET ")::get))
                .hasValueSatisfying(provider -> assertThat(provider.id()).isEqualTo("replicate"))
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
        assertThatThrownBy(() -> ReplicateProvider.of(
                        http, Map.of("REPLICATE_API_TOKEN", "k", "REPLICATE_BASE_URL", address)::get))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("REPLICATE_BASE_URL")
                .hasMessageNotContaining("SECRET");
    }

    @Test
    void token_that_fits_no_header_stops_the_start_untold() {
        assertThatThrownBy(() -> ReplicateProvider.of(http, Map.of("REPLICATE_API_TOKEN", "SEC RET")::get))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("REPLICATE_API_TOKEN")
                .hasMessageNotContaining("RET ");
    }
}
