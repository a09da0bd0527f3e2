package io.synapse.gateway.providers.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamSettingsTest {
    @Test
    void blanks_are_nothing() {
        assertThat(UpstreamSettings.text(name -> null, "A")).isNull();
        assertThat(UpstreamSettings.text(name -> " \t", "A")).isNull();
        assertThat(UpstreamSettings.text(name -> " a b ", "A")).isEqualTo("a b");
        assertThat(UpstreamSettings.credential(name -> "", "A")).isNull();
        assertThat(UpstreamSettings.credential(name -> "key\n", "A")).isEqualTo("key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret key", "secret\r\nX: y", "secreté"})
    void credential_that_cannot_be_a_header_is_named_and_not_told(String value) {
        assertThatThrownBy(() -> UpstreamSettings.credential(name -> value, "THE_TOKEN"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("THE_TOKEN")
                .hasMessageNotContaining("secret");
    }

    @Test
    void address_has_no_slash_at_its_end() {
        assertThat(UpstreamSettings.base(name -> null, "A", "https://a.example/v1"))
                .isEqualTo(URI.create("https://a.example/v1"));
        assertThat(UpstreamSettings.base(Map.of("A", " HTTP://b.example:8080/x// ")::get, "A", "https://a.example"))
                .isEqualTo(URI.create("HTTP://b.example:8080/x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:8000",
                "ftp://x.example",
                "https://user:secret@x.example/v1",
                "https://x.example/v1?key=secret",
                "https://x.example/#secret",
                "not a secret url",
                "https:///v1"
            })
    void address_that_is_none_is_named_and_not_told(String address) {
        assertThatThrownBy(() -> UpstreamSettings.base(name -> address, "A_BASE_URL", "https://a.example"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("A_BASE_URL")
                .hasMessageNotContaining("secret");
    }
}
