package io.synapse.gateway.http.app;

import static io.synapse.gateway.http.app.ApiClient.completion;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.http.app.ApiClient.Reply;
import io.synapse.gateway.testkit.fake.Answer;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a call cost, line by line. */
class ReceiptsApiTest {
    @RegisterExtension
    static final SharedServer SERVER = new SharedServer();

    private static JsonNode receipt(ApiClient client, Reply of) throws Exception {
        Reply receipt = client.get("/charges/" + of.header("X-Request-Id"));
        assertThat(receipt.status()).as(receipt.text()).isEqualTo(200);
        return receipt.json();
    }

    private static BigDecimal sum(JsonNode receipt) {
        BigDecimal sum = BigDecimal.ZERO;
        for (JsonNode line : receipt.path("lines")) {
            BigDecimal product = new BigDecimal(line.path("rate").asText())
                    .multiply(line.path("quantity").decimalValue())
                    .divide(line.path("per").decimalValue());
            assertThat(new BigDecimal(line.path("amount").asText())).isGreaterThanOrEqualTo(product);
            sum = sum.add(new BigDecimal(line.path("amount").asText()));
        }
        return sum;
    }

    @Test
    void the_lines_of_a_receipt_add_up_to_the_charge() throws Exception {
        ApiClient client = SERVER.clientWith("100");
        SERVER.upstream().answer(Answer.json(200, completion("Hi", 7, 3)));
        Reply call = client.chat(SharedServer.TOKEN_MODEL, "");
        JsonNode receipt = receipt(client, call);
        assertThat(receipt.path("state").asText()).isEqualTo("settled");
        assertThat(receipt.path("model").asText()).isEqualTo(SharedServer.TOKEN_MODEL);
        assertThat(receipt.path("provider").asText()).isEqualTo("groq");
        assertThat(receipt.path("usage_source").asText()).isEqualTo("provider");
        assertThat(receipt.path("charged").asText()).isEqualTo("1");
        assertThat(receipt.path("usage").path("input_tokens").asInt()).isEqualTo(7);
        assertThat(receipt.path("lines")).hasSize(2);
        assertThat(receipt.at("/lines/0/rate").asText()).isEqualTo("100000");
        assertThat(receipt.at("/lines/0/per").asInt()).isEqualTo(1_000_000);
        assertThat(receipt.at("/lines/0/amount").asText()).isEqualTo("0.7");
        assertThat(sum(receipt)).isEqualByComparingTo("1");
        assertThat(new BigDecimal(receipt.path("reserved").asText())).isGreaterThan(BigDecimal.ONE);
    }

    @Test
    void sound_is_told_in_seconds() throws Exception {
        ApiClient client = SERVER.testClient();
        Reply call = client.post("/videos/generations", "{\"prompt\":\"a hill\",\"seconds\":2}");
        assertThat(call.status()).as(call.text()).isEqualTo(200);
        JsonNode receipt = receipt(client, call);
        assertThat(receipt.at("/lines/0/unit").asText()).isEqualTo("seconds");
        assertThat(receipt.at("/lines/0/quantity").decimalValue()).isEqualByComparingTo("2");
        assertThat(receipt.at("/lines/0/per").asInt()).isEqualTo(1);
        assertThat(sum(receipt)).isEqualByComparingTo(call.charged().toString());
    }

    @Test
    void a_call_that_failed_was_given_back() throws Exception {
        ApiClient client = SERVER.clientWith("10");
        SERVER.upstream().answer(Answer.json(500, "{}"));
        Reply call = client.chat(SharedServer.FLAT_MODEL, "");
        JsonNode receipt = receipt(client, call);
        assertThat(receipt.path("state").asText()).isEqualTo("released");
        assertThat(receipt.path("charged").asText()).isEqualTo("0");
        assertThat(receipt.path("lines")).isEmpty();
        assertThat(receipt.path("usage").isNull()).isTrue();
        assertThat(SERVER.ledger().available(client.wallet())).isEqualTo(Credits.of(10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"job/7", "50%", "a%2Fb", "back\\slash", "?#;&=+~"})
    void a_receipt_is_found_by_whatever_name_its_caller_gave(String id) throws Exception {
        ApiClient client = SERVER.testClient();
        Reply call = client.send(client.request("/embeddings")
                .header("Content-Type", "application/json")
                .header("X-Request-Id", id)
                .POST(BodyPublishers.ofString("{\"input\":\"x\"}")));
        assertThat(call.header("X-Request-Id")).isEqualTo(id);
        Reply receipt = client.get("/charges/" + URLEncoder.encode(id, StandardCharsets.UTF_8));
        assertThat(receipt.status()).as(receipt.text()).isEqualTo(200);
        assertThat(receipt.json().path("request_id").asText()).isEqualTo(id);
    }

    @Test
    void nobody_sees_anothers_receipts() throws Exception {
        ApiClient client = SERVER.clientWith("10");
        SERVER.upstream().answer(Answer.json(200, completion("Hi", 1, 1)));
        String id = client.chat(SharedServer.FLAT_MODEL, "").header("X-Request-Id");
        Reply stranger = SERVER.clientWith("10").get("/charges/" + id);
        assertThat(stranger.status()).isEqualTo(404);
        assertThat(stranger.error().path("type").asText()).isEqualTo("not_found");
        assertThat(client.get("/charges/req_nothing").status()).isEqualTo(404);
        assertThat(client.withKey("").get("/charges/" + id).status()).isEqualTo(401);
    }
}
