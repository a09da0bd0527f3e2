package io.synapse.gateway.http.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.synapse.gateway.http.app.ApiClient.Reply;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The OpenAPI description: that it is one, and that the server does as it says. */
class ApiDescriptionTest {
    @RegisterExtension
    static final SharedServer SERVER = new SharedServer();

    private static JsonNode description() throws Exception {
        return new ApiClient(SERVER.api(), "", "").get("/openapi.json").json();
    }

    /** The paths of the API for keys that are posted to. */
    static List<String> posts() throws Exception {
        List<String> posts = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : description().path("paths").properties()) {
            if (path.getValue().has("post") && !path.getKey().startsWith("/api/")) {
                posts.add(path.getKey());
            }
        }
        return posts;
    }

    @Test
    void needs_no_key() throws Exception {
        Reply reply = new ApiClient(SERVER.api(), "", "").get("/openapi.json");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).startsWith("application/json");
        assertThat(reply.json().path("openapi").asText()).isEqualTo("3.1.0");
    }

    @Test
    void refers_only_to_what_it_holds() throws Exception {
        JsonNode description = description();
        List<String> refs = description.findValuesAsText("$ref");
        assertThat(refs)
                .isNotEmpty()
                .allSatisfy(ref -> assertThat(description.at(ref.substring(1)).isMissingNode())
                        .as(ref)
                        .isFalse());
        assertThat(description.findValuesAsText("operationId")).doesNotHaveDuplicates();
    }

    /** The field that is refused as missing is one that the description requires; the route is there, and takes no GET. */
    @ParameterizedTest
    @MethodSource("posts")
    void an_empty_body_lacks_what_the_description_requires(String path) throws Exception {
        ApiClient client = SERVER.testClient();
        JsonNode body = description().path("paths").path(path).at("/post/requestBody/content");
        Reply reply = client.post(path, "{}");
        if (body.has("application/json")) {
            assertThat(reply.status()).isEqualTo(400);
            assertThat(body.at("/application~1json/schema/required"))
                    .extracting(JsonNode::asText)
                    .contains(reply.error().path("param").asText());
        } else {
            assertThat(reply.status()).isEqualTo(415);
        }
        assertThat(client.get(path).status()).isEqualTo(405);
    }

    /** Each bound that is told is the server's: one below or above it is refused, and the field named. */
    @ParameterizedTest
    @ValueSource(strings = {"/chat/completions", "/images/generations", "/videos/generations", "/audio/speech"})
    void numbers_out_of_range_are_refused(String path) throws Exception {
        ApiClient client = SERVER.testClient();
        JsonNode schema =
                description().path("paths").path(path).at("/post/requestBody/content/application~1json/schema");
        String required = schema.path("required").get(0).asText();
        String value = required.equals("messages") ? "[{\"role\":\"user\",\"content\":\"Hi\"}]" : "\"Hi\"";
        for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
            JsonNode most = field.getValue().path("maximum");
            if (most.isNumber() && !field.getKey().equals("top_logprobs")) {
                String beyond = most.decimalValue().add(BigDecimal.ONE).toPlainString();
                Reply reply = client.post(
                        path, "{\"" + required + "\":" + value + ",\"" + field.getKey() + "\":" + beyond + "}");
                assertThat(reply.status()).as(field.getKey()).isEqualTo(400);
                assertThat(reply.error().path("param").asText()).isEqualTo(field.getKey());
            }
        }
    }

    @Test
    void what_is_read_is_there() throws Exception {
        ApiClient client = SERVER.testClient();
        assertThat(client.get("/models").json().path("data")).isNotEmpty();
        JsonNode model = client.get("/models/llama-3.1-8b").json();
        List<String> told = new ArrayList<>();
        description().at("/components/schemas/Model/properties").fieldNames().forEachRemaining(told::add);
        model.fieldNames().forEachRemaining(field -> assertThat(told).contains(field));

        String id = client.chat("llama-3.1-8b", "").header("X-Request-Id");
        JsonNode receipt = client.get("/charges/" + id).json();
        List<String> fields = new ArrayList<>();
        description()
                .at("/paths/~1charges~1{id}/get/responses/200/content/application~1json/schema/properties")
                .fieldNames()
                .forEachRemaining(fields::add);
        List<String> found = new ArrayList<>();
        receipt.fieldNames().forEachRemaining(found::add);
        assertThat(found).containsExactlyInAnyOrderElementsOf(fields);
    }

    @Test
    void a_receipt_is_told_to_the_account_that_paid_and_to_nobody_else() throws Exception {
        AccountClient ada = AccountClient.signedUp(SERVER);
        String id = ada.apiClient(SERVER, "{\"name\":\"Mine\",\"test\":true}")
                .chat("llama-3.1-8b", "")
                .header("X-Request-Id");
        JsonNode receipt = ada.get("/api/account/usage/" + id).json();
        assertThat(receipt.path("request_id").asText()).isEqualTo(id);
        assertThat(receipt.path("key_name").asText()).isEqualTo("Mine");
        assertThat(receipt.path("project_name").asText()).isNotEmpty();
        assertThat(receipt.path("test").asBoolean()).isTrue();
        assertThat(receipt.path("lines")).isNotEmpty();
        AccountClient eve = AccountClient.signedUp(SERVER);
        assertThat(eve.get("/api/account/usage/" + id).status()).isEqualTo(404);
        assertThat(ada.get("/api/account/usage/req_of_nobody").status()).isEqualTo(404);
    }
}
