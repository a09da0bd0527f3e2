package io.synapse.gateway.http.app;

import static io.synapse.gateway.http.app.ApiClient.chunk;
import static io.synapse.gateway.http.app.ApiClient.completion;
import static io.synapse.gateway.http.app.ApiClient.ending;
import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.credit.Charge;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.credit.UsageSource;
import io.synapse.gateway.http.app.ApiClient.Reply;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.Gate;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the caller, and of the money, when the upstream fails, and when the caller goes away. */
class UpstreamFailuresTest {
    @RegisterExtension
    static final SharedServer SERVER = new SharedServer();

    static Stream<Arguments> failures() {
        String error = "{\"error\":{\"message\":\"boom org-12345"
                + " sk-secret123456789\",\"type\":\"server_error\",\"param\":null,\"code\":null}}";
        return Stream.of(
                Arguments.of("500", Answer.json(500, error), 502, "provider_error"),
                Arguments.of("503", Answer.json(503, error), 502, "provider_error"),
                Arguments.of("429", Answer.json(429, Map.of("Retry-After", "7"), error), 502, "provider_error"),
                Arguments.of("401", Answer.json(401, error), 502, "provider_error"),
                Arguments.of(
                        "html",
                        Answer.whole(502, Map.of("Content-Type", "text/html"), "<html>bad</html>"),
                        502,
                        "provider_error"),
                Arguments.of("not json", Answer.json(200, "nonsense"), 502, "provider_error"),
                Arguments.of("no choices", Answer.json(200, "{\"object\":\"chat.completion\"}"), 502, "provider_error"),
                Arguments.of("hangs up", Answer.hangUp(), 502, "provider_error"),
                Arguments.of("resets", Answer.reset(), 502, "provider_error"),
                Arguments.of(
                        "cut short", Answer.cut(40, Answer.json(200, completion("Hi", 1, 1))), 502, "provider_error"),
                Arguments.of(
                        "garbage",
                        Answer.garbage("SSH-2.0-OpenSSH\r\n".getBytes(StandardCharsets.US_ASCII)),
                        502,
                        "provider_error"),
                Arguments.of("silence", Answer.stall(), 504, "upstream_timeout"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void a_failing_upstream_costs_nothing(String name, Answer answer, int status, String type) throws Exception {
        for (String extra : List.of("", "\"stream\":true")) {
            ApiClient client = SERVER.clientWith("10");
            SERVER.upstream().answer(answer);
            Reply reply = client.chat("llama-3.1-8b", extra);
            assertThat(reply.status()).as(name + " " + reply.text()).isEqualTo(status);
            assertThat(reply.error().path("type").asText()).isEqualTo(type);
            assertThat(reply.text()).doesNotContain("sk-secret").doesNotContain("upstream-secret");
            Await.until(
                    "released", () -> SERVER.ledger().available(client.wallet()).equals(Credits.of(10)));
            Charge charge = SERVER.ledger()
                    .find(client.wallet(), reply.header("X-Request-Id"))
                    .orElseThrow();
            assertThat(charge.state()).isEqualTo(Charge.State.RELEASED);
        }
    }

    @Test
    void who_cannot_mend_a_failure_by_trying_again_is_not_told_to() throws Exception {
        SERVER.upstream().answer(Answer.json(401, "{\"error\":{\"message\":\"no\"}}"));
        Reply refused = SERVER.clientWith("10").chat("llama-3.1-8b", "");
        assertThat(refused.header("x-should-retry")).isEqualTo("false");
        assertThat(refused.error().path("message").asText())
                .contains("operator")
                .doesNotContain("Retry");
        SERVER.upstream().answer(Answer.json(500, "{\"error\":{\"message\":\"no\"}}"));
        Reply failed = SERVER.clientWith("10").chat("llama-3.1-8b", "");
        assertThat(failed.header("x-should-retry")).isEqualTo("true");
        assertThat(failed.error().path("message").asText()).contains("Retry");
    }

    @Test
    void an_upstreams_wait_is_passed_on() throws Exception {
        SERVER.upstream()
                .answer(Answer.json(
                        429,
                        Map.of("Retry-After", "7"),
                        "{\"error\":{\"message\":\"slow"
                                + " down\",\"type\":\"requests\",\"code\":\"rate_limit_exceeded\"}}"));
        assertThat(SERVER.clientWith("10").chat("llama-3.1-8b", "").header("Retry-After"))
                .isEqualTo("7");
    }

    @Test
    void what_the_upstream_objects_to_in_the_request_is_the_callers_to_mend() throws Exception {
        SERVER.upstream()
                .answer(
                        Answer.json(
                                400,
                                "{\"error\":{\"message\":\"Too many"
                                    + " tokens.\",\"type\":\"invalid_request_error\",\"param\":\"messages\",\"code\":\"context_length_exceeded\"}}"));
        Reply reply = SERVER.clientWith("10").chat("llama-3.1-8b", "");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().path("param").asText()).isEqualTo("messages");
        assertThat(reply.error().path("message").asText()).contains("Too many tokens.");
    }

    @Test
    void a_stream_that_the_upstream_cuts_ends_in_an_error_event_and_costs_what_came() throws Exception {
        ApiClient client = SERVER.clientWith("1000");
        Answer cut = Answer.eventStream("data: " + chunk("one two three") + "\n\n");
        SERVER.upstream().answer(cut);
        Reply reply = client.chat(SharedServer.TOKEN_MODEL, "\"stream\":true,\"max_tokens\":100");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.events()).doesNotContain("[DONE]");
        assertThat(ApiClient.JSON
                        .readTree(reply.events().getLast())
                        .at("/error/type")
                        .asText())
                .isEqualTo("provider_error");
        Charge charge = SERVER.ledger()
                .find(client.wallet(), reply.header("X-Request-Id"))
                .orElseThrow();
        assertThat(charge.state()).isEqualTo(Charge.State.SETTLED);
        assertThat(charge.source()).isEqualTo(UsageSource.MEASURED);
        assertThat(charge.charged()).isBetween(Credits.parse("0.5"), Credits.of(3));
        assertThat(SERVER.ledger().available(client.wallet()).plus(charge.charged()))
                .isEqualTo(Credits.of(1000));
    }

    private static void readUntil(InputStream in, String words) throws Exception {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(words) < 0) {
            int b = in.read();
            assertThat(b).as("the stream ended early: " + read).isNotNegative();
            read.append((char) b);
        }
    }

