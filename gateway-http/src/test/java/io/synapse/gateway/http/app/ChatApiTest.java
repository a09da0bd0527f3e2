package io.synapse.gateway.http.app;

import static io.synapse.gateway.http.app.ApiClient.chunk;
import static io.synapse.gateway.http.app.ApiClient.completion;
import static io.synapse.gateway.http.app.ApiClient.ending;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.synapse.gateway.credit.Charge;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.UsageSource;
import io.synapse.gateway.http.app.ApiClient.Reply;
import io.synapse.gateway.testkit.fake.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Chat through the HTTP API, billed on PostgreSQL, answered by a fake upstream. */
class ChatApiTest {
    @RegisterExtension
    static final SharedServer SERVER = new SharedServer();

    @Test
    void an_answer_is_billed_by_the_usage_that_the_upstream_reports() throws Exception {
        ApiClient client = SERVER.clientWith("1000");
        SERVER.upstream().answer(Answer.json(200, completion("Hi", 9, 2)));

        Reply reply = client.chat("llama-3.1-8b", "");

        assertThat(reply.status()).isEqualTo(200);
        // 9 × 75 + 2 × 300 credits per million.
        assertThat(reply.header("X-Credits-Charged")).isEqualTo("0.001275");
        assertThat(reply.header("X-Credits-Remaining")).isEqualTo("999.998725");
        assertThat(SERVER.ledger().available(client.wallet())).isEqualTo(Credits.parse("999.998725"));
        JsonNode json = reply.json();
        assertThat(json.path("id").asText()).startsWith("chatcmpl-");
        assertThat(json.path("object").asText()).isEqualTo("chat.completion");
        assertThat(json.path("model").asText()).isEqualTo("llama-3.1-8b");
        assertThat(reply.firstText()).isEqualTo("Hi");
        assertThat(json.at("/usage/total_tokens").asInt()).isEqualTo(11);
        assertThat(json.at("/usage/credits_charged").decimalValue()).isEqualByComparingTo("0.001275");
        assertThat(json.at("/usage/credits_remaining").decimalValue()).isEqualByComparingTo("999.998725");
        assertThat(json.at("/x_vendor/kept").asBoolean())
                .as("fields nobody knows pass through")
                .isTrue();
        assertThat(SERVER.upstream().lastRequest().header("Authorization")).isEqualTo("Bearer upstream-secret");
    }

    @Test
    void the_callers_fields_reach_the_upstream_with_its_own_name_of_the_model() throws Exception {
        SERVER.upstream().answer(Answer.json(200, completion("Hi", 9, 2)));
        SERVER.clientWith("1000")
                .chat("llama-3.1-8b", "\"temperature\":0.5,\"top_k\":40,\"max_tokens\":77,\"x\":{\"y\":[1.50]}");
        Map<String, Object> sent = SERVER.upstream().lastRequest().json();
        assertThat(sent).containsEntry("model", "openai/gpt-oss-20b").containsKey("x");
        assertThat(((Number) sent.get("top_k")).intValue()).isEqualTo(40);
        assertThat(SERVER.upstream().lastRequest().text())
                .contains("\"temperature\":0.5")
                .contains("[1.50]");
    }

