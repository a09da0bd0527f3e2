package io.synapse.gateway.providers.cloudflare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.Providers;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.providers.internal.media.MediaCalls;
import io.synapse.gateway.testkit.fake.Answer;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CloudflareProviderTest {
    private final CloudflareWire wire = new CloudflareWire();

    @AfterEach
    void close() {
        wire.close();
    }

    @Test
    void token_and_account_configure_it_and_neither_alone() {
        try (UpstreamHttp http = new UpstreamHttp()) {
            Map<String, String> token = Map.of("CLOUDFLARE_API_TOKEN", "t", "CLOUDFLARE_ACCOUNT_ID", " ");
            assertThat(Providers.configured(http, token::get)).isEmpty();
            assertThat(Providers.configured(http, Map.of("CLOUDFLARE_ACCOUNT_ID", "a")::get))
                    .isEmpty();
            assertThat(Providers.configured(
                            http, Map.of("CLOUDFLARE_API_TOKEN", "t", "CLOUDFLARE_ACCOUNT_ID", "a")::get))
                    .singleElement()
                    .hasToString("CloudflareProvider")
                    .satisfies(provider -> assertThat(provider.id()).isEqualTo("cloudflare"));
        }
    }

    @Test
    void account_that_would_change_the_path_stops_the_start_by_its_name() {
        try (UpstreamHttp http = new UpstreamHttp()) {
            Map<String, String> settings = Map.of("CLOUDFLARE_API_TOKEN", "t", "CLOUDFLARE_ACCOUNT_ID", "a/../secret");
            assertThatThrownBy(() -> Providers.configured(http, settings::get))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("CLOUDFLARE_ACCOUNT_ID")
                    .hasMessageNotContaining("secret");
        }
    }

    static Stream<Arguments> errors() {
        return Stream.of(
                arguments(400, 5007, Kind.MODEL_GONE),
                arguments(400, 5004, Kind.REJECTED),
                arguments(400, 3003, Kind.REJECTED),
                arguments(400, 3039, Kind.REJECTED),
                arguments(401, 10000, Kind.UNAUTHORIZED),
                arguments(400, 10000, Kind.UNAUTHORIZED),
                arguments(403, 3023, Kind.UNAUTHORIZED),
                arguments(403, 5016, Kind.MODEL_GONE),
                arguments(403, 5018, Kind.MODEL_GONE),
                arguments(403, 3041, Kind.MODEL_GONE),
                arguments(405, 5019, Kind.FAILED),
                arguments(405, 5005, Kind.FAILED),
                arguments(404, 3042, Kind.MODEL_GONE),
                arguments(413, 3006, Kind.REJECTED),
                arguments(408, 3007, Kind.TIMED_OUT),
                arguments(408, 3008, Kind.TIMED_OUT),
                arguments(429, 3036, Kind.QUOTA_EXHAUSTED),
                arguments(429, 4006, Kind.QUOTA_EXHAUSTED),
                arguments(429, 3040, Kind.OVERLOADED),
                arguments(429, 10013, Kind.RATE_LIMITED),
                arguments(410, 5028, Kind.MODEL_GONE),
                arguments(400, 5028, Kind.MODEL_GONE),
                arguments(500, 9999, Kind.FAILED));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void failure_by_status_and_code(int status, int code, Kind kind) {
        wire.upstream.answer(Answer.json(
                status,
                Map.of("Retry-After", "7"),
                CloudflareWire.error(code, "account " + CloudflareWire.ACCOUNT + ": Bearer " + CloudflareWire.TOKEN)));
        UpstreamException failure = MediaCalls.failure(
                () -> wire.provider.draw(MediaCalls.call("@cf/a/b"), MediaCalls.image("{\"prompt\":\"x\"}")));
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(7));
        assertThat(failure.getMessage()).doesNotContain(CloudflareWire.ACCOUNT, CloudflareWire.TOKEN);
    }

    @ParameterizedTest
    @MethodSource("errors")
    void failure_within_a_success_is_told_by_its_code(int status, int code, Kind kind) {
        wire.upstream.answer(Answer.json(200, CloudflareWire.error(code, "m")));
        UpstreamException failure = MediaCalls.failure(
                () -> wire.provider.draw(MediaCalls.call("@cf/a/b"), MediaCalls.image("{\"prompt\":\"x\"}")));
        assertThat(failure.kind()).isEqualTo(code == 10013 ? Kind.FAILED : kind);
    }
}
