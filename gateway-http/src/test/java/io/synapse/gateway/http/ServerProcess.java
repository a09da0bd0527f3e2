package io.synapse.gateway.http;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The server as its user runs it: a process of its own, told what to do by its environment. */
public final class ServerProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Process process;
    private final int port;
    private final Path output;

    private ServerProcess(Process process, int port, Path output) {
        this.process = process;
        this.port = port;
        this.output = output;
    }

    /** Starts one with its data under a directory, and waits until it is ready. */
    public static ServerProcess start(Path directory, Map<String, String> settings) throws Exception {
        ServerProcess server = launch(directory, settings);
        server.awaitReady();
        return server;
    }

    /** Starts one and does not wait. */
    public static ServerProcess launch(Path directory, Map<String, String> settings) throws IOException {
        Path output = Files.createTempFile(directory, "server-", ".log");
        int port = freePort();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx512m");
        // With the compilers and the collector of whoever starts it: a test wants it soon, a load run at its best.
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("-XX:Tiered") || argument.endsWith("GC"))
                .forEach(command::add);
        command.addAll(
                List.of("-classpath", System.getProperty("java.class.path"), "io.synapse.gateway.http.app.Main"));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("SYNAPSE_"));
        Map<String, String> all = new HashMap<>(settings);
        all.putIfAbsent("SYNAPSE_PORT", Integer.toString(port));
        all.putIfAbsent("SYNAPSE_DATA_DIR", directory.resolve("data").toString());
        builder.environment().putAll(all);
        builder.directory(directory.toFile()).redirectErrorStream(true).redirectOutput(output.toFile());
        return new ServerProcess(builder.start(), Integer.parseInt(all.get("SYNAPSE_PORT")), output);
    }

    /** The base of the API. */
    public URI api() {
        return URI.create("http://127.0.0.1:" + port + "/api/v1");
    }

    /** What it has printed. */
    public String output() throws IOException {
        return Files.readString(output);
    }

    /** Waits until it serves. */
    public void awaitReady() throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (System.nanoTime() < end && process.isAlive()) {
                try {
                    HttpRequest ask = HttpRequest.newBuilder(api().resolve("/readyz"))
                            .timeout(Duration.ofSeconds(5))
                            .build();
                    if (client.send(ask, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
                        return;
                    }
                } catch (IOException e) {
                    // It does not listen yet.
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
        process.destroyForcibly();
        throw new IllegalStateException("the server did not start:\n" + output());
    }

    /** Waits until it ends by itself; its exit status. */
    public int awaitExit() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("the server did not end");
        }
        return process.exitValue();
    }

    /** {@code kill -9}. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** {@code kill}: it ends by itself. */
    public void stop() {
        process.destroy();
    }

    @Override
    public void close() {
        stop();
        try {
            awaitExit();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
