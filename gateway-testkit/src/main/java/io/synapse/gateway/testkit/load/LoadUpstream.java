package io.synapse.gateway.testkit.load;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An upstream in OpenAI's format that answers every chat request at once with the same completion, whole or as a stream
 * of thirty events, as the request asks. Does as little as it can, so that what is measured is the gateway. Listens on
 * loopback; safe for use by many threads.
 */
public final class LoadUpstream implements AutoCloseable {
    private static final String USAGE = "{\"prompt_tokens\":20,\"completion_tokens\":30,\"total_tokens\":50}";
    private static final byte[] WHOLE = http("application/json", wholeAnswer());
    private static final byte[] STREAM = http("text/event-stream", streamedAnswer());

    private final ServerSocket server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicLong served = new AtomicLong();

    /** Starts one on a port of loopback; 0 for any that is free. */
    public LoadUpstream(int port) {
        try {
            server = new ServerSocket(port, 512, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    /** Where it serves: {@code http://127.0.0.1:…/v1}. */
    public URI baseUri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/v1");
    }

    /** How many requests it has answered. */
    public long served() {
        return served.get();
    }

    private static String wholeAnswer() {
        return "{\"id\":\"chatcmpl-load\",\"object\":\"chat.completion\",\"created\":1790000000,\"model\":\"load\","
                + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
                + "All work and no play makes for a dull benchmark. ".repeat(10)
                + "\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":" + USAGE + "}";
    }

    private static String streamedAnswer() {
        StringBuilder events = new StringBuilder();
        String head = "data: {\"id\":\"chatcmpl-load\",\"object\":\"chat.completion.chunk\",\"created\":1790000000,"
                + "\"model\":\"load\",\"choices\":[";
        events.append(head)
                .append(
                        "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\n\n");
        for (int i = 0; i < 27; i++) {
            events.append(head).append("{\"index\":0,\"delta\":{\"content\":\" word\"},\"finish_reason\":null}]}\n\n");
        }
        events.append(head).append("{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n");
        events.append(head).append("],\"usage\":").append(USAGE).append("}\n\n");
        return events.append("data: [DONE]\n\n").toString();
    }

    private static byte[] http(String type, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: " + bytes.length + "\r\n\r\n";
        byte[] headBytes = head.getBytes(StandardCharsets.US_ASCII);
        byte[] whole = new byte[headBytes.length + bytes.length];
        System.arraycopy(headBytes, 0, whole, 0, headBytes.length);
        System.arraycopy(bytes, 0, whole, headBytes.length, bytes.length);
        return whole;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                threads.execute(() -> serve(socket));
            }
        } catch (IOException e) {
            // Closed.
            threads.shutdown();
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
            OutputStream out = socket.getOutputStream();
            HttpHead head = HttpHead.read(in);
            while (head != null) {
                byte[] body = in.readNBytes((int) head.contentLength());
                served.incrementAndGet();
                boolean streamed = new String(body, StandardCharsets.ISO_8859_1).contains("\"stream\":true");
                out.write(streamed ? STREAM : WHOLE);
                out.flush();
                head = HttpHead.read(in);
            }
        } catch (IOException e) {
            // The client went away.
            return;
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdownNow();
    }
}
