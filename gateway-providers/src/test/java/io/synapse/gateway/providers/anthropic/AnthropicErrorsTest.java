package io.synapse.gateway.providers.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.Providers;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.testkit.fake.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class AnthropicErrorsTest {
    private final Wire wire = new Wire();

    @AfterEach
    void close() {
        wire.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | invalid_request_error | messages.0.content.1: x | REJECTED",
                "400 | invalid_request_error | Your credit balance is too low to access the API. | QUOTA_EXHAUSTED",
                "400 | invalid_request_error | You have reached your specified API usage limits. | QUOTA_EXHAUSTED",
                "401 | authentication_error | invalid x-api-key | UNAUTHORIZED",
                "402 | billing_error | m | QUOTA_EXHAUSTED",
                "403 | permission_error | m | UNAUTHORIZED",
                "404 | not_found_error | model: claude-9 | MODEL_GONE",
                "409 | conflict_error | m | OVERLOADED",
                "413 | request_too_large | m | REJECTED",
                "429 | rate_limit_error | m | RATE_LIMITED",
                "500 | api_error | m | FAILED",
                "504 | timeout_error | m | TIMED_OUT",
                "529 | overloaded_error | Overloaded | OVERLOADED"
            })
    void kind_of_failure(int status, String type, String message, Kind kind) {
        assertThat(wire.failure(Answer.json(status, AnthropicFormat.error(type, message)))
                        .kind())
                .isEqualTo(kind);
    }

    @Test
    void spent_limit_is_no_limit_on_the_rate() {
        UpstreamException failure = wire.failure(Answer.json(
                429,
                "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"m\","
                        + "\"details\":{\"error_code\":\"enforced_spend_limit_reached\"}}}"));
        assertThat(failure.kind()).isEqualTo(Kind.QUOTA_EXHAUSTED);
    }

    @Test
    void wait_is_told() {
        assertThat(wire.failure(Answer.json(
                                429, Map.of("retry-after", "12"), AnthropicFormat.error("rate_limit_error", "m")))
                        .retryAfter())
                .isEqualTo(Duration.ofSeconds(12));
    }

    /** A limit that is used up says when it is not any more; where it says nothing else, that is the wait. */
    @Test
    void wait_is_told_by_the_limit_that_is_used_up_longest() {
        Instant minute = Instant.now().plusSeconds(60);
        Map<String, String> headers = Map.of(
                "anthropic-ratelimit-requests-remaining",
                "7",
                "anthropic-ratelimit-requests-reset",
                minute.plusSeconds(3600).toString(),
                "anthropic-ratelimit-input-tokens-remaining",
                "0",
                "anthropic-ratelimit-input-tokens-reset",
                minute.toString(),
                "anthropic-ratelimit-output-tokens-remaining",
                "0",
                "anthropic-ratelimit-output-tokens-reset",
                Instant.now().toString());
        assertThat(wire.failure(Answer.json(429, headers, AnthropicFormat.error("rate_limit_error", "m")))
                        .retryAfter())
                .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(60));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max_tokens: 200000 > 64000, which is the most | max_tokens",
                "messages.0.content.1.image.source.base64.data: image exceeds 5 MB maximum | messages",
                "prompt is too long: 210000 tokens > 200000 maximum | messages",
                "tools.3.custom.input_schema: JSON schema is invalid | tools[3]",
                "tools: too many | tools",
                "system: text content blocks must be non-empty | messages",
                "`temperature` is deprecated for this model. | temperature",
                "stop_sequences: each stop sequence must contain non-whitespace | stop",
                "output_config.format.schema: For 'object' type | response_format",
                "thinking.enabled.budget_tokens: Input should be less | reasoning_effort",
                "metadata.user_id: too long | user",
                "top_k: x | ",
                "Something else is wrong | "
            })
    void field_at_fault_is_told_by_the_callers_name(String message, String param) {
        UpstreamException failure =
                wire.failure(Answer.json(400, AnthropicFormat.error("invalid_request_error", message)));
        assertThat(failure.kind()).isEqualTo(message.contains("deprecated") ? Kind.UNSUPPORTED : Kind.REJECTED);
        assertThat(failure.param()).isEqualTo(param);
        assertThat(failure).hasMessage(message);
    }

    @Test
    void key_is_never_told() {
        assertThat(wire.provider().toString()).doesNotContain(Wire.KEY);
        for (int status : new int[] {400, 401, 500}) {
            UpstreamException failure = wire.failure(
                    Answer.json(status, AnthropicFormat.error("authentication_error", "no such key " + Wire.KEY)));
            assertThat(failure.getMessage()).doesNotContain(Wire.KEY);
        }
    }

    @Test
    void settings() {
        try (UpstreamHttp http = new UpstreamHttp()) {
            assertThat(AnthropicProvider.of(http, name -> null)).isEmpty();
            assertThat(AnthropicProvider.of(http, Map.of("ANTHROPIC_API_KEY", " ")::get))
                    .isEmpty();
            assertThat(Providers.configured(http, Map.of("ANTHROPIC_API_KEY", Wire.KEY)::get))
                    .singleElement()
                    .satisfies(provider -> assertThat(provider.id()).isEqualTo("anthropic"));
            for (String wrong : new String[] {"ftp://x", "https://u:p@x", "https://x?q=1", "no url"}) {
                Map<String, String> settings = Map.of("ANTHROPIC_API_KEY", Wire.KEY, "ANTHROPIC_BASE_URL", wrong);
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> AnthropicProvider.of(http, settings::get))
                        .withMessageStartingWith("ANTHROPIC_BASE_URL ")
                        .withNoCause();
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> AnthropicProvider.of(http, Map.of("ANTHROPIC_API_KEY", "a b")::get))
                    .withMessageStartingWith("ANTHROPIC_API_KEY ");
        }
    }
}
