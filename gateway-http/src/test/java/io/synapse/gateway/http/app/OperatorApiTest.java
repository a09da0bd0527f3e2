package io.synapse.gateway.http.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.synapse.gateway.billing.Account;
import io.synapse.gateway.http.app.ApiClient.Reply;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What operators do with the whole gateway. */
class OperatorApiTest {
    @RegisterExtension
    static final SharedServer SERVER = new SharedServer();

    @Test
    void accounts_are_found_and_given_credits() throws Exception {
        AccountClient operator = AccountClient.operator(SERVER);
        Account account = SERVER.newAccount("3");
        JsonNode found = operator.get("/api/admin/accounts?email=" + account.email())
                .json()
                .path("data");
        assertThat(found).hasSize(1);
        assertThat(found.at("/0/id").asText()).isEqualTo(account.id());
        assertThat(found.at("/0/credits").asText()).isEqualTo("3");
        JsonNode page = operator.get("/api/admin/accounts?limit=1").json();
        assertThat(page.path("data")).hasSize(1);
        assertThat(page.path("next").asText()).isNotEmpty();

        String path = "/api/admin/accounts/" + account.id() + "/credits";
        Reply granted = operator.post(path, "{\"amount\":\"2.5\",\"reason\":\"for a lost call\"}");
        assertThat(granted.status()).as(granted.text()).isEqualTo(200);
        assertThat(granted.json().path("credits").asText()).isEqualTo("5.5");
        JsonNode event = operator.get("/api/admin/audit?limit=1").json().at("/data/0");
        assertThat(event.path("action").asText()).isEqualTo("credits.grant");
        assertThat(event.path("target").asText()).isEqualTo(account.id());
        assertThat(event.path("actor").asText()).isEqualTo(operator.id());
        assertThat(event.path("address").asText()).isEqualTo("127.0.0.1");
        assertThat(event.path("request_id").asText()).isEqualTo(granted.header("X-Request-Id"));
        assertThat(event.path("detail").asText()).isEqualTo("2.5: for a lost call");
        assertThat(SERVER.application().billing().auditLog().verify()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "accounts/$id/credits | {\"amount\":\"0\",\"reason\":\"x\"}     | amount",
                "accounts/$id/credits | {\"amount\":\"-1\",\"reason\":\"x\"}    | amount",
                "accounts/$id/credits | {\"amount\":\"1e12\",\"reason\":\"x\"}  | amount",
                "accounts/$id/credits | {\"amount\":\"1\"}                      | reason",
                "codes                | {\"credits\":\"0\"}                     | credits",
                "codes                | {\"credits\":\"1\",\"count\":1001}      | count",
                "codes                | {\"credits\":\"1\",\"expires_at\":\"2001-01-01T00:00:00Z\"} | expires_at",
            })
    void what_makes_no_sense_is_refused(String path, String body, String param) throws Exception {
        AccountClient operator = AccountClient.operator(SERVER);
        Reply reply = operator.post("/api/admin/" + path.replace("$id", operator.id()), body);
        assertThat(reply.status()).as(reply.text()).isEqualTo(400);
        assertThat(reply.error().path("param").asText()).isEqualTo(param);
    }

    @Test
    void a_model_that_is_switched_off_is_unknown_at_once() throws Exception {
        AccountClient operator = AccountClient.operator(SERVER);
        ApiClient client = SERVER.testClient();
        String id = "test/vision";
        assertThat(client.get("/models/" + id).status()).isEqualTo(200);
        try {
            Reply off = operator.send("PATCH", "/api/admin/models", "{\"id\":\"" + id + "\",\"enabled\":false}");
            assertThat(off.status()).as(off.text()).isEqualTo(200);
            assertThat(off.json().path("enabled").asBoolean()).isFalse();
            assertThat(client.get("/models/" + id).status()).isEqualTo(404);
            assertThat(client.get("/models").text()).doesNotContain("\"" + id + "\"");
            assertThat(model(operator, id).path("enabled").asBoolean()).isFalse();
        } finally {
            operator.send("PATCH", "/api/admin/models", "{\"id\":\"" + id + "\",\"enabled\":true}");
        }
        assertThat(client.get("/models/" + id).status()).isEqualTo(200);
        assertThat(operator.send("PATCH", "/api/admin/models", "{\"id\":\"no-such\",\"enabled\":true}")
                        .status())
                .isEqualTo(404);
        assertThat(operator.send("PATCH", "/api/admin/models", "{\"id\":\"" + id + "\"}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void a_model_that_another_node_switched_off_is_unknown_soon() throws Exception {
        ApiClient client = SERVER.testClient();
        try {
            SERVER.execute("INSERT INTO synapse.model_switch (model) VALUES ('test/nobody')");
            Await.until(
                    "it is off here too",
                    () -> !SERVER.application().billing().switches().off().isEmpty());
            assertThat(client.get("/models/test/nobody").status()).isEqualTo(404);
        } finally {
            SERVER.execute("DELETE FROM synapse.model_switch");
        }
        Await.until(
                "it is on again",
                () -> SERVER.application().billing().switches().off().isEmpty());
    }

    private static JsonNode model(AccountClient operator, String id) throws Exception {
        return StreamSupport.stream(
                        operator.get("/api/admin/models").json().path("data").spliterator(), false)
                .filter(model -> model.path("id").asText().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void providers_say_whether_they_are_configured() throws Exception {
        AccountClient operator = AccountClient.operator(SERVER);
        JsonNode providers = operator.get("/api/admin/providers").json().path("data");
        List<String> configured = StreamSupport.stream(providers.spliterator(), false)
                .filter(provider -> provider.path("configured").asBoolean())
                .map(provider -> provider.path("id").asText())
                .toList();
        assertThat(configured).containsExactlyInAnyOrder("groq", "openai", "sandbox");
        assertThat(providers).anySatisfy(provider -> {
            assertThat(provider.path("id").asText()).isEqualTo("mistral");
            assertThat(provider.path("configured").asBoolean()).isFalse();
            assertThat(provider.path("models").asInt()).isPositive();
            assertThat(provider.path("modalities").toString()).contains("\"text-generation\"");
        });
        assertThat(model(operator, "test/flat").path("configured").asBoolean()).isTrue();
    }
}
