package io.synapse.gateway.http.app;

import io.synapse.gateway.billing.EmbeddedDatabaseException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Starts the server and ends it when the process is asked to. */
public final class Main {
    private static final int WRONG_SETTINGS = 2;
    private static final int WRONG_BOOKS = 1;

    private Main() {}

    /**
     * Runs until the process is asked to stop; or, told {@code audit}, recomputes the books of the database, prints what is
     * wrong with them, and ends with status 0 if that is nothing.
     *
     * @param args none, or {@code audit}; everything else is a setting
     */
    public static void main(String[] args) throws InterruptedException {
        // The sandbox draws; no server has a screen to draw on.
        System.setProperty("java.awt.headless", "true");
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Application application;
        Settings settings;
        try {
            settings = Settings.read(System.getenv(), Path.of("").toAbsolutePath());
            if (args.length > 0) {
                System.exit(command(args, settings, out));
            }
            out.println("Synapse Gateway starts.");
            application = Application.start(settings);
        } catch (SettingsException | EmbeddedDatabaseException e) {
            System.err.println("synapse-gateway: " + e.getMessage());
            System.exit(WRONG_SETTINGS);
            return;
        }
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            out.println("Stopping: no new requests; those that run may finish.");
                            application.close();
                            ended.countDown();
                        },
                        "synapse-shutdown"));
        out.print(Banner.of(settings, application));
        ended.await();
    }

    private static int command(String[] args, Settings settings, PrintStream out) {
        if (args.length != 1 || !args[0].equals("audit")) {
            throw new SettingsException("the only command is audit; without one the server starts");
        }
        // A mistyped SYNAPSE_DATABASE_URL would have the wrong books read.
        Plugins.load(settings).close();
        List<String> breaches = Databases.audit(settings);
        breaches.forEach(out::println);
        out.println(breaches.isEmpty() ? "The books are right." : breaches.size() + " laws of the books are broken.");
        return breaches.isEmpty() ? 0 : WRONG_BOOKS;
    }
}
