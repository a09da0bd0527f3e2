package io.synapse.gateway.providers.bfl;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.providers.internal.media.ImageWire;
import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is told the key. */
class BflPlacesTest {
    private static final URI HOME = URI.create("https://api.bfl.ai/v1");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://api.bfl.ai/v1/get_result?id=1",
                "https://api.eu2.bfl.ai/v1/get_result?id=1",
                "https://api.us.bfl.ai/v1/get_result",
                "HTTPS://API.EU.BFL.AI/v1"
            })
    void regions_behind_the_home(String url) {
        assertThat(BflPlaces.isRegion(HOME, URI.create(url))).isTrue();
        assertThat(BflPlaces.isRegion(URI.create("https://api.eu.bfl.ai/v1"), URI.create(url)))
                .isTrue();
        // Through a proxy, the key is the proxy's.
        assertThat(BflPlaces.isRegion(URI.create("https://proxy.example/v1"), URI.create(url)))
                .isFalse();
        assertThat(BflPlaces.isRegion(URI.create("http://api.bfl.ai/v1"), URI.create(url)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://api.eu2.bfl.ai/v1",
                "https://api.eu2.bfl.ai:8443/v1",
                "https://user@api.eu2.bfl.ai/v1",
                "https://delivery-eu1.bfl.ai/x",
                "https://bfl.ai/v1",
                "https://api.eu.west.bfl.ai/v1",
                "https://apiXbfl.ai/v1",
                "https://api.bfl.ai.example/v1",
                "https://api.evil.example/api.bfl.ai",
                "https://evil.example/?api.bfl.ai",
                "https://api.-.bfl.aix/v1",
                "//api.eu2.bfl.ai/v1",
                "/v1/get_result?id=1",
                "mailto:api.bfl.ai",
                "not a url"
            })
    void nobody_else_is_told_the_key(String url) {
        try (UpstreamHttp http = new UpstreamHttp()) {
            BflPlaces places = new BflPlaces(http, HOME, "secret");
            UpstreamException failure = ImageWire.failure(() -> places.job(url, "1"));
            assertThat(failure.kind()).isEqualTo(Kind.MALFORMED);
            assertThat(failure.getMessage()).doesNotContain("bfl.ai", "secret");
        }
    }
}