    @Test
    void the_receipt_shows_the_arithmetic() throws Exception {
        ApiClient client = SERVER.clientWith("1000");
        SERVER.upstream().answer(Answer.json(200, completion("Hi", 9, 2)));
        Reply reply = client.send(client.request("/chat/completions")
                .header("Content-Type", "application/json")
                .header("X-Request-Id", "my-request-1")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(ApiClient.body("llama-3.1-8b", ""))));
        assertThat(reply.header("X-Request-Id")).isEqualTo("my-request-1");
        Charge charge = SERVER.ledger().find(client.wallet(), "my-request-1").orElseThrow();
        assertThat(charge.state()).isEqualTo(Charge.State.SETTLED);
        assertThat(charge.source()).isEqualTo(UsageSource.PROVIDER);
        assertThat(charge.provider()).isEqualTo("groq");
        assertThat(charge.charged()).isEqualTo(reply.charged());
        assertThat(charge.lines().stream().map(line -> line.amount()).reduce(Credits.ZERO, Credits::plus))
                .isEqualTo(reply.charged());
    }

    @Test
    void a_stream_tells_the_reservation_first_and_the_settled_price_last() throws Exception {
        ApiClient client = SERVER.clientWith("1000");
        List<String> events = new ArrayList<>(List.of(chunk("Hel"), chunk("lo")));
        events.addAll(ending(9, 2));
        SERVER.upstream().answer(Answer.events(events));

        Reply reply = client.chat("llama-3.1-8b", "\"stream\":true,\"stream_options\":{\"include_usage\":true}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).startsWith("text/event-stream");
        assertThat(reply.charged()).as("the reservation").isGreaterThan(Credits.parse("0.001275"));
        assertThat(reply.remaining().plus(reply.charged())).isEqualTo(Credits.of(1000));
        List<String> data = reply.events();
        assertThat(data.getLast()).isEqualTo("[DONE]");
        List<JsonNode> chunks = new ArrayList<>();
        for (String event : data.subList(0, data.size() - 1)) {
            chunks.add(ApiClient.JSON.readTree(event));
        }
        assertThat(chunks.getFirst().at("/choices/0/delta/role").asText()).isEqualTo("assistant");
        assertThat(chunks.stream()
                        .map(chunk -> chunk.at("/choices/0/delta/content").asText(""))
                        .reduce("", String::concat))
                .isEqualTo("Hello");
        assertThat(chunks).allSatisfy(chunk -> {
            assertThat(chunk.path("id").asText())
                    .isEqualTo(chunks.getFirst().path("id").asText());
            assertThat(chunk.path("object").asText()).isEqualTo("chat.completion.chunk");
            assertThat(chunk.path("model").asText()).isEqualTo("llama-3.1-8b");
        });
        assertThat(chunks.subList(0, chunks.size() - 1))
                .allSatisfy(chunk -> assertThat(chunk.get("usage").isNull()).isTrue());
        JsonNode usage = chunks.getLast().path("usage");
        assertThat(chunks.getLast().path("choices")).isEmpty();
        assertThat(usage.path("total_tokens").asInt()).isEqualTo(11);
        assertThat(usage.path("credits_charged").decimalValue()).isEqualByComparingTo("0.001275");
        assertThat(usage.path("credits_remaining").decimalValue()).isEqualByComparingTo("999.998725");
    }

    @Test
    void a_stream_without_the_option_has_no_usage_and_is_billed_all_the_same() throws Exception {
        ApiClient client = SERVER.clientWith("1000");
        List<String> events = new ArrayList<>(List.of(chunk("Hello")));
        events.addAll(ending(9, 2));
        SERVER.upstream().answer(Answer.events(events));
        Reply reply = client.chat("llama-3.1-8b", "\"stream\":true");
        assertThat(reply.text()).doesNotContain("usage");
        assertThat(reply.events().getLast()).isEqualTo("[DONE]");
        assertThat(SERVER.ledger().available(client.wallet())).isEqualTo(Credits.parse("999.998725"));
    }

    @Test
    void an_upstream_that_tells_no_usage_is_measured() throws Exception {
        ApiClient client = SERVER.clientWith("1000");
        String answer = completion("One two three four five", 0, 0).replaceAll("\"usage\":\\{[^}]*},", "");
        SERVER.upstream().answer(Answer.json(200, answer));
        Reply reply = client.chat("llama-3.1-8b", "");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().at("/usage/completion_tokens").asInt()).isBetween(4, 8);
        assertThat(reply.charged()).isGreaterThan(Credits.ZERO);
    }

    @Test
    void an_explicit_zero_costs_nothing() throws Exception {
        ApiClient client = SERVER.clientWith("1000");
        SERVER.upstream().answer(Answer.json(200, completion("Hi", 0, 0)));
        Reply reply = client.chat("llama-3.1-8b", "");
        assertThat(reply.header("X-Credits-Charged")).isEqualTo("0");
        assertThat(reply.header("X-Credits-Remaining")).isEqualTo("1000");
    }

    @Test
    void an_incredible_usage_is_not_billed() throws Exception {
        ApiClient client = SERVER.clientWith("1000");
        SERVER.upstream().answer(Answer.json(200, completion("Hi", 999_999_999, 999_999_999)));
        Reply reply = client.chat("llama-3.1-8b", "");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.charged()).isLessThan(Credits.of(1));
    }

    @Test
    void a_small_balance_shrinks_the_answer_before_it_becomes_a_refusal() throws Exception {
        ApiClient client = SERVER.clientWith("10");
        SERVER.upstream().answerAll(request -> {
            int bound = ((Number) request.json()
                            .getOrDefault("max_tokens", request.json().get("max_completion_tokens")))
                    .intValue();
            return Answer.json(200, completion("Hi", 5, bound));
        });
        Reply reply = client.chat(SharedServer.TOKEN_MODEL, "\"max_tokens\":5000");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().at("/usage/completion_tokens").asInt()).isBetween(1, 99);
        Reply broke = client.withKey(client.key()).chat(SharedServer.TOKEN_MODEL, "\"max_tokens\":5000");
        while (broke.status() == 200) {
            broke = client.chat(SharedServer.TOKEN_MODEL, "\"max_tokens\":5000");
        }
        assertThat(broke.status()).isEqualTo(402);
        assertThat(broke.error().path("type").asText()).isEqualTo("insufficient_credits");
    }

    @Test
    void test_keys_reach_the_sandbox_with_any_model() throws Exception {
        ApiClient client = SERVER.testClient();
        for (String model : List.of("llama-3.1-8b", "gemini-2.5-flash", "test/nobody")) {
            Reply reply = client.chat(model, "");
            assertThat(reply.status()).as(reply.text()).isEqualTo(200);
            assertThat(reply.firstText()).containsIgnoringCase("sandbox");
            assertThat(reply.json().path("model").asText()).isEqualTo(model);
            assertThat(reply.charged()).isGreaterThan(Credits.ZERO);
        }
        assertThat(SERVER.upstream().requests()).isEmpty();
    }

    @Test
    void the_default_model_serves_a_request_that_names_none() throws Exception {
        Reply reply = SERVER.testClient()
                .post("/chat/completions", "{\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().path("model").asText()).isNotEmpty();
    }

    @Test
    void the_short_root_serves_the_same() throws Exception {
        ApiClient client = SERVER.testClient();
        ApiClient shortRoot = new ApiClient(
                java.net.URI.create(client.api().toString().replace("/api/v1", "/v1")), client.key(), client.wallet());
        assertThat(shortRoot.chat("llama-3.1-8b", "").status()).isEqualTo(200);
        assertThat(shortRoot.get("/models").status()).isEqualTo(200);
    }
}
