package io.synapse.gateway.providers.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.internal.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamErrorsTest {
    private static UpstreamException error(int status, String body) {
        return UpstreamErrors.of(status, null, body.getBytes(StandardCharsets.UTF_8));
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                // By the status alone.
                arguments(400, "", Kind.REJECTED),
                arguments(401, "", Kind.UNAUTHORIZED),
                arguments(402, "", Kind.QUOTA_EXHAUSTED),
                arguments(403, "", Kind.UNAUTHORIZED),
                arguments(404, "", Kind.MODEL_GONE),
                arguments(405, "", Kind.FAILED),
                arguments(408, "", Kind.TIMED_OUT),
                arguments(409, "", Kind.OVERLOADED),
                arguments(410, "", Kind.MODEL_GONE),
                arguments(413, "", Kind.REJECTED),
                arguments(422, "", Kind.REJECTED),
                arguments(425, "", Kind.OVERLOADED),
                arguments(429, "", Kind.RATE_LIMITED),
                arguments(498, "", Kind.OVERLOADED),
                arguments(499, "", Kind.OVERLOADED),
                arguments(500, "", Kind.FAILED),
                arguments(502, "<html><body>Bad gateway</body></html>", Kind.FAILED),
                arguments(503, "", Kind.OVERLOADED),
                arguments(504, "", Kind.TIMED_OUT),
                arguments(529, "", Kind.OVERLOADED),
                arguments(301, "", Kind.MALFORMED),
                // OpenAI.
                arguments(
                        429,
                        "{\"error\":{\"message\":\"m\",\"type\":\"tokens\",\"param\":null,\"code\":\"rate_limit_exceeded\"}}",
                        Kind.RATE_LIMITED),
                arguments(
                        429,
                        "{\"error\":{\"message\":\"m\",\"type\":\"insufficient_quota\",\"param\":null,\"code\":\"insufficient_quota\"}}",
                        Kind.QUOTA_EXHAUSTED),
                arguments(
                        429,
                        "{\"error\":{\"message\":\"m\",\"type\":\"insufficient_quota\",\"code\":\"credit_balance_exhausted\"}}",
                        Kind.QUOTA_EXHAUSTED),
                arguments(
                        429,
                        "{\"error\":{\"message\":\"m\",\"type\":\"x\",\"code\":\"organization_spend_limit_exceeded\"}}",
                        Kind.QUOTA_EXHAUSTED),
                arguments(
                        429,
                        "{\"error\":{\"message\":\"m\",\"type\":\"rate_limit_error\",\"code\":\"slow_down\"}}",
                        Kind.RATE_LIMITED),
                arguments(
                        400,
                        "{\"error\":{\"message\":\"m\",\"type\":\"invalid_request_error\",\"param\":\"messages\",\"code\":\"context_length_exceeded\"}}",
                        Kind.REJECTED),
                arguments(
                        404,
                        "{\"error\":{\"message\":\"m\",\"type\":\"invalid_request_error\",\"code\":\"model_not_found\"}}",
                        Kind.MODEL_GONE),
                arguments(
                        503,
                        "{\"error\":{\"message\":\"m\",\"type\":\"service_unavailable_error\",\"code\":\"server_is_overloaded\"}}",
                        Kind.OVERLOADED),
                arguments(
                        400,
                        "{\"error\":{\"message\":\"m\",\"type\":\"invalid_request_error\",\"param\":\"max_tokens\",\"code\":\"unsupported_parameter\"}}",
                        Kind.UNSUPPORTED),
                arguments(
                        400,
                        "{\"error\":{\"message\":\"m\",\"type\":\"invalid_request_error\",\"param\":\"temperature\",\"code\":\"unsupported_value\"}}",
                        Kind.UNSUPPORTED),
                arguments(
                        400,
                        "{\"error\":{\"message\":\"m\",\"type\":\"invalid_request_error\",\"param\":\"n\",\"code\":\"invalid_value\"}}",
                        Kind.REJECTED),
                arguments(
                        401,
                        "{\"error\":{\"message\":\"m\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"invalid_api_key\"}}",
                        Kind.UNAUTHORIZED),
                arguments(
                        403,
                        "{\"error\":{\"message\":\"Country not"
                            + " supported\",\"type\":\"request_forbidden\",\"param\":null,\"code\":\"unsupported_country_region_territory\"}}",
                        Kind.UNAUTHORIZED),
                arguments(
                        429,
                        "{\"error\":{\"message\":\"m\",\"type\":\"requests\",\"param\":null,\"code\":\"rate_limit_exceeded\"}}",
                        Kind.RATE_LIMITED),
                arguments(
                        500,
                        "{\"error\":{\"message\":\"m\",\"type\":\"server_error\",\"param\":null,\"code\":null}}",
                        Kind.FAILED),
                // Groq.
                arguments(
                        400,
                        "{\"error\":{\"message\":\"This model does not support response format json_schema\",\"type\":"
                                + "\"invalid_request_error\",\"param\":\"response_format\"}}",
                        Kind.UNSUPPORTED),
                arguments(424, "{\"error\":{\"message\":\"m\",\"type\":\"failed_dependency\"}}", Kind.FAILED),
                arguments(
                        400,
                        "{\"error\":{\"message\":\"m\",\"type\":\"invalid_request_error\",\"code\":\"model_decommissioned\"}}",
                        Kind.MODEL_GONE),
                arguments(
                        400,
                        "{\"error\":{\"message\":\"m\",\"code\":\"tool_use_failed\",\"failed_generation\":\"…\"}}",
                        Kind.FAILED),
                arguments(
                        413,
                        "{\"error\":{\"message\":\"m\",\"type\":\"tokens\",\"code\":\"rate_limit_exceeded\"}}",
                        Kind.RATE_LIMITED),
                // Together.
                arguments(
                        403, "{\"error\":{\"message\":\"inputs tokens + max_tokens must be <= 8193\"}}", Kind.REJECTED),
                // OpenRouter.
                arguments(402, "{\"error\":{\"code\":402,\"message\":\"Insufficient credits\"}}", Kind.QUOTA_EXHAUSTED),
                arguments(
                        403,
                        "{\"error\":{\"code\":403,\"message\":\"Your input was"
                                + " flagged\",\"metadata\":{\"reasons\":[\"x\"]}}}",
                        Kind.REJECTED),
                arguments(408, "{\"error\":{\"code\":408,\"message\":\"Timed out\"}}", Kind.TIMED_OUT),
                // Mistral.
                arguments(
                        422,
                        "{\"object\":\"error\",\"message\":{\"detail\":[{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"user\"],\"msg\":\"Extra"
                            + " inputs are not"
                            + " permitted\"}]},\"type\":\"invalid_request_error\",\"param\":null,\"code\":null}",
                        Kind.UNSUPPORTED),
                arguments(
                        400,
                        "{\"object\":\"error\",\"message\":\"Tool call id was"
                                + " bad\",\"type\":\"invalid_function_call\",\"param\":null,\"code\":\"3280\"}",
                        Kind.REJECTED),
                arguments(
                        429,
                        "{\"object\":\"error\",\"message\":\"Requests rate limit"
                                + " exceeded\",\"type\":\"rate_limited\",\"code\":\"1300\"}",
                        Kind.RATE_LIMITED),
                // DeepSeek.
                arguments(
                        402,
                        "{\"error\":{\"message\":\"Insufficient"
                                + " Balance\",\"type\":\"unknown_error\",\"code\":\"invalid_request_error\"}}",
                        Kind.QUOTA_EXHAUSTED),
                // Recraft.
                arguments(
                        400,
                        "{\"code\":\"not_enough_credits\",\"message\":\"not enough credits\"}",
                        Kind.QUOTA_EXHAUSTED),
                // ModelArk.
                arguments(
                        403,
                        "{\"error\":{\"code\":\"AccountOverdueError\",\"message\":\"m\",\"type\":\"Forbidden\"}}",
                        Kind.QUOTA_EXHAUSTED),
                arguments(
                        429,
                        "{\"error\":{\"code\":\"SetLimitExceeded\",\"message\":\"m\",\"type\":\"TooManyRequests\"}}",
                        Kind.QUOTA_EXHAUSTED),
                arguments(
                        429,
                        "{\"error\":{\"code\":\"ServerOverloaded\",\"message\":\"m\",\"type\":\"TooManyRequests\"}}",
                        Kind.OVERLOADED),
                arguments(
                        400,
                        "{\"error\":{\"code\":\"InvalidEndpoint.ClosedEndpoint\",\"message\":\"m\","
                                + "\"type\":\"BadRequest\"}}",
                        Kind.MODEL_GONE),
                // xAI.
                arguments(
                        400,
                        "{\"code\":\"Client specified an invalid argument\",\"error\":\"Incorrect API key provided:"
                                + " xa***yz.\"}",
                        Kind.UNAUTHORIZED),
                arguments(
                        404,
                        "{\"code\":\"Some requested entity was not found\",\"error\":\"The model grok-9 does not"
                                + " exist\"}",
                        Kind.MODEL_GONE),
                // Ollama, vLLM, llama.cpp.
                arguments(
                        404,
                        "{\"error\":{\"message\":\"model \\\"x\\\" not found, try pulling it"
                                + " first\",\"type\":\"not_found_error\",\"param\":null,\"code\":null}}",
                        Kind.MODEL_GONE),
                arguments(404, "{\"error\":\"model 'x' not found\"}", Kind.MODEL_GONE),
                arguments(
                        400,
                        "{\"object\":\"error\",\"message\":\"m\",\"type\":\"BadRequestError\",\"param\":null,\"code\":400}",
                        Kind.REJECTED),
                arguments(
                        503,
                        "{\"error\":{\"code\":503,\"message\":\"Loading model\",\"type\":\"unavailable_error\"}}",
                        Kind.OVERLOADED),
                // Cloudflare.
                arguments(
                        429,
                        "{\"result\":null,\"success\":false,\"errors\":[{\"code\":3036,\"message\":\"out of"
                                + " neurons\"}],\"messages\":[]}",
                        Kind.QUOTA_EXHAUSTED),
                arguments(
                        429,
                        "{\"success\":false,\"errors\":[{\"code\":3040,\"message\":\"out of capacity\"}]}",
                        Kind.OVERLOADED),
                arguments(
                        400,
                        "{\"success\":false,\"errors\":[{\"code\":5028,\"message\":\"deprecated\"}]}",
                        Kind.MODEL_GONE),
                arguments(
                        500,
                        "{\"error\":{\"code\":\"internal_error\",\"message\":\"4006: you have used up your daily free"
                                + " allocation of 10,000 neurons\"}}",
                        Kind.QUOTA_EXHAUSTED),
                arguments(
                        403, "{\"success\":false,\"errors\":[{\"code\":5016,\"message\":\"agree\"}]}", Kind.MODEL_GONE),
                arguments(
                        400,
                        "{\"success\":false,\"errors\":[{\"code\":10000,\"message\":\"Authentication error\"}]}",
                        Kind.UNAUTHORIZED),
                // Hugging Face.
                arguments(
                        400,
                        "{\"error\":{\"message\":\"The requested model 'a/b' is not supported by any provider you have"
                                + " enabled.\",\"type\":\"invalid_request_error\",\"param\":\"model\"}}",
                        Kind.MODEL_GONE),
                arguments(400, "{\"error\":\"Model a/b is not supported by provider hf-inference\"}", Kind.MODEL_GONE),
                arguments(402, "{\"error\":\"You have exceeded your monthly included credits\"}", Kind.QUOTA_EXHAUSTED),
                arguments(
                        503, "{\"error\":\"Model a/b is currently loading\",\"estimated_time\":20.5}", Kind.OVERLOADED),
                // Anthropic.
                arguments(
                        400,
                        "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"Your credit"
                                + " balance is too low\"}}",
                        Kind.QUOTA_EXHAUSTED),
                arguments(
                        529,
                        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}",
                        Kind.OVERLOADED),
                arguments(
                        400,
                        "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"You have"
                                + " reached your specified API usage limits.\"}}",
                        Kind.QUOTA_EXHAUSTED),
                arguments(
                        429,
                        "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"m\","
                                + "\"details\":{\"error_code\":\"enforced_spend_limit_reached\"}}}",
                        Kind.QUOTA_EXHAUSTED),
                // ElevenLabs.
                arguments(
                        401,
                        "{\"detail\":{\"status\":\"quota_exceeded\",\"message\":\"This request exceeds your quota\"}}",
                        Kind.QUOTA_EXHAUSTED),
                arguments(404, "{\"detail\":{\"status\":\"voice_not_found\",\"message\":\"m\"}}", Kind.REJECTED),
                arguments(429, "{\"detail\":{\"status\":\"system_busy\",\"message\":\"m\"}}", Kind.OVERLOADED),
                // Deepgram.
                arguments(402, "{\"err_code\":\"ASR_PAYMENT_REQUIRED\",\"err_msg\":\"m\"}", Kind.QUOTA_EXHAUSTED),
                // fal.
                arguments(
                        403,
                        "{\"detail\":\"User is locked. Reason: Exhausted balance. Top up your balance.\"}",
                        Kind.QUOTA_EXHAUSTED),
                arguments(403, "{\"detail\":\"Cannot access this application\"}", Kind.UNAUTHORIZED),
                arguments(
                        403,
                        "{\"detail\":[{\"loc\":[\"body\"],\"msg\":\"m\",\"type\":\"content_policy_violation\"}]}",
                        Kind.REJECTED),
                arguments(504, "{\"detail\":\"Request timed out\",\"error_type\":\"request_timeout\"}", Kind.TIMED_OUT),
                arguments(504, "{\"detail\":\"m\",\"error_type\":\"startup_timeout\"}", Kind.TIMED_OUT),
                arguments(503, "{\"detail\":\"m\",\"error_type\":\"runner_disconnected\"}", Kind.OVERLOADED),
                // Replicate.
                arguments(
                        422,
                        "{\"title\":\"t\",\"detail\":\"Invalid version or not permitted\",\"status\":422}",
                        Kind.MODEL_GONE),
                // Google.
                arguments(402, "{\"error\":{\"code\":402,\"message\":\"m\"}}", Kind.QUOTA_EXHAUSTED),
                arguments(
                        499, "{\"error\":{\"code\":499,\"message\":\"m\",\"status\":\"CANCELLED\"}}", Kind.OVERLOADED),
                arguments(
                        400,
                        "[{\"error\":{\"code\":400,\"message\":\"API key not valid. Please pass a valid API"
                                + " key.\",\"status\":\"INVALID_ARGUMENT\"}}]",
                        Kind.UNAUTHORIZED),
                arguments(
                        400,
                        "{\"error\":{\"code\":400,\"message\":\"API key"
                            + " expired.\",\"status\":\"INVALID_ARGUMENT\",\"details\":[{\"reason\":\"API_KEY_INVALID\"}]}}",
                        Kind.UNAUTHORIZED),
                arguments(
                        400,
                        "{\"error\":{\"code\":400,\"message\":\"User location is not supported for the API"
                                + " use.\",\"status\":\"FAILED_PRECONDITION\"}}",
                        Kind.UNAUTHORIZED),
                arguments(
                        429,
                        "{\"error\":{\"code\":429,\"message\":\"q\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[{\"violations\":[{\"quotaId\":\"GenerateRequestsPerDayPerProject\"}]}]}}",
                        Kind.QUOTA_EXHAUSTED),
                arguments(
                        429,
                        "{\"error\":{\"code\":429,\"message\":\"q\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[{\"retryDelay\":\"37.5s\"}]}}",
                        Kind.RATE_LIMITED));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void kind_of_failure(int status, String body, Kind kind) {
        assertThat(error(status, body).kind()).isEqualTo(kind);
    }

    static Stream<Arguments> inner() {
        return Stream.of(
                arguments("{\"error\":{\"code\":429,\"message\":\"m\"}}", Kind.RATE_LIMITED),
                arguments("{\"error\":{\"code\":502,\"message\":\"m\"}}", Kind.FAILED),
                arguments("{\"error\":{\"code\":\"503\",\"message\":\"m\"}}", Kind.OVERLOADED),
                arguments("{\"error\":{\"code\":402,\"message\":\"m\"}}", Kind.QUOTA_EXHAUSTED),
                arguments("{\"error\":{\"code\":400,\"message\":\"m\"}}", Kind.REJECTED),
                arguments("{\"error\":{\"type\":\"invalid_request_error\",\"message\":\"m\"}}", Kind.REJECTED),
                arguments("{\"error\":{\"type\":\"rate_limit_error\",\"message\":\"m\"}}", Kind.RATE_LIMITED),
                arguments("{\"error\":{\"type\":\"tokens\",\"code\":\"rate_limit_exceeded\"}}", Kind.RATE_LIMITED),
                arguments("{\"error\":{\"type\":\"overloaded_error\",\"message\":\"m\"}}", Kind.OVERLOADED),
                arguments("{\"error\":{\"type\":\"server_error\",\"message\":\"m\",\"code\":null}}", Kind.FAILED),
                arguments("{\"error\":\"it broke\"}", Kind.FAILED),
                arguments("{\"object\":\"error\",\"message\":\"m\",\"code\":400}", Kind.REJECTED),
                arguments("{\"error\":{}}", Kind.FAILED),
                arguments("[]", Kind.FAILED),
                arguments("null", Kind.FAILED));
    }

    @ParameterizedTest
    @MethodSource("inner")
    void error_in_a_successful_answer_counts_by_its_own_code(String body, Kind kind) throws Exception {
        assertThat(UpstreamErrors.inside(Json.read(body.getBytes(StandardCharsets.UTF_8)))
                        .kind())
                .isEqualTo(kind);
    }

    @Test
    void rejection_carries_the_upstreams_words_and_the_field() {
        UpstreamException e = error(
                400,
                "{\"error\":{\"message\":\"Unknown parameter:"
                    + " 'x'.\",\"type\":\"invalid_request_error\",\"param\":\"x\",\"code\":\"unknown_parameter\"}}");
        assertThat(e).hasMessage("Unknown parameter: 'x'.");
        assertThat(e.param()).isEqualTo("x");
    }

    @Test
    void what_another_model_may_do_names_the_field_too() {
        UpstreamException e = error(
                400,
                "{\"error\":{\"message\":\"Unsupported parameter: 'stop' is not supported with this"
                    + " model.\",\"type\":\"invalid_request_error\",\"param\":\"stop\",\"code\":\"unsupported_parameter\"}}");
        assertThat(e).hasMessage("Unsupported parameter: 'stop' is not supported with this model.");
        assertThat(e.param()).isEqualTo("stop");
    }

    @Test
    void what_stands_behind_openrouter_is_quoted() {
        assertThat(error(
                        502,
                        "{\"error\":{\"code\":502,\"message\":\"Provider returned error\","
                                + "\"metadata\":{\"provider_name\":\"P\",\"raw\":\"out of memory\"}}}"))
                .hasMessage("answered 502 502: Provider returned error: out of memory");
    }

    @Test
    void field_is_found_in_a_path_too() {
        UpstreamException e = error(
                422,
                "{\"object\":\"error\",\"message\":{\"detail\":[{\"loc\":[\"body\",\"messages\",2,\"name\"],\"msg\":\"Extra"
                    + " inputs are not permitted\"}]}}");
        assertThat(e).hasMessage("Extra inputs are not permitted");
        assertThat(e.param()).isEqualTo("messages[2].name");
        UpstreamException bare =
                error(422, "{\"detail\":[{\"type\":\"x\",\"loc\":[\"body\",\"width\"],\"msg\":\"too wide\"}]}");
        assertThat(bare).hasMessage("too wide");
        assertThat(bare.param()).isEqualTo("width");
        assertThat(error(422, "{\"detail\":\"too wide\"}").param()).isNull();
    }

    @Test
    void field_is_found_among_the_details_too() {
        UpstreamException e = error(
                400,
                "{\"error\":{\"code\":400,\"message\":\"m\",\"status\":\"INVALID_ARGUMENT\",\"details\":[{\"@type\":"
                        + "\"type.googleapis.com/google.rpc.BadRequest\",\"fieldViolations\":[{\"field\":"
                        + "\"generation_config.seed\",\"description\":\"d\"}]}]}}");
        assertThat(e.param()).isEqualTo("generation_config.seed");
    }

    @Test
    void words_and_field_are_found_beside_an_error_too() {
        UpstreamException validation = error(
                422, "{\"detail\":[{\"loc\":[\"body\",\"text\"],\"msg\":\"Field required\",\"type\":\"missing\"}]}");
        assertThat(validation).hasMessage("Field required");
        assertThat(validation.param()).isEqualTo("text");
        UpstreamException voice =
                error(404, "{\"detail\":{\"status\":\"voice_not_found\",\"message\":\"No such voice\"}}");
        assertThat(voice).hasMessage("No such voice");
        assertThat(voice.param()).isEqualTo("voice");
        assertThat(error(400, "{\"err_code\":\"Bad Request\",\"err_msg\":\"Corrupt audio\",\"request_id\":\"r\"}"))
                .hasMessage("Corrupt audio");
    }

    @Test
    void only_a_rejection_is_about_a_field() {
        assertThat(UpstreamErrors.about(UpstreamErrors.rejected("theirs", "m"), "ours")
                        .param())
                .isEqualTo("ours");
        UpstreamException unsupported = UpstreamErrors.about(UpstreamErrors.unsupported("theirs", "m"), "ours");
        assertThat(unsupported.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(unsupported.param()).isEqualTo("ours");
        assertThat(UpstreamErrors.about(error(500, "{}"), "ours").param()).isNull();
    }

    @Test
    void field_is_found_in_a_list_of_details_or_of_invalid_fields() {
        UpstreamException detail = error(
                422,
                "{\"detail\":[{\"loc\":[\"body\",\"image_size\",\"width\"],\"msg\":\"too"
                        + " large\",\"type\":\"less_than\"}]}");
        assertThat(detail).hasMessage("too large");
        assertThat(detail.param()).isEqualTo("image_size.width");
        UpstreamException invalid = error(
                422,
                "{\"detail\":\"- input.seed: is no number\",\"status\":422,\"invalid_fields\":[{\"type\":\"t\","
                        + "\"field\":\"input.seed\",\"description\":\"d\"}]}");
        assertThat(invalid).hasMessage("- input.seed: is no number");
        assertThat(invalid.param()).isEqualTo("input.seed");
    }

    @Test
    void status_that_is_repeated_in_the_body_is_no_name() {
        assertThat(error(401, "{\"title\":\"Unauthenticated\",\"detail\":\"No token\",\"status\":401}"))
                .hasMessage("answered 401: No token");
        assertThat(error(504, "{\"detail\":\"Too slow\",\"error_type\":\"request_timeout\"}"))
                .hasMessage("answered 504 request_timeout: Too slow");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | {\"error\":{\"message\":\"m\",\"code\":\"context_length_exceeded\"}}",
                // Together; xAI.
                "403 | {\"error\":{\"message\":\"inputs tokens + max_tokens must be <= 8193\"}}",
                "400 | {\"code\":\"Client specified an invalid argument\",\"error\":\"This model's maximum prompt"
                        + " length is 131072\"}",
                // vLLM, then and now; llama.cpp; Mistral.
                "400 | {\"object\":\"error\",\"message\":\"This model's maximum context length is 8192"
                        + " tokens.\",\"code\":400}",
                "400 | {\"error\":{\"message\":\"This model's maximum context length is 8192"
                        + " tokens.\",\"param\":null}}",
                "400 | {\"error\":{\"code\":400,\"message\":\"the request exceeds the available context size\"}}",
                "400 | {\"object\":\"error\",\"message\":\"Prompt is too large for a model with 8192 maximum context"
                        + " length\"}"
            })
    void too_long_a_prompt_names_the_messages(int status, String body) {
        UpstreamException e = error(status, body);
        assertThat(e.kind()).isEqualTo(Kind.REJECTED);
        assertThat(e.param()).isEqualTo("messages");
    }

    @Test
    void only_a_rejection_names_a_field() {
        assertThat(error(500, "{\"error\":{\"message\":\"m\",\"param\":\"x\"}}").param())
                .isNull();
    }

    @Test
    void wait_stands_in_headers_or_in_the_body() {
        String body =
                "{\"error\":{\"code\":429,\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[{\"retryDelay\":\"37.5s\"}]}}";
        assertThat(error(429, body).retryAfter()).isEqualTo(Duration.ofMillis(37_500));
        assertThat(UpstreamErrors.of(429, Duration.ofSeconds(3), body.getBytes(StandardCharsets.UTF_8))
                        .retryAfter())
                .isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void wait_stands_in_words() {
        String words = "Request was throttled. Your rate limit resets in ~30s.";
        assertThat(error(429, "{\"detail\":\"" + words + "\"}").retryAfter()).isEqualTo(Duration.ofSeconds(30));
        assertThat(error(429, "{\"detail\":\"Slow down.\"}").retryAfter()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Incorrect API key provided: sk-proj-abcDEF123456789. You can find",
                "Incorrect API key provided: sk-ab***************************wxyz.",
                "key gsk_abcdefSECRET0123456789 is bad",
                "Authorization: Bearer abc.SECRET.def",
                "bearer SECRETSECRET",
                "https://user:SECRET@proxy.example/v1 failed",
                "https://x.example/v1?key=SECRET&alt=sse failed",
                "GET https://x.example/a?alt=sse&api_key=SECRET",
                "AIzaSECRETSECRETSECRETSECRETSECRET123",
                "Rate limit reached in organization org-SECRET1234567890abcdef on",
                "project proj_SECRET0123456789 is",
                "token eyJSECRETSECRET.eyJSECRET.SECRET_-x",
                "account 0123456789abcdefSECRET0123456789 has",
                "xai-SECRETSECRETSECRET",
                "hf_SECRETSECRETSECRETSECRET is expired",
                "mmg_live_SECRETSECRET",
                "r8_SECRETSECRETSECRETSECRET"
            })
    void secrets_never_pass(String message) {
        for (int status : new int[] {400, 401, 429, 500}) {
            UpstreamException e = error(status, "{\"error\":{\"message\":\"" + message + "\"}}");
            assertThat(e.getMessage()).doesNotContain("SECRET", "abcDEF", "wxyz");
        }
    }

    @Test
    void ordinary_words_pass() {
        String words = "This model's maximum context length is 128000 tokens. However, you requested 130001 tokens"
                + " (130000 in the messages, 1 in the completion) for meta-llama/llama-3.3-70b-instruct-turbo.";
        assertThat(error(400, "{\"error\":{\"message\":\"" + words + "\"}}")).hasMessage(words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE html><html><body>nginx</body></html>",
                "  <html>x</html>",
                "{\"error\":{\"message\":\"<h1>Bad gateway</h1>\"}}",
                "error: <title>x</title>"
            })
    void html_never_passes(String body) {
        assertThat(error(400, body)).hasMessage("The upstream refused the request (400).");
        assertThat(error(502, body)).hasMessage("answered 502");
    }

    @Test
    void messages_are_short_and_on_one_line() {
        UpstreamException e =
                error(400, "{\"error\":{\"message\":\"a\\nb\\u0000c\\r\\n " + "word ".repeat(10_000) + "\"}}");
        assertThat(e.getMessage()).startsWith("a b c word").hasSizeLessThan(510);
    }

    @Test
    void a_monstrous_body_does_no_harm() {
        for (String monster : new String[] {
            "a".repeat(65_536),
            "a*".repeat(30_000),
            "{".repeat(60_000),
            "key=".repeat(15_000),
            "\u0000".repeat(60_000),
            "A1".repeat(30_000),
            "org-".repeat(15_000)
        }) {
            assertThat(error(500, monster).getMessage()).hasSizeLessThan(600);
        }
    }

    @Test
    void text_that_is_no_json_is_taken_as_words() {
        assertThat(error(400, "no such thing")).hasMessage("no such thing");
        assertThat(error(500, "upstream connect error")).hasMessage("answered 500: upstream connect error");
    }

    @Test
    void model_that_loads_tells_how_long() {
        assertThat(error(503, "{\"error\":\"loading\",\"estimated_time\":20.5}").retryAfter())
                .isEqualTo(Duration.ofMillis(20_500));
        assertThat(error(503, "{\"error\":\"loading\",\"estimated_time\":\"soon\"}")
                        .retryAfter())
                .isNull();
    }

    @Test
    void error_that_is_a_list_of_words_is_the_first_of_them() {
        assertThat(error(400, "{\"error\":[\"'inputs' is missing\",\"more\"]}")).hasMessage("'inputs' is missing");
    }
}
