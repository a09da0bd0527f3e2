package io.synapse.gateway.http.app;

import static io.synapse.gateway.http.app.ApiClient.chunk;
import static io.synapse.gateway.http.app.ApiClient.ending;
import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.http.ServerProcess;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.FakeUpstream;
import io.synapse.gateway.testkit.fake.Gate;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is asked to stop: no new calls, streams finish, holds settle. */
class GracefulStopTest {
    private static final String KEY = "mmg_live_0123456789abcdefghijklmnopqrstuv";

    @TempDir
    Path directory;

    @Test
    void a_stream_that_runs_is_finished_and_settled() throws Exception {
        try (FakeUpstream upstream = new FakeUpstream()) {
            Gate gate = new Gate();
            ServerProcess server = ServerProcess.start(
                    directory,
                    Map.of("SYNAPSE_BOOTSTRAP_KEY", KEY, "GROQ_API_KEY", "x", "GROQ_BASE_URL", upstream.uri() + "/v1"));
            upstream.answer(Answer.eventsAround(List.of(chunk("begun")), gate, ending(9, 2)));
            ApiClient client = new ApiClient(server.api(), KEY, "");
            CompletableFuture<ApiClient.Reply> call = CompletableFuture.supplyAsync(() -> {
                try {
                    return client.chat("llama-3.1-8b", "\"stream\":true,\"stream_options\":{\"include_usage\":true}");
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            upstream.awaitRequests(1);
            server.stop();
            Await.until("it stops", () -> server.output().contains("Stopping"));
            Await.until(
                    "new calls are refused",
                    () -> client.chat("sandbox/chat", "").status() == 503);
            ApiClient root = new ApiClient(server.api().resolve("/"), "", "");
            assertThat(root.get("readyz").status()).isEqualTo(503);
            assertThat(root.get("healthz").status()).isEqualTo(200);
            gate.open();
            ApiClient.Reply reply = call.get(30, TimeUnit.SECONDS);
            assertThat(reply.events().getLast()).isEqualTo("[DONE]");
            assertThat(reply.text()).contains("\"credits_charged\":0.001275");
            assertThat(server.awaitExit()).isEqualTo(143);
        }
    }
}