    @Test
    void events_are_flushed_one_by_one() throws Exception {
        ApiClient client = SERVER.clientWith("1000");
        Gate gate = new Gate();
        SERVER.upstream().answer(Answer.eventsAround(List.of(chunk("first")), gate, ending(1, 1)));
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), client.api().getPort())) {
            String body = ApiClient.body("llama-3.1-8b", "\"stream\":true");
            socket.getOutputStream()
                    .write(("POST /v1/chat/completions HTTP/1.1\r\n"
                                    + "Host: x\r\n"
                                    + "Connection: close\r\n"
                                    + "Authorization: Bearer "
                                    + client.key() + "\r\nContent-Type: application/json\r\nContent-Length: "
                                    + body.length() + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
            // The first event must be here while the upstream still waits for us.
            readUntil(socket.getInputStream(), "first");
            gate.open();
            readUntil(socket.getInputStream(), "[DONE]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"error-429", "error-500", "cut"})
    void the_sandbox_rehearses_faults(String fault) throws Exception {
        ApiClient client = SERVER.testClient();
        Credits before = SERVER.ledger().available(client.wallet());
        Reply reply = client.chat("llama-3.1-8b:" + fault, "");
        assertThat(reply.status()).isEqualTo(502);
        assertThat(SERVER.ledger().available(client.wallet())).isEqualTo(before);
    }

    @Test
    void the_sandbox_rehearses_silence_and_slowness() throws Exception {
        ApiClient client = SERVER.testClient();
        assertThat(client.chat("llama-3.1-8b:timeout", "").status()).isEqualTo(504);
        assertThat(client.chat("llama-3.1-8b:slow-50", "").status()).isEqualTo(200);
        assertThat(client.chat("llama-3.1-8b:no-such-fault", "").status()).isEqualTo(404);
        Reply cut = client.chat("llama-3.1-8b:cut", "\"stream\":true");
        assertThat(cut.status()).isEqualTo(200);
        assertThat(cut.events()).doesNotContain("[DONE]");
        assertThat(cut.events().getLast()).contains("\"error\"");
    }
}
