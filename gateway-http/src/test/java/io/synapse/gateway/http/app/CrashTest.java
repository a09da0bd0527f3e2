package io.synapse.gateway.http.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.http.ServerProcess;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.FakeUpstream;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The server as a process: first start, restart, {@code kill -9} in the middle of a call, a polite end. */
class CrashTest {
    private static final String KEY = "mmg_live_0123456789abcdefghijklmnopqrstuv";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private final Map<String, String> settings = new HashMap<>();

    @Test
    void the_printed_curl_line_answers_and_a_restart_keeps_keys_and_balance() throws Exception {
        String remaining;
        ApiClient client;
        try (ServerProcess server = ServerProcess.start(directory, settings)) {
            Await.until("it has printed its address", () -> server.output().contains("listens on"));
            String output = server.output();
            Matcher curl = Pattern.compile("curl -i (\\S+)/chat/completions .*Bearer (mmg_live_\\w+)\".* -d '(.*)'")
                    .matcher(output);
            assertThat(curl.find()).as(output).isTrue();
            assertThat(output).containsPattern("test key +mmg_test_\\w+").containsPattern("password \\w+");
            assertThat(curl.group(1)).isEqualTo(server.api().toString());
            client = new ApiClient(server.api(), curl.group(2), "");
            ApiClient.Reply reply = client.post("/chat/completions", curl.group(3));
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.charged()).isGreaterThan(Credits.ZERO);
            assertThat(reply.charged().plus(reply.remaining())).isEqualTo(Credits.of(1000));
            remaining = reply.header("X-Credits-Remaining");
        }
        settings.put("SYNAPSE_ALLOW_SIGNUP", "false");
        try (ServerProcess server = ServerProcess.start(directory, settings)) {
            assertThat(server.output()).doesNotContain("first start").doesNotContain("mmg_live_");
            ApiClient.Reply reply = new ApiClient(server.api(), client.key(), "").chat("sandbox/chat", "");
            assertThat(reply.remaining().plus(reply.charged())).hasToString(remaining);
        }
    }

    @Test
    void a_hold_survives_no_longer_than_its_lease_when_the_server_is_killed() throws Exception {
        try (FakeUpstream upstream = new FakeUpstream()) {
            settings.put("SYNAPSE_BOOTSTRAP_KEY", KEY);
            settings.put("SYNAPSE_REQUESTS_PER_MINUTE", "1000000");
            settings.put("SYNAPSE_HOLD_LEASE_SECONDS", "5");
            settings.put("GROQ_API_KEY", "x");
            settings.put("GROQ_BASE_URL", upstream.uri() + "/v1");
            ServerProcess killed = ServerProcess.start(directory, settings);
            ApiClient client = new ApiClient(killed.api(), KEY, "");
            upstream.answer(Answer.stall());
            CompletableFuture<Void> caller = CompletableFuture.runAsync(() -> {
                try {
                    client.send(client.request("/chat/completions")
                            .header("Content-Type", "application/json")
                            .header("X-Request-Id", "killed")
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    ApiClient.body("llama-3.1-8b", "\"max_tokens\":1000"))));
                } catch (Exception e) {
                    // The server dies under it.
                }
            });
            upstream.awaitRequests(1);
            assertThat(stateOfKilled(client)).isEqualTo("reserved");
            killed.kill();
            caller.join();
            try (ServerProcess server = ServerProcess.start(directory, settings)) {
                ApiClient again = new ApiClient(server.api(), KEY, "");
                Await.until("the hold is back", () -> stateOfKilled(again).equals("released"));
                ApiClient.Reply reply = again.chat("sandbox/chat", "");
                assertThat(reply.remaining().plus(reply.charged())).isEqualTo(Credits.of(1000));
            }
        }
    }

    private static String stateOfKilled(ApiClient client) throws Exception {
        return client.get("/charges/killed").json().path("state").asText();
    }

    @Test
    void a_wrong_setting_stops_the_start_with_one_line_that_names_it() throws Exception {
        settings.put("SYNAPSE_PROT", "80");
        ServerProcess server = ServerProcess.launch(directory, settings);
        assertThat(server.awaitExit()).isEqualTo(2);
        assertThat(server.output()).contains("SYNAPSE_PROT").doesNotContain("Exception");
    }
}
