package io.synapse.gateway.http.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.http.app.ApiClient.Reply;
import io.synapse.gateway.testkit.fake.Answer;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP that no client library would send, and what the server tells its operator. */
class HardeningTest {
    @RegisterExtension
    static final SharedServer SERVER = new SharedServer();

    private static String raw(String request) throws Exception {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), SERVER.api().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api/v1/models HTTP/1.1\r\n\r\n",
                "GET /api/v1/models HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "GET /api/v1/mod els HTTP/1.1\r\nHost: x\r\n\r\n",
                "NONSENSE\r\n\r\n",
            })
    void a_malformed_message_is_answered_in_the_envelope(String request) throws Exception {
        String answer = raw(request);
        assertThat(answer).startsWith("HTTP/1.1 400");
        assertThat(answer)
                .contains("\"type\":\"invalid_request\"")
                .contains("X-Request-Id")
                .doesNotContain("<html");
    }

    @Test
    void headers_that_are_too_large_are_refused_in_the_envelope() throws Exception {
        String answer = raw("GET /api/v1/models HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                + "x".repeat(20_000) + "\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 431").contains("\"code\":\"BAD_REQUEST\"");
    }

    /** Its connection must not be closed under it: it would never see why. */
    @ParameterizedTest
    @CsvSource({
        "413, /api/v1/chat/completions, application/json, 26214401, true",
        "401, /api/v1/chat/completions, application/json, 20000000, false",
        "415, /api/v1/chat/completions, text/plain, 20000000, true",
        "415, /api/v1/audio/transcriptions, application/json, 20000000, true",
        "405, /api/v1/models, application/json, 20000000, true",
        "401, /api/account/keys, application/json, 20000000, true"
    })
    void a_client_that_is_refused_while_it_sends_may_send_on(
            int status, String path, String type, int length, boolean known) throws Exception {
        String head = "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: " + type + "\r\nContent-Length: " + length
                + "\r\nAuthorization: Bearer "
                + (known ? SERVER.clientWith("10").key() : "mmg_live_nobody") + "\r\n\r\n";
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), SERVER.api().getPort())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.ISO_8859_1));
            out.write(new byte[1_000_000]);
            assertThat(answer(socket.getInputStream()))
                    .startsWith("HTTP/1.1 " + status)
                    .contains("\"error\"");
            out.write(new byte[length - 1_000_000]);
            out.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            assertThat(answer(socket.getInputStream()))
                    .startsWith("HTTP/1.1 200")
                    .endsWith("ok");
        }
    }

    @Test
    void a_client_that_asks_before_it_sends_is_refused_at_once() throws Exception {
        String request = """
            POST /api/v1/chat/completions HTTP/1.1
            Host: x
            Content-Type: application/json
            Expect: 100-continue
            Content-Length: 20000000

            """;
        assertThat(raw(request.replace("\n", "\r\n")))
                .startsWith("HTTP/1.1 401")
                .contains("\"error\"");
    }

    /** One answer, as long as it says that it is. */
    private static String answer(InputStream in) throws Exception {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            assertThat(next).as("after " + head).isNotNegative();
            head.append((char) next);
        }
        Matcher length = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)").matcher(head);
        assertThat(length.find()).as(head.toString()).isTrue();
        return head + new String(in.readNBytes(Integer.parseInt(length.group(1))), StandardCharsets.UTF_8);
    }

    /** Bytes alone, up to the end of the connection, would look whole wherever they end. */
    @Test
    void a_caller_who_wants_the_connection_closed_can_tell_a_broken_answer_from_a_whole_one() throws Exception {
        assertThat(spoken("playai-tts")).contains("Transfer-Encoding: chunked").endsWith("\r\n0\r\n\r\n");
        assertThat(spoken("playai-tts:cut"))
                .contains("Transfer-Encoding: chunked")
                .doesNotEndWith("\r\n0\r\n\r\n");
    }

    private static String spoken(String model) throws Exception {
        String body = "{\"input\":\"A sentence that is long enough to break off.\",\"model\":\"" + model + "\"}";
        return raw(String.join(
                "\r\n",
                "POST /api/v1/audio/speech HTTP/1.1",
                "Host: x",
                "Connection: close",
                "Authorization: Bearer " + SERVER.testClient().key(),
                "Content-Type: application/json",
                "Content-Length: " + body.length(),
                "",
                body));
    }

    @Test
    void model_names_with_an_encoded_slash_are_found() throws Exception {
        ApiClient client = SERVER.testClient();
        assertThat(client.get("/models/sandbox%2Fchat").json().path("id").asText())
                .isEqualTo("sandbox/chat");
        assertThat(client.get("/models/sandbox/chat").json().path("id").asText())
                .isEqualTo("sandbox/chat");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/..%2f..%2fetc/passwd", "/api/v1/models/..;/x", "/api/v1/%00", "//api/v1/models"})
    void odd_paths_are_harmless(String path) throws Exception {
        String answer = raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                + SERVER.testClient().key() + "\r\n\r\n");
        assertThat(answer).containsPattern("^HTTP/1.1 (400|404)").contains("\"error\"");
    }

    @Test
    void health_needs_no_key() throws Exception {
        ApiClient root = new ApiClient(SERVER.api().resolve("/"), "", "");
        assertThat(root.get("healthz").status()).isEqualTo(200);
        assertThat(root.get("readyz").status()).isEqualTo(200);
    }

    @Test
    void metrics_tell_of_calls_without_naming_keys_or_accounts() throws Exception {
        ApiClient client = SERVER.clientWith("10");
        SERVER.upstream().answer(Answer.json(200, ApiClient.completion("Hi", 9, 2)));
        Reply reply = client.chat("llama-3.1-8b", "");
        assertThat(reply.status()).isEqualTo(200);
        client.chat("made-up-by-a-stranger", "");
        String metrics =
                new ApiClient(SERVER.api().resolve("/"), "", "").get("metrics").text();
        assertThat(metrics)
                .contains("synapse_calls_seconds_count{")
                .contains("model=\"llama-3.1-8b\"")
                .contains("provider=\"groq\"")
                .contains("outcome=\"ok\"")
                .contains("synapse_calls_upstream_seconds")
                .contains("synapse_calls_own_seconds")
                .contains("synapse_usage_total{")
                .contains("unit=\"output_tokens\"")
                .contains("synapse_credits_charged_total{")
                .contains("synapse_http_requests_seconds_count{")
                .contains("route=\"/api/v1/chat/completions\"")
                .contains("synapse_calls_open")
                .contains("hikaricp_connections")
                .contains("synapse_ledger_commands_total")
                .contains("synapse_ledger_batches_total")
                .contains("jvm_memory_used_bytes")
                .doesNotContain(client.key())
                .doesNotContain(client.wallet())
                .doesNotContain("made-up-by-a-stranger");
    }

    @Test
    void counts_that_others_keep_survive_a_garbage_collection() throws Exception {
        SERVER.upstream().answer(Answer.json(200, ApiClient.completion("Hi", 9, 2)));
        SERVER.clientWith("10").chat("llama-3.1-8b", "");
        System.gc();
        String metrics =
                new ApiClient(SERVER.api().resolve("/"), "", "").get("metrics").text();
        assertThat(metrics).containsPattern("synapse_ledger_commands_total [1-9]");
    }

    @Test
    void the_model_list_tells_what_each_costs() throws Exception {
        ApiClient client = SERVER.clientWith("10");
        var llama = client.get("/models/llama-3.1-8b").json();
        assertThat(llama.path("object").asText()).isEqualTo("model");
        assertThat(llama.path("modality").asText()).isEqualTo("text-generation");
        assertThat(llama.path("provider").asText()).isEqualTo("groq");
        assertThat(llama.at("/pricing/unit").asText()).isEqualTo("tokens");
        assertThat(llama.at("/pricing/input").asText()).isEqualTo("75");
        assertThat(llama.at("/pricing/output").asText()).isEqualTo("300");
        assertThat(llama.path("available").asBoolean()).isTrue();
        assertThat(llama.path("served_by").asText()).isNotEmpty();
        assertThat(llama.path("created").isIntegralNumber()).isTrue();
        assertThat(llama.path("aliases").isArray()).isTrue();
        assertThat(client.get("/models/test/nobody").json().path("available").asBoolean())
                .isFalse();
        assertThat(client.get("/models/test/flat").json().at("/pricing/request").asText())
                .isEqualTo("1");
        var groq = client.get("/models?provider=groq&modality=text-generation")
                .json()
                .path("data");
        assertThat(groq)
                .isNotEmpty()
                .allSatisfy(model -> assertThat(model.path("provider").asText()).isEqualTo("groq"));
        Reply wrong = client.get("/models?modality=smell");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.error().path("param").asText()).isEqualTo("modality");
    }
}
