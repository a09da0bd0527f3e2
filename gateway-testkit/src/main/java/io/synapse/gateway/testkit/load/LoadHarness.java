package io.synapse.gateway.testkit.load;

import io.synapse.gateway.credit.Credits;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Asks an API in OpenAI's format for chat completions as fast as it answers, over plain sockets, so that the client costs
 * little of the machine that is measured. For loopback: it is not polite.
 */
public final class LoadHarness {
    private LoadHarness() {}

    /** Carries a plan out. Blocks until it is done. */
    public static LoadReport run(LoadPlan plan) {
        byte[] request = request(plan);
        long measureFrom = System.nanoTime() + plan.warmUp().toNanos();
        long end = measureFrom + plan.length().toNanos();
        List<Future<Client>> clients = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < plan.clients(); i++) {
                clients.add(threads.submit(() -> new Client(plan, request, measureFrom, end).ask()));
            }
            return sum(clients, plan.length());
        } catch (ExecutionException e) {
            throw new IllegalStateException("a load client failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static LoadReport sum(List<Future<Client>> clients, Duration length)
            throws ExecutionException, InterruptedException {
        long failures = 0;
        long answered = 0;
        Credits charged = Credits.ZERO;
        List<long[]> latencies = new ArrayList<>();
        for (Future<Client> future : clients) {
            Client client = future.get();
            failures += client.failures;
            answered += client.answered;
            charged = charged.plus(client.charged);
            latencies.add(Arrays.copyOf(client.latencies, client.measured));
        }
        long[] all = latencies.stream().flatMapToLong(Arrays::stream).toArray();
        return new LoadReport(all, failures, length, answered, charged);
    }

    private static byte[] request(LoadPlan plan) {
        String body = "{\"model\":\"" + plan.model() + "\",\"max_tokens\":64,\"stream\":" + plan.stream()
                + ",\"messages\":[{\"role\":\"system\",\"content\":\"You are"
                + " terse.\"},{\"role\":\"user\",\"content\":\""
                + "Tell me about the sea. ".repeat(15) + "\"}]}";
        String head = "POST " + plan.baseUri().getPath() + "/chat/completions HTTP/1.1\r\nHost: "
                + plan.baseUri().getAuthority() + "\r\nContent-Type: application/json\r\n"
                + (plan.key() == null ? "" : "Authorization: Bearer " + plan.key() + "\r\n")
                + "Content-Length: " + body.length() + "\r\n\r\n";
        return (head + body).getBytes(StandardCharsets.US_ASCII);
    }

    /** One caller on one connection. */
    private static final class Client {
        private final LoadPlan plan;
        private final byte[] request;
        private final long measureFrom;
        private final long end;
        private long[] latencies = new long[4096];
        private int measured;
        private long failures;
        private long answered;
        private Credits charged = Credits.ZERO;

        Client(LoadPlan plan, byte[] request, long measureFrom, long end) {
            this.plan = plan;
            this.request = request;
            this.measureFrom = measureFrom;
            this.end = end;
        }

        Client ask() throws IOException {
            try (Socket socket =
                    new Socket(plan.baseUri().getHost(), plan.baseUri().getPort())) {
                socket.setTcpNoDelay(true);
                InputStream in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
                OutputStream out = socket.getOutputStream();
                for (long began = System.nanoTime(); began < end; began = System.nanoTime()) {
                    out.write(request);
                    out.flush();
                    HttpHead head = HttpHead.read(in);
                    if (head == null) {
                        throw new IOException("the server closed the connection");
                    }
                    skipBody(head, in);
                    note(head, began, System.nanoTime());
                }
            }
            return this;
        }

        private void note(HttpHead head, long began, long done) {
            if (head.status() != 200) {
                failures++;
                return;
            }
            answered++;
            String price = head.headers().get("x-credits-charged");
            if (price != null) {
                charged = charged.plus(Credits.parse(price));
            }
            if (began >= measureFrom && done <= end) {
                if (measured == latencies.length) {
                    latencies = Arrays.copyOf(latencies, measured * 2);
                }
                latencies[measured++] = done - began;
            }
        }

        private static void skipBody(HttpHead head, InputStream in) throws IOException {
            if (!head.chunked()) {
                in.skipNBytes(head.contentLength());
                return;
            }
            String size = HttpHead.line(in);
            while (size != null && !size.equals("0")) {
                in.skipNBytes(Integer.parseInt(size.trim(), 16) + 2L);
                size = HttpHead.line(in);
            }
            HttpHead.line(in);
        }
    }
}
