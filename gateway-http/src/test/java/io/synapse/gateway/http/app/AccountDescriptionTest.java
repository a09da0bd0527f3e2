package io.synapse.gateway.http.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.synapse.gateway.http.app.ApiClient.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the OpenAPI description says of the account API: that it is all there, and that the server does as it says. */
class AccountDescriptionTest {
    @RegisterExtension
    static final SharedServer SERVER = new SharedServer();

    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private static final Set<String> METHODS = Set.of("get", "post", "patch", "delete", "put");

    private static JsonNode description() throws Exception {
        return new ApiClient(SERVER.api(), "", "").get("/openapi.json").json();
    }

    private static boolean isAccounts(String path) {
        return path.startsWith("/api/account/") || path.startsWith("/api/admin/");
    }

    private static JsonNode operation(JsonNode description, String method, String path) {
        return description.path("paths").path(path).path(method.toLowerCase(Locale.ROOT));
    }

    @Test
    void describes_every_route_and_no_other() throws Exception {
        Set<String> described = new TreeSet<>();
        for (Map.Entry<String, JsonNode> path : description().path("paths").properties()) {
            for (Map.Entry<String, JsonNode> member : path.getValue().properties()) {
                if (METHODS.contains(member.getKey())) {
                    String full = isAccounts(path.getKey()) ? path.getKey() : "/api/v1" + path.getKey();
                    described.add(member.getKey().toUpperCase(Locale.ROOT) + " " + full);
                }
            }
        }
        AccountClient operator = AccountClient.operator(SERVER);
        Set<String> served = new TreeSet<>();
        for (String path : SERVER.paths()) {
            if (isAccounts(path) || path.startsWith("/api/v1/")) {
                // Nothing is put anywhere, so that this tells which methods there are.
                String allowed = operator.send("PUT", path.replaceAll("\\{\\w+}", "x"), "")
                        .header("Allow");
                for (String method : allowed.split(", ", -1)) {
                    served.add(method + " " + path);
                }
            }
        }
        assertThat(described).isEqualTo(served);
    }

    /** Asks, and holds the answer against its schema. */
    private static JsonNode ask(AccountClient by, String method, String pattern, String id, String query, String body)
            throws Exception {
        Reply reply = by.send(method, pattern.replace("{id}", id) + query, body);
        JsonNode description = description();
        JsonNode answer =
                operation(description, method, pattern).path("responses").path(Integer.toString(reply.status()));
        assertThat(answer.isMissingNode())
                .as(method + " " + pattern + ": " + reply.status() + reply.text())
                .isFalse();
        assertThat(reply.status()).as(method + " " + pattern + reply.text()).isLessThan(300);
        if (reply.status() == 204) {
            return answer;
        }
        ObjectNode schema = answer.at("/content/application~1json/schema").deepCopy();
        schema.set("components", description.path("components"));
        assertThat(SCHEMAS.getSchema(schema.toString()).validate(reply.text(), InputFormat.JSON))
                .as(method + " " + pattern + query + ": " + reply.text())
                .isEmpty();
        return reply.json();
    }

    @Test
    void every_answer_is_as_described() throws Exception {
        AccountClient op = AccountClient.operator(SERVER);
        String account = "/api/account";
        String admin = "/api/admin";
        ask(
                AccountClient.nobody(SERVER),
                "POST",
                account + "/signup",
                "",
                "",
                AccountClient.credentials(AccountClient.newEmail()));
        String email = ask(op, "GET", account + "/me", "", "", "").path("email").asText();
        ask(AccountClient.nobody(SERVER), "POST", account + "/login", "", "", AccountClient.credentials(email));
        String code = ask(op, "POST", admin + "/codes", "", "", "{\"credits\":\"5\"}")
                .path("code")
                .asText();
        ask(
                op,
                "POST",
                admin + "/codes",
                "",
                "",
                "{\"credits\":\"5\",\"count\":2,\"expires_at\":\"2099-01-01T00:00:00Z\"}");
        ask(op, "POST", account + "/redeem", "", "", "{\"code\":\"" + code + "\"}");
        ask(op, "POST", admin + "/accounts/{id}/credits", op.id(), "", "{\"amount\":\"7\",\"reason\":\"r\"}");
        String project = ask(
                        op,
                        "POST",
                        account + "/projects",
                        "",
                        "",
                        "{\"name\":\"p\",\"spend_cap\":\"5\",\"cap_period\":\"month\",\"allowed_models\":[\"sandbox/chat\"]}")
                .path("id")
                .asText();
        ask(op, "PATCH", account + "/projects/{id}", project, "", "{\"name\":\"q\",\"spend_cap\":null}");
        JsonNode key = ask(
                op,
                "POST",
                account + "/keys",
                "",
                "",
                "{\"name\":\"k\",\"project_id\":\"" + project
                        + "\",\"expires_at\":\"2099-01-01T00:00:00Z\",\"requests_per_minute\":9}");
        ApiClient api = new ApiClient(SERVER.api(), key.path("key").asText(), "");
        String request = api.chat("sandbox/chat", "").header("X-Request-Id");
        ask(op, "GET", account + "/usage/{id}", request, "", "");
        for (String query : List.of("", "?group=day", "?group=model", "?group=key", "?group=project&limit=1")) {
            assertThat(ask(op, "GET", account + "/usage", "", query, "").path("data"))
                    .as(query)
                    .isNotEmpty();
        }
        assertThat(ask(op, "GET", account + "/ledger", "", "?limit=2", "").path("data"))
                .hasSize(2);
        ask(op, "GET", account + "/keys", "", "", "");
        ask(op, "GET", account + "/projects", "", "", "");
        ask(op, "POST", account + "/test-credits", "", "", "");
        ask(op, "DELETE", account + "/keys/{id}", key.path("id").asText(), "", "");
        ask(op, "DELETE", account + "/projects/{id}", project, "", "");
        ask(op, "GET", account + "/keys", "", "", "");
        ask(op, "GET", admin + "/accounts", "", "?limit=3", "");
        ask(op, "GET", admin + "/models", "", "", "");
        ask(op, "PATCH", admin + "/models", "", "", "{\"id\":\"test/flat\",\"enabled\":true}");
        ask(op, "GET", admin + "/providers", "", "", "");
        assertThat(ask(op, "GET", admin + "/audit", "", "", "").path("data")).isNotEmpty();
        ask(op, "POST", account + "/logout", "", "", "");
    }

