package io.synapse.gateway.testkit.fake;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection. One thread reads all the time, so that it notices when the client goes away, while another
 * answers.
 */
final class Connection {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final FakeUpstream upstream;
    private final Socket socket;
    private final int number = COUNT.incrementAndGet();
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final Request end;
    private final AtomicInteger unanswered = new AtomicInteger();
    private volatile boolean clientGone;

    Connection(FakeUpstream upstream, Socket socket) {
        this.upstream = upstream;
        this.socket = socket;
        this.end = new Request(upstream, "", "", Map.of(), new byte[0]);
    }

    void start() {
        Thread.ofVirtual().name("fake-upstream-reader-" + number).start(this::readAll);
        Thread.ofVirtual().name("fake-upstream-writer-" + number).start(this::answerAll);
    }

    boolean clientGone() {
        return clientGone;
    }

    Socket socket() {
        return socket;
    }

    FakeUpstream upstream() {
        return upstream;
    }

    void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed, one way or the other.
            return;
        }
    }

    private void readAll() {
        try {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (Request request = read(in); request != null; request = read(in)) {
                unanswered.incrementAndGet();
                requests.add(request);
            }
        } catch (IOException e) {
            // The same as the end of the stream: nobody is there any more.
        } finally {
            if (!socket.isClosed()) {
                gone();
            }
            requests.add(end);
        }
    }

    private void answerAll() {
        try {
            for (Request request = requests.take(); request != end; request = requests.take()) {
                Answer answer = upstream.arrived(request);
                Exchange exchange = new Exchange(this, request);
                answer.write(exchange);
                exchange.finish();
                unanswered.decrementAndGet();
                if (socket.isClosed()) {
                    break;
                }
            }
        } catch (CutException e) {
            // As was asked.
        } catch (IOException e) {
            gone();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close();
            upstream.gone(this);
        }
    }

    /** The client has closed the connection: either thread may be the first to notice. */
    private void gone() {
        upstream.change(() -> {
            if (!clientGone) {
                clientGone = true;
                if (unanswered.get() > 0) {
                    upstream.hungUp();
                }
            }
        });
    }

    private @Nullable Request read(InputStream in) throws IOException {
        String first = line(in);
        if (first == null) {
            return null;
        }
        String[] words = first.split(" ", 3);
        if (words.length < 3) {
            throw new IOException("not a request line");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon < 0) {
                throw new IOException("not a header");
            }
            headers.put(
                    line.substring(0, colon).strip(), line.substring(colon + 1).strip());
        }
        Request head = new Request(upstream, words[0], words[1], headers, new byte[0]);
        return new Request(upstream, words[0], words[1], headers, body(in, head));
    }

    private static byte[] body(InputStream in, Request head) throws IOException {
        String length = head.header("Content-Length");
        if (length != null) {
            int bytes = Integer.parseInt(length);
            byte[] body = in.readNBytes(bytes);
            if (body.length < bytes) {
                throw new IOException("the request was cut off");
            }
            return body;
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if ("chunked".equalsIgnoreCase(head.header("Transfer-Encoding"))) {
            String size = line(in);
            while (size != null && !size.equals("0")) {
                body.write(in.readNBytes(Integer.parseInt(size, 16)));
                line(in);
                size = line(in);
            }
            line(in);
        }
        return body.toByteArray();
    }

    /** A line without its break; null at the end of the stream. */
    private static @Nullable String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int b = in.read();
        if (b < 0) {
            return null;
        }
        while (b >= 0 && b != '\n') {
            if (b != '\r') {
                line.write(b);
            }
            b = in.read();
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }
}
