package io.synapse.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.synapse.gateway.Gateway;
import io.synapse.gateway.catalog.Model;
import io.synapse.gateway.catalog.ModelCatalog;
import io.synapse.gateway.catalog.Route;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.http.app.ApiClient;
import io.synapse.gateway.http.app.ApiClient.Reply;
import io.synapse.gateway.http.media.PictureFetcher;
import io.synapse.gateway.http.media.Pictures;
import io.synapse.gateway.idempotency.IdempotencyStore;
import io.synapse.gateway.identity.Authenticator;
import io.synapse.gateway.identity.Caller;
import io.synapse.gateway.media.MediaStore;
import io.synapse.gateway.testkit.fake.ChatUpstream.Tokens;
import io.synapse.gateway.testkit.fake.ScriptedProvider;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How much a server takes on at once: bytes of bodies, and connections. */
class ServerLimitsTest {
    private static final int BODY_BYTES = 100_000;
    private static final int CONNECTIONS = 8;

    private final ScriptedProvider provider = new ScriptedProvider("scripted");
    private final CreditLedger books = CreditLedger.inMemory(Map.of("acme", Credits.of(1_000)));
    private final Metrics metrics = new Metrics();
    private final PictureFetcher fetcher = new PictureFetcher(false);
    private final GatewayServer server = GatewayServer.start(
            Gateway.builder()
                    .authenticator(Authenticator.fixed(Map.of("key", Caller.of("acme"))))
                    .ledger(books)
                    .catalog(ModelCatalog.of(
                            Model.chat("one", new Route("scripted", "one"), Credits.of(1), Credits.of(1))))
                    .provider(provider)
                    .shutdownPatience(Duration.ofMillis(10))
                    .build(),
            metrics,
            () -> true,
            new GatewayServer.Media(new Pictures(fetcher), MediaStore.inMemory(), null),
            new GatewayServer.Repeats(IdempotencyStore.inMemory(), Duration.ofSeconds(20), Duration.ofSeconds(45)),
            new GatewayServer.Limits(Duration.ofSeconds(20), CONNECTIONS, BODY_BYTES),
            List.of(),
            "127.0.0.1",
            0);
    private final ApiClient client =
            new ApiClient(URI.create("http://127.0.0.1:" + server.port() + "/api/v1"), "key", "acme");

    @AfterEach
    void the_books_are_right() {
        server.close();
        fetcher.close();
        metrics.close();
        assertThat(books.audit()).isEmpty();
    }

    /** A body of so many bytes. */
    private static String body(int length) {
        String start = "{\"model\":\"one\",\"messages\":[{\"role\":\"user\",\"content\":\"";
        String end = "\"}]}";
        return start + "x".repeat(length - start.length() - end.length()) + end;
    }

    private Future<Reply> asked(String body, String idempotencyKey) {
        FutureTask<Reply> call = new FutureTask<>(() -> {
            HttpRequest.Builder request = client.request("/chat/completions")
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body));
            return client.send(idempotencyKey.isEmpty() ? request : request.header("Idempotency-Key", idempotencyKey));
        });
        Thread.startVirtualThread(call);
        return call;
    }

    private static void assertTurnedAway(Reply reply) {
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.error().path("type").asText()).isEqualTo("overloaded");
        assertThat(reply.header("Retry-After")).isEqualTo("1");
        assertThat(reply.header("x-should-retry")).isEqualTo("true");
    }

    @Test
    void bodies_that_are_too_much_together_are_turned_away_until_there_is_room() throws Exception {
        provider.stalls();
        Future<Reply> held = asked(body(60_000), "");
        provider.awaitCalls(1);
        assertTurnedAway(asked(body(60_000), "").get());
        assertTurnedAway(asked(body(60_000), "named").get());
        provider.says(new Tokens(1, 1), "Hi");
        assertThat(asked(body(30_000), "").get().status()).isEqualTo(200);
        assertThat(metrics.scrape()).containsPattern("synapse_http_body_bytes 60000(\\.0)?\\n");
        held.cancel(true);
    }

    @Test
    void a_body_counts_as_long_as_its_call_runs_though_its_caller_has_left() throws Exception {
        provider.stalls();
        try (Socket leaving = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            String body = body(60_000);
            leaving.getOutputStream()
                    .write(("POST /api/v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer key\r\n"
                                    + "Content-Type: application/json\r\nIdempotency-Key: mine\r\nContent-Length: "
                                    + body.length() + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
            provider.awaitCalls(1);
        }
        assertTurnedAway(asked(body(60_000), "").get());
    }

    @Test
    void a_body_is_let_go_of_with_its_call() throws Exception {
        for (int i = 0; i < 5; i++) {
            provider.says(new Tokens(1, 1), "Hi");
            assertThat(asked(body(60_000), i % 2 == 0 ? "" : "key-" + i).get().status())
                    .isEqualTo(200);
        }
        assertThat(asked(body(60_000).replace("one", "two"), "").get().status()).isEqualTo(404);
        assertThat(asked(body(60_000), "key-1").get().header("Idempotent-Replayed"))
                .isEqualTo("true");
        assertThat(metrics.scrape()).containsPattern("synapse_http_body_bytes 0(\\.0)?\\n");
    }

    @Test
    void more_connections_than_there_may_be_wait_for_one_that_ends() throws Exception {
        Socket[] open = new Socket[CONNECTIONS];
        for (int i = 0; i < open.length; i++) {
            open[i] = new Socket(InetAddress.getLoopbackAddress(), server.port());
            assertThat(health(open[i])).endsWith("200 OK");
        }
        try (Socket waits = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            waits.setSoTimeout(200);
            assertThatThrownBy(() -> health(waits)).isInstanceOf(SocketTimeoutException.class);
            for (Socket socket : open) {
                socket.close();
            }
            waits.setSoTimeout(20_000);
            assertThat(status(waits)).endsWith("200 OK");
        }
    }

    private static String health(Socket socket) throws IOException {
        socket.getOutputStream().write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return status(socket);
    }

    private static String status(Socket socket) throws IOException {
        return String.valueOf(
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                        .readLine());
    }
}
