package io.synapse.gateway.http.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The system's own Chromium, without a window, driven by the Chrome DevTools Protocol
 * (https://chromedevtools.github.io/devtools-protocol/). For one thread.
 */
final class Browser implements AutoCloseable {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final int ANSWER_SECONDS = 20;

    private final Process process;
    private final Path directory;
    private final HttpClient http = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final AtomicInteger last = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private final StringBuilder partial = new StringBuilder();

    private Browser(Path program) throws Exception {
        directory = Files.createTempDirectory("synapse-browser");
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--headless=new",
                "--remote-debugging-port=0",
                "--no-first-run",
                "--disable-gpu",
                "--user-data-dir=" + directory));
        if ("root".equals(System.getProperty("user.name"))) {
            command.add("--no-sandbox");
        }
        command.add("about:blank");
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Path port = directory.resolve("DevToolsActivePort");
        Await.until("the browser listens", () -> lines(port) >= 2);
        String address = "http://127.0.0.1:" + Files.readAllLines(port).getFirst() + "/json";
        JsonNode page = null;
        for (JsonNode target : ApiClient.JSON.readTree(
                http.send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString())
                        .body())) {
            if (target.path("type").asText().equals("page")) {
                page = target;
            }
        }
        if (page == null) {
            throw new IllegalStateException("the browser has no page");
        }
        socket = http.newWebSocketBuilder()
                .buildAsync(URI.create(page.path("webSocketDebuggerUrl").asText()), new Listener())
                .get(ANSWER_SECONDS, TimeUnit.SECONDS);
        for (String domain : List.of("Page", "Runtime", "Log")) {
            send(domain + ".enable", Map.of());
        }
    }

    /** The browser of this machine, or empty if it has none. */
    static Optional<Browser> start() throws Exception {
        for (String place : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            for (String name : NAMES) {
                Path program = Path.of(place, name);
                if (Files.isExecutable(program)) {
                    return Optional.of(new Browser(program));
                }
            }
        }
        return Optional.empty();
    }

    private static int lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file).size() : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    private final class Listener implements WebSocket.Listener {
        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean isLast) {
            partial.append(data);
            if (isLast) {
                String whole = partial.toString();
                partial.setLength(0);
                receive(whole);
            }
            from.request(1);
            return null;
        }
    }

    private void receive(String text) {
        try {
            JsonNode message = ApiClient.JSON.readTree(text);
            CompletableFuture<JsonNode> answer =
                    waiting.remove(message.path("id").asInt());
            if (answer != null) {
                answer.complete(message);
            } else if (message.path("method").asText().equals("Runtime.exceptionThrown")) {
                problems.add(message.at("/params/exceptionDetails").toString());
            } else if (message.path("method").asText().equals("Log.entryAdded")
                    && message.at("/params/entry/source").asText().equals("security")) {
                problems.add(message.at("/params/entry/text").asText());
            }
        } catch (IOException e) {
            problems.add(text);
        }
    }

    private JsonNode send(String method, Map<String, Object> params) throws Exception {
        int id = last.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        ObjectNode message = ApiClient.JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", ApiClient.JSON.valueToTree(params));
        socket.sendText(message.toString(), true).get(ANSWER_SECONDS, TimeUnit.SECONDS);
        return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
    }

    /** What an expression of JavaScript gives in the page. */
    JsonNode evaluate(String expression) throws Exception {
        JsonNode answer =
                send("Runtime.evaluate", Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
        JsonNode failed = answer.at("/result/exceptionDetails");
        if (!failed.isMissingNode()) {
            throw new AssertionError(expression + ": " + failed);
        }
        return answer.at("/result/result/value");
    }

    /** Waits until an expression is true. */
    void await(String expression) throws Exception {
        String text = "(() => { try { return !!(" + expression + "); } catch { return false; } })()";
        Await.until(expression, () -> {
            try {
                return evaluate(text).asBoolean();
            } catch (Exception e) {
                // Between two pages there is nothing to ask.
                return false;
            }
        });
    }

    /** Opens an address and waits until its page is shown. */
    void open(URI address) throws Exception {
        send("Page.navigate", Map.of("url", address.toString()));
        await("location.pathname === '" + address.getPath() + "' && document.querySelector('main')"
                + " && !document.querySelector('main > .skeleton')");
    }

    /** How wide and high the window is. */
    void size(int width, int height) throws Exception {
        send(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    }

    /** Presses a button or follows a link of the page or its dialog, by its words. */
    void press(String words) throws Exception {
        String find = "[...(document.querySelector('dialog[open]') ??"
                + " document.querySelector('main')).querySelectorAll('button, a')].find((one) => one.offsetParent"
                + " && !one.disabled && one.textContent.trim() === '" + words
                + "')";
        await(find);
        evaluate(find + ".click()");
    }

    /** Writes into a field as a person would. */
    void fill(String selector, String value) throws Exception {
        await("document.querySelector(\"" + selector + "\")");
        evaluate("(() => { const field = document.querySelector(\"" + selector + "\"); field.value = "
                + ApiClient.JSON.writeValueAsString(value)
                + "; field.dispatchEvent(new Event('input', { bubbles: true })); })()");
    }

    /** All that the page shows. */
    String text() throws Exception {
        return evaluate("document.body.innerText").asText();
    }

    /** Exceptions of scripts, and what the content security policy forbade, up to now. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    @Override
    public void close() throws IOException {
        socket.abort();
        http.close();
        process.destroy();
        // What it still writes would stand in the way of the directory's end.
        process.onExit().orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS).join();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
