package io.synapse.gateway.http.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * This machine's own Chromium without a window, started once for all test classes; where there is none, they are skipped.
 * After every test no page has broken a rule: see {@link Visitor#problems()}.
 */
final class SharedBrowser implements ExecutionCondition, BeforeAllCallback, AfterEachCallback {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final String MISSING =
            "no Chromium on the PATH (" + String.join(", ", NAMES) + "): tests in a browser are skipped";

    private final AtomicReference<Running> running = new AtomicReference<>();
    private final List<Visitor> visitors = new ArrayList<>();

    private record Running(Playwright playwright, Browser browser) implements AutoCloseable {
        @Override
        public void close() {
            browser.close();
            playwright.close();
        }
    }

    private static Optional<Path> program() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .flatMap(place -> NAMES.stream().map(name -> Path.of(place, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (program().isPresent()) {
            return ConditionEvaluationResult.enabled("there is a Chromium");
        }
        // Reports tell the reason, but nobody reads those of a build that is green.
        System.err.println(context.getDisplayName() + ": " + MISSING);
        return ConditionEvaluationResult.disabled(MISSING);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        // Surefire's forks run each class as a plan of its own, in one session.
        ExtensionContext.Store store = context.getStore(
                ExtensionContext.StoreScope.LAUNCHER_SESSION, ExtensionContext.Namespace.create(SharedBrowser.class));
        running.set(store.computeIfAbsent("browser", key -> start(), Running.class));
    }

    private static Running start() {
        // Its own browsers are neither needed nor to be fetched.
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        List<String> arguments = new ArrayList<>(List.of(
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--autoplay-policy=no-user-gesture-required"));
        if ("root".equals(System.getProperty("user.name"))) {
            arguments.add("--no-sandbox");
        }
        return new Running(
                playwright,
                playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(program().orElseThrow())
                                .setArgs(arguments)));
    }

    /** Somebody with a browser of their own: no cookies, no storage. Closed after the test. */
    Visitor visitor(SharedServer server) {
        Visitor visitor =
                new Visitor(running.get().browser(), server.api().resolve("/").toString());
        visitors.add(visitor);
        return visitor;
    }

    /** Somebody who is signed in. */
    Visitor signedIn(SharedServer server, AccountClient as) {
        Visitor visitor = visitor(server);
        visitor.bear(as.cookie());
        return visitor;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        List<String> problems = visitors.stream()
                .flatMap(visitor -> visitor.problems().stream())
                .toList();
        visitors.forEach(Visitor::close);
        visitors.clear();
        assertThat(problems).as("what the pages did wrong").isEmpty();
    }
}
