package io.synapse.gateway.providers.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
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

class HuggingFaceProviderTest {
    private final HuggingFaceWire wire = new HuggingFaceWire();

    @AfterEach
    void close() {
        wire.close();
    }

    @Test
    void token_configures_it() {
        try (UpstreamHttp http = new UpstreamHttp()) {
            assertThat(Providers.configured(http, Map.of("HF_TOKEN", " ", "HF_BASE_URL", "http://127.0.0.1")::get))
                    .isEmpty();
            assertThat(Providers.configured(http, Map.of("HF_TOKEN", "t")::get))
                    .singleElement()
                    .hasToString("HuggingFaceProvider")
                    .satisfies(provider -> assertThat(provider.id()).isEqualTo("huggingface"));
        }
    }

    static Stream<Arguments> errors() {
        String any = "{\"error\":{\"message\":\"The requested model 'a/b' is not supported by any provider you have"
                + " enabled.\"}}";
        return Stream.of(
                arguments(400, "{\"error\":\"Bad 'width'\"}", Kind.REJECTED),
                arguments(400, any, Kind.MODEL_GONE),
                arguments(401, "{\"error\":\"Invalid username or password.\"}", Kind.UNAUTHORIZED),
                arguments(402, "{\"error\":\"You have exceeded your monthly included credits\"}", Kind.QUOTA_EXHAUSTED),
                arguments(404, "Not Found", Kind.MODEL_GONE),
                arguments(422, "{\"error\":[\"Bad\"],\"error_type\":\"Validation\"}", Kind.REJECTED),
                arguments(429, "{\"error\":\"Too many requests\"}", Kind.RATE_LIMITED),
                arguments(500, "<html>Oops</html>", Kind.FAILED),
                arguments(
                        503,
                        "{\"error\":\"Model a/b is currently loading\",\"estimated_time\":20.5}",
                        Kind.OVERLOADED));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void failure_by_status_and_words(int status, String body, Kind kind) {
        wire.upstream.answer(
                Answer.json(status, Map.of("Retry-After", "7"), body.replace("a/b", HuggingFaceWire.TOKEN)));
        UpstreamException failure = MediaCalls.failure(
                () -> wire.provider.draw(MediaCalls.call("a/b"), MediaCalls.image("{\"prompt\":\"x\"}")));
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(7));
        assertThat(failure.getMessage()).doesNotContain(HuggingFaceWire.TOKEN);
    }
}
