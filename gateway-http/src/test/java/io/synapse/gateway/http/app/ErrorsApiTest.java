package io.synapse.gateway.http.app;

import static io.synapse.gateway.http.app.ApiClient.completion;
import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.billing.Account;
import io.synapse.gateway.billing.IssuedKey;
import io.synapse.gateway.billing.KeyRequest;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.http.app.ApiClient.Reply;
import io.synapse.gateway.identity.ApiKey;
import io.synapse.gateway.testkit.fake.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What callers are told when they, their keys or their credits are at fault. */
class ErrorsApiTest {
    @RegisterExtension
    static final SharedServer SERVER = new SharedServer();

    private static void assertEnvelope(Reply reply, int status, String type, String code, String param) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        assertThat(reply.header("Content-Type")).startsWith("application/json");
        assertThat(reply.header("X-Request-Id")).isNotEmpty();
        assertThat(reply.header("x-should-retry")).isIn("true", "false");
        assertThat(reply.error().path("type").asText()).isEqualTo(type);
        assertThat(reply.error().path("code").asText()).isEqualTo(code);
        assertThat(reply.error().path("message").asText()).isNotEmpty();
        assertThat(reply.error().has("param")).isTrue();
        assertThat(reply.error().path("param").asText(null)).isEqualTo(param);
        assertThat(reply.error().path("request_id").asText()).isEqualTo(reply.header("X-Request-Id"));
        assertThat(reply.header("X-Credits-Charged")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "mmg_live_unknownunknownunknownunknown1",
                "mmg_live_' OR 1=1 --",
                "sk-proj-1234567890"
            })
    void a_missing_malformed_or_unknown_key_is_unauthorized(String key) throws Exception {
        Reply reply = new ApiClient(SERVER.api(), key, "").chat("llama-3.1-8b", "");
        assertEnvelope(reply, 401, "unauthorized", "UNAUTHORIZED", null);
        assertThat(reply.header("WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(reply.header("RateLimit-Limit")).isNull();
        if (!key.isEmpty()) {
            assertThat(reply.text()).doesNotContain(key);
        }
    }

    @Test
    void a_key_must_come_as_a_bearer_token() throws Exception {
        ApiClient client = SERVER.testClient();
        Reply reply = client.withKey("")
                .send(client.withKey("")
                        .request("/models")
                        .header("Authorization", "Basic " + client.key())
                        .GET());
        assertEnvelope(reply, 401, "unauthorized", "UNAUTHORIZED", null);
    }

    @Test
    void a_revoked_or_expired_key_is_unauthorized() throws Exception {
        Account account = SERVER.newAccount("10");
        IssuedKey key = SERVER.keys().create(account.id(), KeyRequest.live("doomed"));
        ApiClient client = new ApiClient(SERVER.api(), key.secret(), account.wallet());
        assertThat(client.get("/models").status()).isEqualTo(200);
        SERVER.keys().revoke(account.id(), key.key().id());
        assertEnvelope(client.chat("llama-3.1-8b", ""), 401, "unauthorized", "UNAUTHORIZED", null);
        IssuedKey old = SERVER.keys()
                .create(
                        account.id(),
                        new KeyRequest("old", null, false, Instant.now().minusSeconds(1), 0));
        assertEnvelope(client.withKey(old.secret()).get("/models"), 401, "unauthorized", "UNAUTHORIZED", null);
        assertThat(SERVER.upstream().requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                                                             |",
                "not json                                                     |",
                "[]                                                           |",
                "null                                                         |",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]} trailing |",
                "{\"messages\":[],\"messages\":[]}                            |",
                "{}                                                           | messages",
                "{\"messages\":[]}                                            | messages",
                "{\"messages\":\"hi\"}                                        | messages",
                "{\"model\":7,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]} | model",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"temperature\":2.5} | temperature",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"temperature\":1e400} | temperature",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"max_tokens\":32001} | max_tokens",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"n\":18446744073709551615} | n",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stream\":\"true\"} | stream",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"logit_bias\":{\"50256\":101}} |"
                        + " logit_bias.50256",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"providerOptions\":{\"openai\":5}} |"
                        + " providerOptions.openai",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":{}}]}]} |"
                        + " messages[0].content[0].file.file_data",
            })
    void a_body_that_breaks_the_rules_is_refused_and_the_field_is_named(String body, String param) throws Exception {
        Reply reply = SERVER.clientWith("10").post("/chat/completions", body == null ? "" : body);
        assertEnvelope(reply, 400, "invalid_request", "BAD_REQUEST", param);
        assertThat(reply.header("RateLimit-Remaining")).isEqualTo("59");
        assertThat(SERVER.upstream().requests()).isEmpty();
    }

    @Test
    void json_that_is_too_deep_is_refused() throws Exception {
        String deep = "{\"messages\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}";
        assertEnvelope(
                SERVER.clientWith("10").post("/chat/completions", deep), 400, "invalid_request", "BAD_REQUEST", null);
    }

    @Test
    void a_body_in_another_encoding_than_utf_8_is_refused() throws Exception {
        ApiClient client = SERVER.clientWith("10");
        String body = ApiClient.body("llama-3.1-8b", "");
        for (Charset charset :
                List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16, Charset.forName("UTF-32BE"))) {
            assertEnvelope(
                    client.send(client.request("/chat/completions")
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(body, charset))),
                    400,
                    "invalid_request",
                    "BAD_REQUEST",
                    null);
        }
        assertThat(SERVER.upstream().requests()).isEmpty();
    }

    @Test
    void a_byte_order_mark_of_utf_8_is_no_fault() throws Exception {
        SERVER.upstream().answer(Answer.json(200, completion("Hi", 1, 1)));
        assertThat(SERVER.clientWith("10")
                        .post("/chat/completions", "\ufeff" + ApiClient.body("llama-3.1-8b", ""))
                        .status())
                .isEqualTo(200);
        assertEnvelope(
                SERVER.clientWith("10").post("/chat/completions", "\ufeff"),
                400,
                "invalid_request",
                "BAD_REQUEST",
                null);
    }

    @Test
    void a_body_that_is_too_large_is_refused() throws Exception {
        String large = "x".repeat(25 * 1024 * 1024 + 1);
        assertEnvelope(
                SERVER.clientWith("10").post("/chat/completions", large),
                413,
                "payload_too_large",
                "PAYLOAD_TOO_LARGE",
                null);
    }

    @Test
    void another_content_type_or_an_encoding_is_refused() throws Exception {
        ApiClient client = SERVER.clientWith("10");
        String body = ApiClient.body("llama-3.1-8b", "");
        for (String type :
                List.of("text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded")) {
            assertEnvelope(
                    client.send(client.request("/chat/completions")
                            .header("Content-Type", type)
                            .POST(BodyPublishers.ofString(body))),
                    415,
                    "unsupported_media_type",
                    "UNSUPPORTED_MEDIA_TYPE",
                    null);
        }
        assertEnvelope(
                client.send(client.request("/chat/completions")
                        .header("Content-Type", "application/json")
                        .header("Content-Encoding", "gzip")
                        .POST(BodyPublishers.ofString(body))),
                415,
                "unsupported_media_type",
                "UNSUPPORTED_MEDIA_TYPE",
                null);
    }

    @Test
    void a_model_that_is_unknown_of_another_kind_or_not_configured_is_told() throws Exception {
        ApiClient client = SERVER.clientWith("10");
        assertEnvelope(client.chat("no-such-model", ""), 404, "model_not_found", "MODEL_NOT_FOUND", "model");
        assertEnvelope(client.chat("llama-3.1-8b:error-500", ""), 404, "model_not_found", "MODEL_NOT_FOUND", "model");
        assertEnvelope(client.chat("test/vision", ""), 400, "modality_mismatch", "MODALITY_MISMATCH", "model");
        assertEnvelope(
                client.chat("test/nobody", ""), 503, "provider_not_configured", "PROVIDER_NOT_CONFIGURED", "model");
        assertEnvelope(client.get("/models/no-such-model"), 404, "model_not_found", "MODEL_NOT_FOUND", "model");
    }

    @Test
    void a_projects_allowlist_holds() throws Exception {
        Account account = SERVER.newAccount("10");
        String project = SERVER.projects()
                .create(account.id(), "narrow", null, Set.of("llama-3.1-8b", "test/vision"))
                .id();
        IssuedKey key = SERVER.keys().create(account.id(), new KeyRequest("narrow", project, false, null, 0));
        ApiClient client = new ApiClient(SERVER.api(), key.secret(), account.wallet());
        assertThat(key.secret()).startsWith("mg_live_");
        assertEnvelope(
                client.chat(SharedServer.FLAT_MODEL, ""), 403, "model_not_allowed", "MODEL_NOT_ALLOWED", "model");
        assertEnvelope(client.chat("test/vision", ""), 403, "model_not_allowed", "MODEL_NOT_ALLOWED", "model");
        SERVER.upstream().answer(Answer.json(200, completion("Hi", 1, 1)));
        assertThat(client.chat("llama-3.1-8b", "").status()).isEqualTo(200);
        assertThat(client.get("/models").json().path("data")).hasSize(2);
    }

    @Test
    void no_credits_is_402_and_the_sdk_is_told_not_to_retry() throws Exception {
        Reply reply = SERVER.clientWith("0").chat(SharedServer.FLAT_MODEL, "");
        assertEnvelope(reply, 402, "insufficient_credits", "INSUFFICIENT_CREDITS", null);
        assertThat(reply.header("x-should-retry")).isEqualTo("false");
        assertThat(SERVER.upstream().requests()).isEmpty();
    }

    @Test
    void the_61st_request_within_a_minute_is_refused() throws Exception {
        ApiClient client = SERVER.clientWith("10");
        for (int i = 0; i < 60; i++) {
            Reply reply = client.get("/models/llama-3.1-8b");
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.header("RateLimit-Limit")).isEqualTo("60");
            assertThat(reply.header("RateLimit-Remaining")).isEqualTo(Integer.toString(59 - i));
        }
        Reply refused = client.chat("no-such-model", "");
        assertEnvelope(refused, 429, "rate_limited", "RATE_LIMITED", null);
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 60);
        assertThat(refused.header("RateLimit-Remaining")).isEqualTo("0");
        assertThat(refused.header("x-ratelimit-remaining-requests")).isEqualTo("0");
        assertThat(refused.header("x-ratelimit-reset-requests")).endsWith("s");
        assertThat(refused.header("x-should-retry")).isEqualTo("true");
    }

    @Test
    void a_keys_own_rate_limit_overrides_the_default() throws Exception {
        Account account = SERVER.newAccount("10");
        String key = SERVER.keys()
                .create(account.id(), new KeyRequest("slow", null, false, null, 2))
                .secret();
        ApiClient client = new ApiClient(SERVER.api(), key, account.wallet());
        assertThat(client.get("/models").status()).isEqualTo(200);
        assertThat(client.get("/models").status()).isEqualTo(200);
        assertThat(client.get("/models").status()).isEqualTo(429);
    }

    @Test
    void faults_are_told_in_the_order_of_the_contract() throws Exception {
        ApiClient poor = SERVER.clientWith("0");
        // Body before model, model before provider, provider before credits.
        assertThat(poor.chat("no-such-model", "\"temperature\":9").status()).isEqualTo(400);
        assertThat(poor.chat("no-such-model", "").status()).isEqualTo(404);
        assertThat(poor.chat("test/nobody", "").status()).isEqualTo(503);
        assertThat(poor.chat(SharedServer.FLAT_MODEL, "").status()).isEqualTo(402);
        assertThat(poor.withKey(ApiKey.generate(false, true))
                        .chat("no-such-model", "\"n\":0")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void unknown_routes_and_wrong_methods_are_told() throws Exception {
        ApiClient client = SERVER.clientWith("10");
        assertEnvelope(client.get("/nothing/here"), 404, "not_found", "NOT_FOUND", null);
        Reply reply = client.get("/chat/completions");
        assertEnvelope(reply, 405, "method_not_allowed", "METHOD_NOT_ALLOWED", null);
        assertThat(reply.header("Allow")).isEqualTo("POST");
        assertThat(reply.header("RateLimit-Limit")).isEqualTo("60");
        assertEnvelope(client.withKey("").get("/chat/completions"), 401, "unauthorized", "UNAUTHORIZED", null);
        assertEnvelope(client.withKey("").get("/nothing"), 401, "unauthorized", "UNAUTHORIZED", null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "OPTIONS", "TRACE", "PUT", "PATCH", "DELETE"})
    void every_method_that_is_not_served_is_told_so(String method) throws Exception {
        ApiClient client = SERVER.clientWith("10");
        Reply reply = client.send(client.request("/chat/completions").method(method, BodyPublishers.noBody()));
        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.header("Allow")).isEqualTo("POST");
        assertThat(reply.header("X-Request-Id")).isNotEmpty();
        assertThat(reply.header("x-should-retry")).isEqualTo("false");
        ApiClient nobody = client.withKey("");
        assertThat(nobody.send(nobody.request("/chat/completions").method(method, BodyPublishers.noBody()))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void head_is_get_without_the_body_and_needs_a_key_as_it_does() throws Exception {
        ApiClient client = SERVER.clientWith("10");
        Reply reply = client.send(client.request("/models").method("HEAD", BodyPublishers.noBody()));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).isEmpty();
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(reply.header("RateLimit-Remaining")).isEqualTo("59");
        ApiClient nobody = client.withKey("");
        assertThat(nobody.send(nobody.request("/models").method("HEAD", BodyPublishers.noBody()))
                        .status())
                .isEqualTo(401);
        assertThat(nobody.get("").status()).as("the API's root").isEqualTo(401);
    }

    @Test
    void a_request_id_is_taken_over_only_when_it_is_harmless() throws Exception {
        ApiClient client = SERVER.clientWith("10");
        assertThat(client.send(client.request("/models")
                                .header("X-Request-Id", "abc-123")
                                .GET())
                        .header("X-Request-Id"))
                .isEqualTo("abc-123");
        for (String bad : List.of("a b", "x".repeat(129))) {
            assertThat(client.send(client.request("/models")
                                    .header("X-Request-Id", bad)
                                    .GET())
                            .header("X-Request-Id"))
                    .startsWith("req_");
        }
    }

    @Test
    void a_failed_request_costs_nothing() throws Exception {
        ApiClient client = SERVER.clientWith("10");
        client.chat("no-such-model", "");
        client.chat(SharedServer.FLAT_MODEL, "\"n\":0");
        assertThat(SERVER.ledger().available(client.wallet())).isEqualTo(Credits.of(10));
    }
}
