package io.synapse.gateway.testkit.fake;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** One request of a {@link FakeUpstream} being answered: what an {@link Answer} writes to. For one thread. */
public final class Exchange {
    private final Connection connection;
    private final Request request;
    private final OutputStream out;
    private boolean chunked;
    private long bodyBytesLeft = Long.MAX_VALUE;
    private boolean cutOff;

    Exchange(Connection connection, Request request) throws IOException {
        this.connection = connection;
        this.request = request;
        this.out = connection.socket().getOutputStream();
    }

    /** What is being answered. */
    public Request request() {
        return request;
    }

    /** From now on so many bytes of the body are sent; then the connection closes. */
    void cutBodyAfter(long bytes) {
        bodyBytesLeft = bytes;
    }

    /** From now on the answer breaks off: in the middle of a body of known length, or before the end of another. */
    void cutOff() {
        cutOff = true;
    }

    /** Sends the head of an answer of known length. */
    public void head(int status, Map<String, String> headers, int length) throws IOException {
        if (cutOff) {
            bodyBytesLeft = length / 2;
        }
        head(status, headers, "Content-Length: " + length);
    }

    /** Sends the head of an answer that is sent in chunks. */
    public void chunkedHead(int status, Map<String, String> headers) throws IOException {
        head(status, headers, "Transfer-Encoding: chunked");
        chunked = true;
    }

    /** Sends a piece of the body, at once. */
    public void body(byte[] bytes) throws IOException {
        int count = (int) Math.min(bytes.length, bodyBytesLeft);
        if (count > 0) {
            if (chunked) {
                raw((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            }
            out.write(bytes, 0, count);
            out.flush();
        }
        bodyBytesLeft -= count;
        if (count < bytes.length) {
            throw new CutException();
        }
        if (chunked) {
            raw("\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** Sends a piece of the body, at once. */
    public void body(String text) throws IOException {
        body(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends bytes as they are, HTTP or not. */
    public void raw(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** Waits until a gate opens, or until the client or the server goes away. */
    public void await(Gate gate) throws IOException {
        gate.listen(connection.upstream());
        boolean running = connection.upstream().awaitWhile(() -> !gate.isOpen() && !connection.clientGone());
        if (!running || connection.clientGone()) {
            throw new IOException("nobody waits any more");
        }
    }

    /** Closes the connection in the rudest way, with a reset; nothing more can be written. */
    public void reset() throws IOException {
        connection.socket().setSoLinger(true, 0);
        connection.close();
    }

    /** Closes the connection; nothing more can be written. */
    public void close() {
        connection.close();
    }

    void finish() throws IOException {
        if (chunked && !connection.socket().isClosed()) {
            raw("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private void head(int status, Map<String, String> headers, String framing) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Whatever\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append(framing).append("\r\n\r\n");
        raw(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    }
}
