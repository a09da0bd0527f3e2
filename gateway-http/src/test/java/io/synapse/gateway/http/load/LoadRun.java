package io.synapse.gateway.http.load;

import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.http.ServerProcess;
import io.synapse.gateway.testkit.load.LoadHarness;
import io.synapse.gateway.testkit.load.LoadPlan;
import io.synapse.gateway.testkit.load.LoadReport;
import io.synapse.gateway.testkit.load.LoadUpstream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * Runs the load harness against a server in a process of its own, in turn with the bare upstream, and checks the money.
 * Arguments: clients (16), seconds (10), rounds (3).
 */
public final class LoadRun {
    private static final String KEY = "mmg_live_0123456789abcdefghijklmnopqrstuv";
    private static final String MODEL = "llama-3.1-8b";
    private static final Duration WARM_UP = Duration.ofSeconds(5);

    private LoadRun() {}

    /** Runs and prints. */
    public static void main(String[] args) throws Exception {
        int clients = args.length > 0 ? Integer.parseInt(args[0]) : 16;
        Duration length = Duration.ofSeconds(args.length > 1 ? Integer.parseInt(args[1]) : 10);
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 3;
        Path directory = Files.createTempDirectory("synapse-load");
        try (LoadUpstream upstream = new LoadUpstream(0);
                ServerProcess server = ServerProcess.start(
                        directory,
                        Map.of(
                                "SYNAPSE_BOOTSTRAP_KEY", KEY,
                                "SYNAPSE_STARTER_CREDITS", "1000000000",
                                "SYNAPSE_REQUESTS_PER_MINUTE", "1000000",
                                "SYNAPSE_CONCURRENT_REQUESTS", "100000",
                                "GROQ_API_KEY", "load",
                                "GROQ_BASE_URL", upstream.baseUri().toString()))) {
            System.out.printf("%d clients, %s each%n", clients, length);
            for (int round = 1; round <= rounds; round++) {
                for (boolean stream : new boolean[] {false, true}) {
                    LoadReport bare = run(upstream.baseUri(), null, stream, clients, length);
                    Credits before = balance(server.api());
                    LoadReport through = run(server.api(), KEY, stream, clients, length);
                    Credits after = balance(server.api());
                    print(stream, bare, through);
                    if (!stream) {
                        checkMoney(before, after, through);
                    }
                }
            }
        }
    }

    private static LoadReport run(URI base, String key, boolean stream, int clients, Duration length) {
        return LoadHarness.run(new LoadPlan(base, key, MODEL, stream, clients, WARM_UP, length));
    }

    private static void print(boolean stream, LoadReport bare, LoadReport through) {
        System.out.printf("%s, bare upstream: %s%n", stream ? "streams" : "whole", bare);
        System.out.printf("%s, gateway:       %s%n", stream ? "streams" : "whole", through);
        System.out.printf(
                "  throughput %.3f of the bare upstream's; added p50 %.2f ms, p99 %.2f ms%n",
                through.perSecond() / bare.perSecond(),
                (through.percentile(0.5).toNanos() - bare.percentile(0.5).toNanos()) / 1e6,
                (through.percentile(0.99).toNanos() - bare.percentile(0.99).toNanos()) / 1e6);
    }

    /** The balance after a request of its own, whose price is part of what follows it. */
    private static Credits balance(URI api) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest ask = HttpRequest.newBuilder(URI.create(api + "/chat/completions"))
                    .header("Authorization", "Bearer " + KEY)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(
                            "{\"model\":\"" + MODEL + "\",\"messages\":[{\"role\":\"user\",\"content\":\"balance\"}]}"))
                    .build();
            HttpResponse<Void> answer = client.send(ask, HttpResponse.BodyHandlers.discarding());
            return Credits.parse(
                    answer.headers().firstValue("X-Credits-Remaining").orElseThrow());
        }
    }

    private static void checkMoney(Credits before, Credits after, LoadReport report) throws Exception {
        // The request that asks for the last balance costs the same as any other: usage decides, and that is fixed.
        Credits each = Credits.ofMicros(report.charged().micros() / report.answered());
        Credits expected = before.minus(report.charged()).minus(each);
        System.out.printf(
                "  money: %s credits charged in %d answers; the balance %s%n",
                report.charged(),
                report.answered(),
                after.equals(expected) ? "agrees" : "is " + after + " and should be " + expected);
        if (!after.equals(expected)) {
            throw new IllegalStateException("the money does not add up");
        }
    }
}
