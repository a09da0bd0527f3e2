package io.synapse.gateway.http.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.billing.Account;
import io.synapse.gateway.billing.Account.Role;
import io.synapse.gateway.billing.Accounts;
import io.synapse.gateway.billing.KeyRequest;
import io.synapse.gateway.billing.Keys;
import io.synapse.gateway.billing.Projects;
import io.synapse.gateway.credit.CreditLedger;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.testkit.fake.FakeUpstream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The whole server on its embedded PostgreSQL, started once for all test classes, with a fake upstream behind the providers
 * {@code groq} and {@code openai}. After every test nothing runs any more and the books are right.
 */
public final class SharedServer implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback {
    /** Costs exactly one credit a request. */
    public static final String FLAT_MODEL = "test/flat";
    /** Costs a tenth of a credit a token, in and out; its upstream bills on when it is cancelled. */
    public static final String TOKEN_MODEL = "test/tokens";
    /** Costs the same; its upstream stops its bill when it is cancelled. */
    public static final String CANCELLED_MODEL = "test/cancelled";
    /** Costs a credit a character. */
    public static final String VOICE_MODEL = "test/voice";

    private static final String CATALOG = """
        models:
          - id: test/flat
            modality: text-generation
            owned_by: test
            created: 2026-01-01
            routes: [{provider: groq, upstream: flat-upstream}]
            pricing: {unit: requests, request: 1, valid_from: 2026-01-01}
            context_window: 100000
            max_output_tokens: 32000
          - id: test/tokens
            modality: text-generation
            owned_by: test
            created: 2026-01-01
            routes: [{provider: groq, upstream: token-upstream}]
            pricing: {unit: tokens, input: 100000, output: 100000, valid_from: 2026-01-01}
            context_window: 100000
            max_output_tokens: 32000
          - id: test/cancelled
            modality: text-generation
            owned_by: test
            created: 2026-01-01
            routes: [{provider: openai, upstream: token-upstream}]
            pricing: {unit: tokens, input: 100000, output: 100000, valid_from: 2026-01-01}
            context_window: 100000
            max_output_tokens: 32000
          - id: test/voice
            modality: text-to-speech
            owned_by: test
            created: 2026-01-01
            routes: [{provider: openai, upstream: voice-upstream}]
            pricing: {unit: characters, input: 1, valid_from: 2026-01-01}
          - id: test/vision
            modality: image-to-text
            owned_by: test
            created: 2026-01-01
            routes: [{provider: groq, upstream: vision-upstream}]
            pricing: {unit: tokens, input: 1000, output: 1000, valid_from: 2026-01-01}
          - id: test/nobody
            modality: text-generation
            owned_by: test
            created: 2026-01-01
            routes: [{provider: mistral, upstream: nobody}]
            pricing: {unit: tokens, input: 1000, output: 1000, valid_from: 2026-01-01}
        """;

    private final AtomicReference<Running> running = new AtomicReference<>();

    private record Running(Application application, Path directory, AtomicReference<FakeUpstream> upstream)
            implements AutoCloseable {
        @Override
        public void close() throws IOException {
            application.close();
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        // Surefire's forks run each class as a plan of its own, in one session.
        ExtensionContext.Store store = context.getStore(
                ExtensionContext.StoreScope.LAUNCHER_SESSION, ExtensionContext.Namespace.create(SharedServer.class));
        running.set(store.computeIfAbsent("server", key -> start(), Running.class));
    }

    private static Running start() {
        try {
            Path directory = Files.createTempDirectory("synapse-http-test");
            Path catalog = Files.writeString(directory.resolve("catalog.yaml"), CATALOG);
            FakeUpstream upstream = new FakeUpstream();
            Map<String, String> settings = new HashMap<>();
            settings.put("SYNAPSE_PORT", "0");
            settings.put("SYNAPSE_DATA_DIR", directory.resolve("data").toString());
            settings.put("SYNAPSE_CATALOG", catalog.toString());
            settings.put("SYNAPSE_UPSTREAM_TIMEOUT_SECONDS", "3");
            settings.put("SYNAPSE_SEND_TIMEOUT_SECONDS", "1");
            settings.put("GROQ_API_KEY", "upstream-secret");
            settings.put("GROQ_BASE_URL", upstream.uri() + "/v1");
            settings.put("OPENAI_API_KEY", "upstream-secret");
            settings.put("OPENAI_BASE_URL", upstream.uri() + "/v1");
            Application application = Application.start(Settings.read(settings, directory));
            return new Running(application, directory, new AtomicReference<>(upstream));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        upstream().reset();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        Await.until("every call is over", () -> application().gateway().inFlight() == 0);
        assertThat(ledger().audit()).as("the books").isEmpty();
    }

    Application application() {
        return running.get().application();
    }

    /** The paths that the server serves, as patterns such as {@code /api/v1/models/{id}}. */
    Set<String> paths() {
        // The rest of a path, slashes included, is as good as a name in it.
        return application().paths().stream()
                .map(path -> path.replace('<', '{').replace('>', '}'))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The upstream behind {@code groq}. */
    public FakeUpstream upstream() {
        return running.get().upstream().get();
    }

    public CreditLedger ledger() {
        return application().billing().ledger();
    }

    public Accounts accounts() {
        return application().billing().accounts();
    }

    public Keys keys() {
        return application().billing().keys();
    }

    public Projects projects() {
        return application().billing().projects();
    }

    /** Runs SQL that goes past the program. */
    public void execute(String sql) throws SQLException {
        try (Connection connection = application().database().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The base of the API. */
    public URI api() {
        return URI.create("http://127.0.0.1:" + application().port() + "/api/v1");
    }

    /** A client with a live key of a new account that has so many credits. */
    public ApiClient clientWith(String credits) {
        Account account = newAccount(credits);
        return new ApiClient(
                api(), keys().create(account.id(), KeyRequest.live("test")).secret(), account.wallet());
    }

    /** A client with a test key of a new account. */
    public ApiClient testClient() {
        Account account = newAccount("0");
        return new ApiClient(
                api(), keys().create(account.id(), KeyRequest.test("test")).secret(), account.testWallet());
    }

    public Account newAccount(String credits) {
        return accounts().create(UUID.randomUUID() + "@example.test", "Test", Role.USER, null, Credits.parse(credits));
    }
}