    /** What is required is missed, and each bound is the server's: what is beyond it is refused, and the field named. */
    @Test
    void bodies_that_the_description_forbids_are_refused() throws Exception {
        AccountClient op = AccountClient.operator(SERVER);
        String project = op.post("/api/account/projects", "{\"name\":\"p\"}")
                .json()
                .path("id")
                .asText();
        List<String> checked = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : description().path("paths").properties()) {
            for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
                JsonNode schema = method.getValue().at("/requestBody/content/application~1json/schema");
                if (isAccounts(path.getKey()) && !schema.isMissingNode()) {
                    String at = path.getKey().replace("{id}", path.getKey().contains("projects") ? project : op.id());
                    for (Map.Entry<String, JsonNode> field :
                            schema.path("properties").properties()) {
                        for (String value : beyond(field.getValue())) {
                            ObjectNode body = good(schema);
                            body.set(field.getKey(), ApiClient.JSON.readTree(value));
                            isRefused(
                                    op.send(method.getKey().toUpperCase(Locale.ROOT), at, body.toString()),
                                    field.getKey());
                            checked.add(at + field.getKey());
                        }
                    }
                    for (JsonNode required : schema.path("required")) {
                        ObjectNode body = good(schema);
                        body.remove(required.asText());
                        isRefused(
                                op.send(method.getKey().toUpperCase(Locale.ROOT), at, body.toString()),
                                required.asText());
                        checked.add(at + required.asText());
                    }
                }
            }
        }
        assertThat(checked).hasSizeGreaterThan(40);
    }

    /** A body that is good but for the one field that a test puts into it. */
    private static ObjectNode good(JsonNode schema) {
        ObjectNode body = ApiClient.JSON.createObjectNode();
        for (JsonNode name : schema.path("required")) {
            switch (name.asText()) {
                case "email" -> body.put("email", AccountClient.newEmail());
                case "password" -> body.put("password", AccountClient.PASSWORD);
                case "amount", "credits" -> body.put(name.asText(), "1");
                case "enabled" -> body.put("enabled", true);
                case "id" -> body.put("id", "test/flat");
                default -> body.put(name.asText(), "x");
            }
        }
        return body;
    }

    /** Values, as JSON, that a field of this schema must not have. */
    private static List<String> beyond(JsonNode field) {
        List<String> values = new ArrayList<>();
        String types = field.path("type").toString();
        if (!types.contains("object")) {
            values.add("{}");
        }
        if (field.has("maxLength")) {
            values.add("\"" + "x".repeat(field.path("maxLength").asInt() + 1) + "\"");
        }
        if (field.has("enum")) {
            values.add("\"no such word\"");
        }
        if (field.has("minimum")) {
            values.add(Integer.toString(field.path("minimum").asInt() - 1));
            values.add(Integer.toString(field.path("maximum").asInt() + 1));
        }
        if (field.path("format").asText().equals("date-time")) {
            values.add("\"yesterday\"");
            values.add("\"2001-01-01T00:00:00Z\"");
        }
        return values;
    }

    private static void isRefused(Reply reply, String field) {
        assertThat(reply.status()).as(field + ": " + reply.text()).isEqualTo(400);
        assertThat(reply.error().path("param").asText()).isEqualTo(field);
    }
}
