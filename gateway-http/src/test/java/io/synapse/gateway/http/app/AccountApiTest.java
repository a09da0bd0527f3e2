package io.synapse.gateway.http.app;

import static io.synapse.gateway.http.app.ApiClient.completion;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.synapse.gateway.http.app.ApiClient.Reply;
import io.synapse.gateway.testkit.fake.Answer;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people do with their accounts, from signing up to reading what it cost. */
class AccountApiTest {
    @RegisterExtension
    static final SharedServer SERVER = new SharedServer();

    @Test
    void from_signing_up_to_a_revoked_key() throws Exception {
        AccountClient ada = AccountClient.signedUp(SERVER);
        JsonNode me = ada.get("/api/account/me").json();
        assertThat(me.path("id").asText()).isEqualTo(ada.id());
        assertThat(me.path("role").asText()).isEqualTo("user");
        assertThat(me.path("credits").asText()).isEqualTo("1000");
        assertThat(me.path("test_credits").asText()).isEqualTo("1000000");
        assertThat(me.path("csrf_token").asText()).isEqualTo(ada.csrf());

        Reply created = ada.post("/api/account/keys", "{\"name\":\"laptop\"}");
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        String secret = created.json().path("key").asText();
        String id = created.json().path("id").asText();
        assertThat(secret).startsWith("mmg_live_");
        JsonNode listed = ada.get("/api/account/keys").json();
        assertThat(listed.path("next").isNull()).isTrue();
        assertThat(listed.at("/data/0/prefix").asText()).isEqualTo("mmg_live_");
        assertThat(secret).endsWith(listed.at("/data/0/last4").asText());
        assertThat(listed.toString()).doesNotContain(secret);

        ApiClient api = new ApiClient(SERVER.api(), secret, "");
        Reply answer = api.chat("sandbox/chat", "");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        JsonNode used = ada.get("/api/account/usage").json().at("/data/0");
        assertThat(used.path("request_id").asText()).isEqualTo(answer.header("X-Request-Id"));
        assertThat(used.path("charged").asText()).isEqualTo(answer.header("X-Credits-Charged"));
        assertThat(used.path("key").asText()).isEqualTo(id);
        assertThat(used.path("key_name").asText()).isEqualTo("laptop");
        assertThat(used.path("model").asText()).isEqualTo("sandbox/chat");
        assertThat(used.path("state").asText()).isEqualTo("settled");
        assertThat(used.path("test").asBoolean()).isFalse();
        assertThat(used.path("lines")).isNotEmpty();
        BigDecimal lines = BigDecimal.ZERO;
        for (JsonNode line : used.path("lines")) {
            lines = lines.add(new BigDecimal(line.path("amount").asText()));
        }
        assertThat(lines).isEqualByComparingTo(used.path("charged").asText());

        assertThat(ada.delete("/api/account/keys/" + id).status()).isEqualTo(204);
        assertThat(ada.delete("/api/account/keys/" + id).status()).isEqualTo(204);
        assertThat(api.chat("sandbox/chat", "").status()).isEqualTo(401);
        assertThat(ada.get("/api/account/keys").json().at("/data/0/revoked_at").asText())
                .isNotEqualTo("null");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                                    | email",
                "{\"email\":7,\"password\":\"0123456789\"}                             | email",
                "{\"email\":\"nobody\",\"password\":\"0123456789\"}                    | email",
                "{\"email\":\"a b@example.test\",\"password\":\"0123456789\"}          | email",
                "{\"email\":\"a\\u0000@example.test\",\"password\":\"0123456789\"}     | email",
                "{\"email\":\"a@example.test\"}                                        | password",
                "{\"email\":\"a@example.test\",\"password\":\"012345678\"}             | password",
                "{\"email\":\"a@example.test\",\"password\":\"A@Example.test\"}        | password",
                "{\"email\":\"a@example.test\",\"password\":\"0123456789\",\"name\":1} | name",
            })
    void a_sign_up_that_cannot_be_is_refused_and_the_field_is_named(String body, String param) throws Exception {
        Reply reply = AccountClient.nobody(SERVER).post("/api/account/signup", body);
        assertThat(reply.status()).as(reply.text()).isEqualTo(400);
        assertThat(reply.error().path("type").asText()).isEqualTo("invalid_request");
        assertThat(reply.error().path("param").asText()).isEqualTo(param);
        assertThat(reply.header("Set-Cookie")).isNull();
    }

    @Test
    void an_email_address_signs_up_once_and_in_again() throws Exception {
        AccountClient nobody = AccountClient.nobody(SERVER);
        String email = AccountClient.newEmail();
        Reply first = nobody.post("/api/account/signup", AccountClient.credentials(email));
        assertThat(first.status()).isEqualTo(201);
        Reply taken =
                nobody.post("/api/account/signup", AccountClient.credentials(email.toUpperCase(java.util.Locale.ROOT)));
        assertThat(taken.status()).isEqualTo(409);
        assertThat(taken.error().path("type").asText()).isEqualTo("email_taken");
        assertThat(taken.error().path("code").asText()).isEqualTo("EMAIL_TAKEN");
        assertThat(taken.error().path("param").asText()).isEqualTo("email");
        assertThat(taken.header("Set-Cookie")).isNull();
        Reply login = nobody.post("/api/account/login", AccountClient.credentials(email));
        assertThat(login.status()).isEqualTo(200);
        assertThat(login.json().path("id").asText())
                .isEqualTo(first.json().path("id").asText());
    }

    @Test
    void projects_hold_their_keys_to_caps_and_allowlists() throws Exception {
        AccountClient ada = AccountClient.signedUp(SERVER);
        SERVER.upstream().answerAll(request -> Answer.json(200, completion("Hi", 1, 1)));
        Reply made = ada.post(
                "/api/account/projects", "{\"name\":\"small\",\"spend_cap\":\"1.5\",\"cap_period\":\"month\"}");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        JsonNode project = made.json();
        assertThat(project.path("spend_cap").asText()).isEqualTo("1.5");
        assertThat(project.path("cap_period").asText()).isEqualTo("month");
        String id = project.path("id").asText();
        ApiClient api = ada.apiClient(SERVER, "{\"name\":\"k\",\"project_id\":\"" + id + "\"}");
        assertThat(api.key()).startsWith("mg_live_");

        assertThat(api.chat(SharedServer.FLAT_MODEL, "").status()).isEqualTo(200);
        Reply capped = api.chat(SharedServer.FLAT_MODEL, "");
        assertThat(capped.status()).isEqualTo(402);
        assertThat(capped.error().path("type").asText()).isEqualTo("budget_exceeded");

        Reply changed = ada.send(
                "PATCH",
                "/api/account/projects/" + id,
                "{\"spend_cap\":null,\"allowed_models\":[\"" + SharedServer.TOKEN_MODEL + "\"]}");
        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
        assertThat(changed.json().path("name").asText()).isEqualTo("small");
        assertThat(changed.json().path("cap_period").isNull()).isTrue();
        Reply narrow = api.chat(SharedServer.FLAT_MODEL, "");
        assertThat(narrow.status()).isEqualTo(403);
        assertThat(narrow.error().path("type").asText()).isEqualTo("model_not_allowed");

        ada.send("PATCH", "/api/account/projects/" + id, "{\"allowed_models\":null}");
        assertThat(api.chat(SharedServer.FLAT_MODEL, "").status()).isEqualTo(200);
        assertThat(ada.delete("/api/account/projects/" + id).status()).isEqualTo(204);
        assertThat(api.chat(SharedServer.FLAT_MODEL, "").status()).isEqualTo(401);
        assertThat(ada.get("/api/account/projects").json().path("data")).hasSize(1);
        JsonNode total = ada.get("/api/account/usage?group=project").json().at("/data/0");
        assertThat(total.path("project").asText()).isEqualTo(id);
        assertThat(total.path("charged").asText()).isEqualTo("2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"name\":\" \"}                                           | name",
                "{\"name\":\"p\",\"spend_cap\":\"-1\"}                      | spend_cap",
                "{\"name\":\"p\",\"spend_cap\":-0.5}                        | spend_cap",
                "{\"name\":\"p\",\"spend_cap\":\"0.0000001\"}               | spend_cap",
                "{\"name\":\"p\",\"spend_cap\":true}                        | spend_cap",
                "{\"name\":\"p\",\"spend_cap\":1,\"cap_period\":\"year\"}   | cap_period",
                "{\"name\":\"p\",\"cap_period\":\"month\"}                  | cap_period",
                "{\"name\":\"p\",\"allowed_models\":\"all\"}                | allowed_models",
                "{\"name\":\"p\",\"allowed_models\":[\"no-such-model\"]}    | allowed_models",
            })
    void a_project_that_cannot_be_is_refused(String body, String param) throws Exception {
        AccountClient ada = AccountClient.signedUp(SERVER);
        Reply reply = ada.post("/api/account/projects", body);
        assertThat(reply.status()).as(reply.text()).isEqualTo(400);
        assertThat(reply.error().path("param").asText()).isEqualTo(param);
        assertThat(ada.get("/api/account/projects").json().path("data")).hasSize(1);
    }

    @Test
    void the_default_project_stays_as_it_is() throws Exception {
        AccountClient ada = AccountClient.signedUp(SERVER);
        JsonNode project = ada.get("/api/account/projects").json().at("/data/0");
        assertThat(project.path("default").asBoolean()).isTrue();
        String path = "/api/account/projects/" + project.path("id").asText();
        assertThat(ada.delete(path).status()).isEqualTo(409);
        assertThat(ada.send("PATCH", path, "{\"spend_cap\":\"5\"}").status()).isEqualTo(400);
        assertThat(ada.send("PATCH", path, "{\"allowed_models\":[]}").status()).isEqualTo(400);
        assertThat(ada.get("/api/account/projects").json().at("/data/0")).isEqualTo(project);
        assertThat(ada.send("PATCH", path, "{\"name\":\"Main\"}").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                            | name",
                "{\"name\":\"k\",\"requests_per_minute\":0}                    | requests_per_minute",
                "{\"name\":\"k\",\"test\":\"yes\"}                             | test",
                "{\"name\":\"k\",\"expires_at\":\"tomorrow\"}                  | expires_at",
                "{\"name\":\"k\",\"expires_at\":\"2001-01-01T00:00:00Z\"}      | expires_at",
            })
    void a_key_that_cannot_be_is_refused(String body, String param) throws Exception {
        AccountClient ada = AccountClient.signedUp(SERVER);
        Reply reply = ada.post("/api/account/keys", body);
        assertThat(reply.status()).as(reply.text()).isEqualTo(400);
        assertThat(reply.error().path("param").asText()).isEqualTo(param);
        assertThat(ada.get("/api/account/keys").json().path("data")).isEmpty();
    }

    @Test
    void a_test_key_spends_test_credits_which_are_refilled_at_will() throws Exception {
        AccountClient ada = AccountClient.signedUp(SERVER);
        String later = Instant.now().plusSeconds(3600).toString();
        ApiClient api = ada.apiClient(
                SERVER, "{\"name\":\"t\",\"test\":true,\"requests_per_minute\":7,\"expires_at\":\"" + later + "\"}");
        assertThat(api.key()).startsWith("mmg_test_");
        Reply answer = api.chat("llama-3.1-8b", "");
        assertThat(answer.header("RateLimit-Limit")).isEqualTo("7");
        JsonNode me = ada.get("/api/account/me").json();
        assertThat(me.path("credits").asText()).isEqualTo("1000");
        assertThat(me.path("test_credits").asText()).isEqualTo(answer.header("X-Credits-Remaining"));
        assertThat(ada.get("/api/account/usage").json().at("/data/0/test").asBoolean())
                .isTrue();

        Reply refilled = ada.post("/api/account/test-credits", "");
        assertThat(refilled.status()).isEqualTo(200);
        assertThat(refilled.json().path("test_credits").asText()).isEqualTo("1000000");
    }

    @Test
    void a_code_is_redeemed_once_however_often_it_is_brought() throws Exception {
        AccountClient operator = AccountClient.operator(SERVER);
        String code = operator.post("/api/admin/codes", "{\"credits\":\"500\"}")
                .json()
                .path("code")
                .asText();
        AccountClient ada = AccountClient.signedUp(SERVER);
        List<Callable<Integer>> callers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            callers.add(() -> ada.post("/api/account/redeem", "{\"code\":\"" + code + "\"}")
                    .status());
        }
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> status : threads.invokeAll(callers)) {
                statuses.add(status.get());
            }
        }
        assertThat(statuses).containsExactlyInAnyOrder(200, 409, 409, 409, 409, 409);
        assertThat(ada.get("/api/account/me").json().path("credits").asText()).isEqualTo("1500");
    }

    @Test
    void codes_that_bring_nothing_say_why() throws Exception {
        AccountClient operator = AccountClient.operator(SERVER);
        AccountClient ada = AccountClient.signedUp(SERVER);
        Reply made = operator.post(
                "/api/admin/codes",
                "{\"credits\":5,\"count\":3,\"expires_at\":\"" + Instant.now().plusSeconds(3600) + "\"}");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.json().path("codes")).hasSize(3);
        String code = made.json().at("/codes/0").asText();
        SERVER.execute("ALTER TABLE synapse.top_up_code DISABLE TRIGGER USER;"
                + " UPDATE synapse.top_up_code SET expires_at = now() WHERE expires_at IS NOT NULL;"
                + " ALTER TABLE synapse.top_up_code ENABLE TRIGGER USER");
        Reply late = ada.post("/api/account/redeem", "{\"code\":\"" + code + "\"}");
        assertThat(late.status()).isEqualTo(410);
        assertThat(late.error().path("type").asText()).isEqualTo("code_expired");
        Reply unknown = ada.post("/api/account/redeem", "{\"code\":\"SG-AAAAA\"}");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.error().path("param").asText()).isEqualTo("code");
        assertThat(ada.post("/api/account/redeem", "{\"code\":7}").status()).isEqualTo(400);
        assertThat(ada.get("/api/account/me").json().path("credits").asText()).isEqualTo("1000");
    }
}
