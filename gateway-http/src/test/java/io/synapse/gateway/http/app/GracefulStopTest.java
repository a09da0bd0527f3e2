package io.synapse.gateway.http.app;

import static io.synapse.gateway.http.app.ApiClient.chunk;
import static io.synapse.gateway.http.app.ApiClient.completion;
import static io.synapse.gateway.http.app.ApiClient.ending;
import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.http.ServerProcess;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.FakeUpstream;
import io.synapse.gateway.testkit.fake.Gate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is asked to stop: no new calls, streams finish, holds settle. */
class GracefulStopTest {
    private static final String KEY = "mmg_live_0123456789abcdefghijklmnopqrstuv";

    /** Several, since the last words of one are easily out before anybody could cut them off. */
    private static final int STREAMS = 32;

    private static final int LARGE = 16 * 1024 * 1024;

    @TempDir
    Path directory;

    @Test
    void calls_that_run_are_finished_and_settled() throws Exception {
        try (FakeUpstream upstream = new FakeUpstream()) {
            Gate gate = new Gate();
            ServerProcess server = ServerProcess.start(
                    directory,
                    Map.of(
                            "SYNAPSE_BOOTSTRAP_KEY",
                            KEY,
                            "SYNAPSE_REQUESTS_PER_MINUTE",
                            "1000000",
                            "GROQ_API_KEY",
                            "x",
                            "GROQ_BASE_URL",
                            upstream.uri() + "/v1"));
            upstream.answer(Answer.json(200, completion("x".repeat(LARGE), 9, 2)));
            ApiClient client = new ApiClient(server.api(), KEY, "");
            Socket slow = slowCaller(server.api());
            Await.until(
                    "the large answer is paid",
                    () -> client.get("/charges/slow")
                            .json()
                            .path("state")
                            .asText()
                            .equals("settled"));
            upstream.answerAll(request -> Answer.eventsAround(List.of(chunk("begun")), gate, ending(9, 2)));
            List<Future<ApiClient.Reply>> calls = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                FutureTask<ApiClient.Reply> call = new FutureTask<>(() ->
                        client.chat("llama-3.1-8b", "\"stream\":true,\"stream_options\":{\"include_usage\":true}"));
                Thread.startVirtualThread(call);
                calls.add(call);
            }
            upstream.awaitRequests(1 + STREAMS);
            server.stop();
            Await.until("it stops", () -> server.output().contains("Stopping"));
            Await.until(
                    "new calls are refused",
                    () -> client.chat("sandbox/chat", "").status() == 503);
            ApiClient root = new ApiClient(server.api().resolve("/"), "", "");
            assertThat(root.get("readyz").status()).isEqualTo(503);
            assertThat(root.get("healthz").status()).isEqualTo(200);
            gate.open();
            for (Future<ApiClient.Reply> call : calls) {
                ApiClient.Reply reply = call.get(30, TimeUnit.SECONDS);
                assertThat(reply.events().getLast()).isEqualTo("[DONE]");
                assertThat(reply.text()).contains("\"credits_charged\":0.001275");
            }
            String answer = new String(slow.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer.length()).isGreaterThan(LARGE);
            assertThat(answer.substring(answer.length() - 100)).endsWith("}");
            slow.close();
            assertThat(server.awaitExit()).isEqualTo(143);
        }
    }

    /** Somebody who asks for a large answer, and does not read it yet; more than the kernel keeps for him. */
    private static Socket slowCaller(URI api) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(64 * 1024);
        socket.setSoTimeout(30_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), api.getPort()));
        String body = ApiClient.body("llama-3.1-8b", "");
        String request =
                "POST /api/v1/chat/completions HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                        + KEY + "\r\nX-Request-Id: slow\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n" + body;
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }
}
