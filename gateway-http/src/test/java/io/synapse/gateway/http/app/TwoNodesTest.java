package io.synapse.gateway.http.app;

import static io.synapse.gateway.http.app.ApiClient.body;
import static io.synapse.gateway.http.app.ApiClient.completion;
import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.billing.Account;
import io.synapse.gateway.billing.EmbeddedDatabase;
import io.synapse.gateway.billing.KeyRequest;
import io.synapse.gateway.billing.Project;
import io.synapse.gateway.billing.SpendCap;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.http.ServerProcess;
import io.synapse.gateway.http.app.ApiClient.Reply;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.Cable;
import io.synapse.gateway.testkit.fake.FakeUpstream;
import io.synapse.gateway.testkit.fake.Gate;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Two servers on one database: whatever holds for one holds for both together. */
class TwoNodesTest {
    private static final String CATALOG = """
        models:
          - id: test/flat
            modality: text-generation
            owned_by: test
            routes: [{provider: groq, upstream: flat-upstream}]
            pricing: {unit: requests, request: 1, valid_from: 2026-01-01}
        """;
    private static final String FLAT = body("test/flat", "");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path directory;

    private static FakeUpstream upstream;
    private static EmbeddedDatabase database;
    private static Cable cable;
    private static final List<Application> NODES = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        upstream = new FakeUpstream();
        database = EmbeddedDatabase.start(directory.resolve("database"));
        cable = new Cable(URI.create(database.url().substring("jdbc:".length())).getPort());
        Files.writeString(directory.resolve("catalog.yaml"), CATALOG);
        for (String name : List.of("north", "south")) {
            NODES.add(Application.start(Settings.read(settings(name), directory)));
        }
    }

    /** The settings of a node; both share the database, by way of the cable, and the store of media. */
    private static Map<String, String> settings(String node) {
        Map<String, String> settings = new HashMap<>();
        URI url = URI.create(database.url().substring("jdbc:".length()));
        settings.put("SYNAPSE_PORT", "0");
        settings.put("SYNAPSE_DATABASE_URL", "jdbc:postgresql://127.0.0.1:" + cable.port() + url.getPath());
        settings.put("SYNAPSE_DATABASE_USER", database.user());
        settings.put("SYNAPSE_DATABASE_PASSWORD", database.password());
        settings.put("SYNAPSE_DATA_DIR", directory.resolve(node).toString());
        settings.put("SYNAPSE_MEDIA_DIR", directory.resolve("media").toString());
        settings.put("SYNAPSE_CATALOG", directory.resolve("catalog.yaml").toString());
        settings.put("SYNAPSE_UPSTREAM_TIMEOUT_SECONDS", "120");
        settings.put("GROQ_API_KEY", "x");
        settings.put("GROQ_BASE_URL", upstream.uri() + "/v1");
        return settings;
    }

    @AfterAll
    static void stop() {
        NODES.forEach(Application::close);
        NODES.clear();
        cable.close();
        database.close();
        upstream.close();
    }

    @BeforeEach
    void forget() {
        upstream.reset();
    }

    @AfterEach
    void the_books_are_right() throws Exception {
        for (Application node : NODES) {
            Await.until("every call is over", () -> node.gateway().inFlight() == 0);
        }
        assertThat(NODES.getFirst().billing().ledger().audit()).isEmpty();
    }

    private static Account account(String credits) {
        return NODES.getFirst()
                .billing()
                .accounts()
                .create(UUID.randomUUID() + "@example.test", "Test", Account.Role.USER, null, Credits.parse(credits));
    }

    private static Credits available(Account account) {
        return NODES.getFirst().billing().ledger().available(account.wallet());
    }

    /** The same key, asked at either node. */
    private static List<ApiClient> clients(Account account, KeyRequest request) {
        String secret =
                NODES.getFirst().billing().keys().create(account.id(), request).secret();
        return NODES.stream()
                .map(node -> new ApiClient(
                        URI.create("http://127.0.0.1:" + node.port() + "/api/v1"), secret, account.wallet()))
                .toList();
    }

    private static KeyRequest unlimited(String project) {
        return new KeyRequest("many", project, false, null, 100_000);
    }

    /** So many callers at once, half of them at each node. */
    private static List<Reply> together(int count, List<ApiClient> clients, Asking asking) throws Exception {
        List<Callable<Reply>> callers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ApiClient client = clients.get(i % clients.size());
            callers.add(() -> asking.ask(client));
        }
        List<Reply> replies = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Reply> reply : threads.invokeAll(callers)) {
                replies.add(reply.get());
            }
        }
        return replies;
    }

    private interface Asking {
        Reply ask(ApiClient client) throws Exception;
    }

    private static Reply named(ApiClient client, String key) throws Exception {
        return client.send(client.request("/chat/completions")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString(FLAT)));
    }

    @Test
    void of_64_callers_with_credits_for_25_exactly_25_are_served() throws Exception {
        upstream.answerAll(request -> Answer.json(200, completion("Hi", 1, 1)));
        Account account = account("25");
        List<Reply> replies = together(64, clients(account, unlimited(null)), client -> client.chat("test/flat", ""));
        assertThat(replies).filteredOn(reply -> reply.status() == 200).hasSize(25);
        assertThat(replies).filteredOn(reply -> reply.status() == 402).hasSize(39);
        assertThat(upstream.requests()).hasSize(25);
        assertThat(available(account)).isEqualTo(Credits.ZERO);
    }

    @Test
    void a_projects_cap_is_as_hard() throws Exception {
        upstream.answerAll(request -> Answer.json(200, completion("Hi", 1, 1)));
        Account account = account("1000");
        Project project = NODES.getFirst()
                .billing()
                .projects()
                .create(account.id(), "capped", new SpendCap(Credits.of(7), SpendCap.Period.TOTAL), null);
        List<Reply> replies =
                together(32, clients(account, unlimited(project.id())), client -> client.chat("test/flat", ""));
        assertThat(replies).filteredOn(reply -> reply.status() == 200).hasSize(7);
        assertThat(replies)
                .filteredOn(reply -> reply.status() == 402)
                .allMatch(reply -> reply.error().path("type").asText().equals("budget_exceeded"))
                .hasSize(25);
        assertThat(available(account)).isEqualTo(Credits.of(993));
    }

    @Test
    void of_61_requests_in_a_minute_60_are_admitted() throws Exception {
        List<Reply> replies =
                together(61, clients(account("1"), KeyRequest.live("plain")), client -> client.get("/models"));
        assertThat(replies).filteredOn(reply -> reply.status() == 200).hasSize(60);
        assertThat(replies)
                .filteredOn(reply -> reply.status() == 429)
                .singleElement()
                .satisfies(reply -> assertThat(reply.header("Retry-After")).isNotNull());
    }

    @Test
    void of_50_twins_one_runs_and_all_get_its_answer() throws Exception {
        Gate gate = new Gate();
        upstream.answer(Answer.stall(gate, Answer.json(200, completion("once", 1, 1))));
        Account account = account("10");
        CompletableFuture<Void> opened = CompletableFuture.runAsync(() -> {
            upstream.awaitRequests(1);
            gate.open();
        });
        List<Reply> replies = together(50, clients(account, unlimited(null)), client -> named(client, "twins"));
        opened.join();
        assertThat(replies).allMatch(reply -> reply.status() == 200);
        Set<String> bodies = replies.stream().map(Reply::text).collect(Collectors.toSet());
        assertThat(bodies).hasSize(1);
        assertThat(upstream.requests()).hasSize(1);
        assertThat(available(account)).isEqualTo(Credits.of(9));
    }

    @Test
    void the_books_can_be_read_by_hand_while_servers_run() throws Exception {
        assertThat(Databases.audit(Settings.read(settings("auditor"), directory)))
                .isEmpty();
        ApiClient client =
                new ApiClient(URI.create("http://127.0.0.1:" + NODES.getFirst().port()), "", "");
        assertThat(client.get("/metrics").text())
                .contains("synapse_ledger_breaches 0.0")
                .contains("synapse_calls_unsettled 0.0");
    }

    @Test
    void while_the_database_is_away_nobody_is_served_and_nothing_is_lost() throws Exception {
        upstream.answerAll(request -> Answer.json(200, completion("Hi", 1, 1)));
        Account account = account("10");
        List<ApiClient> clients = clients(account, unlimited(null));
        assertThat(clients.getFirst().chat("test/flat", "").status()).isEqualTo(200);
        Gate gate = new Gate();
        upstream.reset();
        upstream.answer(Answer.stall(gate, Answer.json(200, completion("during", 1, 1))));
        CompletableFuture<Reply> during = CompletableFuture.supplyAsync(() -> {
            try {
                return clients.getFirst().chat("test/flat", "");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        upstream.awaitRequests(1);
        cable.cut();
        try {
            for (ApiClient client : clients) {
                Reply reply = client.chat("test/flat", "");
                assertThat(reply.status()).isEqualTo(503);
                assertThat(reply.error().path("type").asText()).isEqualTo("overloaded");
            }
            gate.open();
            assertThat(during.get().firstText()).as("it was held and made").isEqualTo("during");
            assertThat(upstream.requests()).hasSize(1);
        } finally {
            cable.mend();
        }
        Await.until("it is paid for", () -> {
            try {
                return available(account).equals(Credits.of(8));
            } catch (RuntimeException e) {
                return false;
            }
        });
        upstream.answerAll(request -> Answer.json(200, completion("after", 1, 1)));
        Await.until(
                "both serve again",
                () -> clients.stream().allMatch(client -> {
                    try {
                        return client.chat("test/flat", "").status() == 200;
                    } catch (Exception e) {
                        return false;
                    }
                }));
    }

    @Test
    void a_node_that_is_killed_leaves_its_money_and_its_keys_to_the_others() throws Exception {
        Account account = account("10");
        List<ApiClient> clients = clients(account, unlimited(null));
        Map<String, String> settings = settings("doomed");
        settings.remove("SYNAPSE_PORT");
        settings.put("SYNAPSE_HOLD_LEASE_SECONDS", "10");
        upstream.answer(Answer.stall(), Answer.json(200, completion("at last", 1, 1)));
        ServerProcess doomed = ServerProcess.start(directory, settings);
        ApiClient there = new ApiClient(doomed.api(), clients.getFirst().key(), account.wallet());
        CompletableFuture<Void> caller = CompletableFuture.runAsync(() -> {
            try {
                named(there, "orphan");
            } catch (Exception e) {
                // The server dies under it.
            }
        });
        upstream.awaitRequests(1);
        doomed.kill();
        caller.join();
        assertThat(available(account)).as("still held").isEqualTo(Credits.of(9));
        Reply heir = clients.get(1)
                .send(clients.get(1)
                        .request("/chat/completions")
                        .timeout(java.time.Duration.ofSeconds(110))
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", "orphan")
                        .POST(HttpRequest.BodyPublishers.ofString(FLAT)));
        assertThat(heir.status()).as(heir.text()).isEqualTo(200);
        assertThat(heir.firstText()).isEqualTo("at last");
        assertThat(upstream.requests()).hasSize(2);
        assertThat(available(account)).as("one charge").isEqualTo(Credits.of(9));
    }
}
