package io.synapse.gateway.http.app;

import static io.synapse.gateway.http.app.ApiClient.body;
import static io.synapse.gateway.http.app.ApiClient.completion;
import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.billing.Account;
import io.synapse.gateway.billing.KeyRequest;
import io.synapse.gateway.billing.Project;
import io.synapse.gateway.billing.SpendCap;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.http.ServerProcess;
import io.synapse.gateway.http.app.ApiClient.Reply;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.FakeUpstream;
import io.synapse.gateway.testkit.fake.Gate;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private static final String FLAT = body(Cluster.FLAT_MODEL, "");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path directory;

    private static Cluster cluster;
    private static FakeUpstream upstream;

    @BeforeAll
    static void start() throws Exception {
        cluster = new Cluster(directory, "north", "south");
        upstream = cluster.upstream();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void forget() {
        upstream.reset();
    }

    @AfterEach
    void the_books_are_right() throws Exception {
        cluster.requireOrder();
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
        Account account = cluster.account("25");
        List<Reply> replies =
                together(64, cluster.clients(account, Cluster.unlimited(null)), client -> client.chat("test/flat", ""));
        assertThat(replies).filteredOn(reply -> reply.status() == 200).hasSize(25);
        assertThat(replies).filteredOn(reply -> reply.status() == 402).hasSize(39);
        assertThat(upstream.requests()).hasSize(25);
        assertThat(cluster.available(account)).isEqualTo(Credits.ZERO);
    }

    @Test
    void a_projects_cap_is_as_hard() throws Exception {
        upstream.answerAll(request -> Answer.json(200, completion("Hi", 1, 1)));
        Account account = cluster.account("1000");
        Project project = cluster.billing()
                .projects()
                .create(account.id(), "capped", new SpendCap(Credits.of(7), SpendCap.Period.TOTAL), null);
        List<Reply> replies = together(
                32, cluster.clients(account, Cluster.unlimited(project.id())), client -> client.chat("test/flat", ""));
        assertThat(replies).filteredOn(reply -> reply.status() == 200).hasSize(7);
        assertThat(replies)
                .filteredOn(reply -> reply.status() == 402)
                .allMatch(reply -> reply.error().path("type").asText().equals("budget_exceeded"))
                .hasSize(25);
        assertThat(cluster.available(account)).isEqualTo(Credits.of(993));
    }

    @Test
    void of_61_requests_in_a_minute_60_are_admitted() throws Exception {
        List<Reply> replies = together(
                61, cluster.clients(cluster.account("1"), KeyRequest.live("plain")), client -> client.get("/models"));
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
        Account account = cluster.account("10");
        CompletableFuture<Void> opened = CompletableFuture.runAsync(() -> {
            upstream.awaitRequests(1);
            gate.open();
        });
        List<Reply> replies =
                together(50, cluster.clients(account, Cluster.unlimited(null)), client -> named(client, "twins"));
        opened.join();
        assertThat(replies).allMatch(reply -> reply.status() == 200);
        Set<String> bodies = replies.stream().map(Reply::text).collect(Collectors.toSet());
        assertThat(bodies).hasSize(1);
        assertThat(upstream.requests()).hasSize(1);
        assertThat(cluster.available(account)).isEqualTo(Credits.of(9));
    }

    @Test
    void the_books_can_be_read_by_hand_while_servers_run() throws Exception {
        assertThat(Databases.audit(Settings.read(cluster.settings("auditor"), directory)))
                .isEmpty();
        ApiClient client = new ApiClient(
                URI.create("http://127.0.0.1:" + cluster.nodes().getFirst().port()), "", "");
        assertThat(client.get("/metrics").text())
                .contains("synapse_ledger_breaches 0.0")
                .contains("synapse_calls_unsettled 0.0");
    }

    @Test
    void while_the_database_is_away_nobody_is_served_and_nothing_is_lost() throws Exception {
        upstream.answerAll(request -> Answer.json(200, completion("Hi", 1, 1)));
        Account account = cluster.account("10");
        List<ApiClient> clients = cluster.clients(account, Cluster.unlimited(null));
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
        cluster.cable().cut();
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
            cluster.cable().mend();
        }
        Await.until("it is paid for", () -> {
            try {
                return cluster.available(account).equals(Credits.of(8));
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
        Account account = cluster.account("10");
        List<ApiClient> clients = cluster.clients(account, Cluster.unlimited(null));
        Map<String, String> settings = cluster.settings("doomed");
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
        assertThat(cluster.available(account)).as("still held").isEqualTo(Credits.of(9));
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
        assertThat(cluster.available(account)).as("one charge").isEqualTo(Credits.of(9));
    }
}
