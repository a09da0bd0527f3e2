package io.synapse.gateway.http.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.billing.Account;
import io.synapse.gateway.billing.Billing;
import io.synapse.gateway.billing.EmbeddedDatabase;
import io.synapse.gateway.billing.KeyRequest;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.testkit.fake.Cable;
import io.synapse.gateway.testkit.fake.FakeUpstream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Servers on one PostgreSQL, which they reach by a cable, with a fake upstream behind {@code groq}. Those that are named run
 * in this process; others can be started as processes with {@link #settings}.
 */
final class Cluster implements AutoCloseable {
    /** Costs exactly one credit a request. */
    static final String FLAT_MODEL = "test/flat";

    private static final String CATALOG = """
        models:
          - id: test/flat
            modality: text-generation
            owned_by: test
            routes: [{provider: groq, upstream: flat-upstream}]
            pricing: {unit: requests, request: 1, valid_from: 2026-01-01}
        """;

    private final Path directory;
    private final FakeUpstream upstream = new FakeUpstream();
    private final Cable cable;
    private final List<Application> nodes = new ArrayList<>();
    private EmbeddedDatabase database;

    /** Starts a database and so many servers. */
    Cluster(Path directory, String... names) throws IOException {
        this.directory = directory;
        database = EmbeddedDatabase.start(directory.resolve("database"));
        cable = new Cable(databasePort());
        Files.writeString(directory.resolve("catalog.yaml"), CATALOG);
        for (String name : names) {
            nodes.add(Application.start(Settings.read(settings(name), directory)));
        }
    }

    private int databasePort() {
        return URI.create(database.url().substring("jdbc:".length())).getPort();
    }

    /** The settings of a server: all share the database and the store of media. */
    Map<String, String> settings(String node) {
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

    Path directory() {
        return directory;
    }

    FakeUpstream upstream() {
        return upstream;
    }

    /** From the servers to the database. */
    Cable cable() {
        return cable;
    }

    /** The servers in this process. */
    List<Application> nodes() {
        return nodes;
    }

    /** The stores, as one of them sees them. */
    Billing billing() {
        return nodes.getFirst().billing();
    }

    /** PostgreSQL stops in the middle of whatever it does, as {@code pg_ctl --mode=immediate} has it. */
    void killDatabase() throws Exception {
        Path pidFile = directory.resolve("database/postgres/data/postmaster.pid");
        long pid = Long.parseLong(Files.readAllLines(pidFile).getFirst().strip());
        ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
        assertThat(new ProcessBuilder("kill", "-QUIT", Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
        Await.until("PostgreSQL is gone", () -> !postmaster.isAlive() || isZombie(pid));
    }

    /** In containers often nobody asks what became of a process. */
    private static boolean isZombie(long pid) throws IOException {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        return Files.exists(status) && Files.readString(status).lines().anyMatch(line -> line.matches("State:\\s+Z.*"));
    }

    /** PostgreSQL comes back with what it had committed. */
    void restartDatabase() {
        database.close();
        database = EmbeddedDatabase.start(directory.resolve("database"));
        cable.to(databasePort());
    }

    Account account(String credits) {
        return billing()
                .accounts()
                .create(UUID.randomUUID() + "@example.test", "Test", Account.Role.USER, null, Credits.parse(credits));
    }

    Credits available(Account account) {
        return billing().ledger().available(account.wallet());
    }

    /** The same key, asked at each of the servers in this process. */
    List<ApiClient> clients(Account account, KeyRequest request) {
        String secret = billing().keys().create(account.id(), request).secret();
        return nodes.stream()
                .map(node -> new ApiClient(
                        URI.create("http://127.0.0.1:" + node.port() + "/api/v1"), secret, account.wallet()))
                .toList();
    }

    /** A key that no rate limit holds up. */
    static KeyRequest unlimited(String project) {
        return new KeyRequest("many", project, false, null, 100_000);
    }

    /** Nothing runs any more, and the books are right. */
    void requireOrder() throws Exception {
        for (Application node : nodes) {
            Await.until("every call is over", () -> node.gateway().inFlight() == 0);
        }
        assertThat(billing().ledger().audit()).isEmpty();
    }

    @Override
    public void close() {
        nodes.forEach(Application::close);
        cable.close();
        database.close();
        upstream.close();
    }
}
