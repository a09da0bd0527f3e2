package io.synapse.gateway.http.app;

import static io.synapse.gateway.http.app.ApiClient.completion;
import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.billing.Account;
import io.synapse.gateway.billing.Project;
import io.synapse.gateway.billing.SpendCap;
import io.synapse.gateway.credit.Charge;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.http.ServerProcess;
import io.synapse.gateway.http.app.ApiClient.Reply;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.FakeUpstream;
import io.synapse.gateway.testkit.fake.Gate;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Whole servers and the whole database die in the middle of their work, and come back. */
class ServerFaultsTest {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path directory;

    private static Cluster cluster;
    private static FakeUpstream upstream;

    @BeforeAll
    static void start() throws Exception {
        cluster = new Cluster(directory, "steady");
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

    private static long number(String sql) throws SQLException {
        try (Connection connection = cluster.nodes().getFirst().database().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Somebody with a key, who buys wherever there is a server. */
    private record Buyer(ApiClient steady, AtomicReference<ApiClient> other, Set<String> acknowledged) {
        Buyer(Account account, String project, URI other) {
            this(
                    cluster.clients(account, Cluster.unlimited(project)).getFirst(),
                    new AtomicReference<>(),
                    ConcurrentHashMap.newKeySet());
            moved(other);
        }

        void moved(URI to) {
            other.set(new ApiClient(to, steady.key(), steady.wallet()));
        }

        /** Asks now here, now there, until there is nothing more to be had. */
        void buyAll() throws Exception {
            for (int i = 0; ; i++) {
                try {
                    Reply reply = (i % 2 == 0 ? steady : other.get()).chat(Cluster.FLAT_MODEL, "");
                    switch (reply.status()) {
                        case 200 -> acknowledged.add(reply.header("X-Request-Id"));
                        case 402 -> {
                            return;
                        }
                        case 503 -> assertThat(reply.header("x-should-retry")).isEqualTo("true");
                        default -> throw new AssertionError(reply.status() + " " + reply.text());
                    }
                } catch (IOException e) {
                    // The server died under it, or is not back yet.
                }
            }
        }
    }

    private static void all(ExecutorService threads, int callers, List<Buyer> buyers, List<Future<?>> ends) {
        for (int i = 0; i < callers; i++) {
            Buyer buyer = buyers.get(i % buyers.size());
            ends.add(threads.submit(() -> {
                buyer.buyAll();
                return null;
            }));
        }
    }

    @Test
    void credits_and_caps_hold_while_one_of_two_servers_is_killed_and_comes_back() throws Exception {
        Account poor = cluster.account("150");
        Account capped = cluster.account("1000");
        Project project = cluster.billing()
                .projects()
                .create(capped.id(), "capped", new SpendCap(Credits.of(100), SpendCap.Period.TOTAL), null);
        Map<String, String> settings = cluster.settings("doomed");
        settings.remove("SYNAPSE_PORT");
        settings.put("SYNAPSE_HOLD_LEASE_SECONDS", "5");
        ServerProcess doomed = ServerProcess.start(directory, settings);
        Gate gate = new Gate();
        AtomicInteger asked = new AtomicInteger();
        upstream.answerAll(request -> {
            Answer answer = Answer.json(200, completion("Hi", 1, 1));
            // From the 60th on they wait until the server is dead, so that it dies with many of them in its hands.
            return asked.incrementAndGet() < 60 ? answer : Answer.stall(gate, answer);
        });
        List<Buyer> buyers =
                List.of(new Buyer(poor, null, doomed.api()), new Buyer(capped, project.id(), doomed.api()));
        List<Future<?>> ends = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            all(threads, 64, buyers, ends);
            upstream.awaitRequests(100);
            doomed.kill();
            try (ServerProcess back = ServerProcess.launch(directory, settings)) {
                gate.open();
                for (Future<?> end : ends) {
                    end.get();
                }
                back.awaitReady();
                buyers.forEach(buyer -> buyer.moved(back.api()));
                Await.until(
                        "the dead server's holds are gone",
                        () -> number("SELECT count(*) FROM synapse.charge WHERE state = 'reserved'") == 0);
                ends.clear();
                all(threads, 64, buyers, ends);
                for (Future<?> end : ends) {
                    end.get();
                }
            }
        }
        assertThat(cluster.available(poor)).as("all is sold").isEqualTo(Credits.ZERO);
        assertThat(cluster.available(capped)).as("as far as the cap").isEqualTo(Credits.of(900));
        String theirs = " IN ('" + poor.wallet() + "', '" + capped.wallet() + "')";
        String charges = "SELECT count(*) FROM synapse.charge WHERE wallet" + theirs + " AND state = ";
        assertThat(number(charges + "'settled'"))
                .as("as many as there is money for")
                .isEqualTo(250);
        assertThat(number(charges + "'expired'"))
                .as("calls that died with the server")
                .isPositive();
        assertThat(number("SELECT sum(held) FROM synapse.wallet WHERE id" + theirs))
                .isZero();
        for (Buyer buyer : buyers) {
            assertThat(buyer.acknowledged()).hasSizeBetween(1, 150).allSatisfy(request -> {
                Charge charge = cluster.billing()
                        .ledger()
                        .find(buyer.steady().wallet(), request)
                        .orElseThrow();
                assertThat(charge.state()).isEqualTo(Charge.State.SETTLED);
                assertThat(charge.charged()).isEqualTo(Credits.of(1));
            });
        }
    }

    @Test
    void a_database_that_dies_lets_nobody_through_and_loses_nothing() throws Exception {
        upstream.answerAll(request -> Answer.json(200, completion("Hi", 1, 1)));
        Account account = cluster.account("10");
        ApiClient client = cluster.clients(account, Cluster.unlimited(null)).getFirst();
        ApiClient root = new ApiClient(client.api().resolve("/"), "", "");
        assertThat(client.chat(Cluster.FLAT_MODEL, "").status()).isEqualTo(200);
        Gate gate = new Gate();
        upstream.reset();
        upstream.answer(Answer.stall(gate, Answer.json(200, completion("during", 1, 1))));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<Reply> during = asking(client, threads);
            upstream.awaitRequests(1);
            cluster.killDatabase();
            List<CompletableFuture<Reply>> refused = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                refused.add(asking(client, threads));
            }
            for (CompletableFuture<Reply> each : refused) {
                Reply reply = each.get();
                assertThat(reply.status()).as(reply.text()).isEqualTo(503);
                assertThat(reply.error().path("type").asText()).isEqualTo("overloaded");
                assertThat(reply.header("Retry-After")).isNotNull();
            }
            assertThat(root.get("readyz").status()).isEqualTo(503);
            assertThat(root.get("healthz").status()).isEqualTo(200);
            gate.open();
            assertThat(during.get().firstText()).as("it was held and made").isEqualTo("during");
            assertThat(upstream.requests()).as("nobody is asked without a hold").hasSize(1);
        } finally {
            cluster.restartDatabase();
        }
        Await.until("the server is ready again", () -> root.get("readyz").status() == 200);
        Await.until(
                "what was made meanwhile is paid for",
                () -> cluster.nodes().getFirst().gateway().unsettled() == 0);
        assertThat(cluster.available(account)).isEqualTo(Credits.of(8));
        upstream.answerAll(request -> Answer.json(200, completion("after", 1, 1)));
        assertThat(client.chat(Cluster.FLAT_MODEL, "").firstText()).isEqualTo("after");
        assertThat(cluster.available(account)).isEqualTo(Credits.of(7));
    }

    private static CompletableFuture<Reply> asking(ApiClient client, ExecutorService threads) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return client.chat(Cluster.FLAT_MODEL, "");
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                threads);
    }
}
