package io.synapse.gateway.providers.http;

import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.jspecify.annotations.Nullable;

/**
 * An upstream's answer: its head, and a body that may still be on its way. Closing it before the body's end closes the
 * connection at once; after the end the connection serves the next call. For one thread.
 */
public final class UpstreamResponse implements AutoCloseable {
    private static final Duration GRACE = Duration.ofMillis(300);
    private static final int MOST_DRAINED = 64 * 1024;

    private final Exchange exchange;
    private final ClassicHttpResponse response;
    private final UpstreamLimits limits;
    private final BiFunction<Runnable, Duration, Future<?>> later;
    private final Body body;

    UpstreamResponse(
            Exchange exchange,
            ClassicHttpResponse response,
            UpstreamLimits limits,
            BiFunction<Runnable, Duration, Future<?>> later)
            throws IOException {
        this.exchange = exchange;
        this.response = response;
        this.limits = limits;
        this.later = later;
        HttpEntity entity = response.getEntity();
        this.body = new Body(entity == null ? InputStream.nullInputStream() : entity.getContent());
    }

    /** The status. */
    public int status() {
        return response.getCode();
    }

    /** Whether the status is one of success. */
    public boolean succeeded() {
        return status() >= 200 && status() < 300;
    }

    /** The first value of a header, or null. */
    public @Nullable String header(String name) {
        Header header = response.getFirstHeader(name);
        return header == null ? null : header.getValue();
    }

    /** The media type without its parameters, in lower case: {@code text/event-stream}. Empty if there is none. */
    public String mediaType() {
        String type = header("Content-Type");
        if (type == null) {
            return "";
        }
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    /** Whether the answer says that it is JSON. */
    public boolean isJson() {
        String type = mediaType();
        return type.equals("application/json") || (type.startsWith("application/") && type.endsWith("+json"));
    }

    /** The body as it arrives. What it throws is to be given to {@link #failure}. */
    public InputStream body() {
        return body;
    }

    /**
     * The whole body.
     *
     * @throws UpstreamException if it breaks off, or is larger than the limit
     */
    public byte[] whole() throws UpstreamException {
        try {
            byte[] whole = body.readNBytes(limits.answerBytes());
            if (whole.length == limits.answerBytes() && body.read() >= 0) {
                throw new UpstreamException(
                        Kind.MALFORMED, "the answer has more than " + limits.answerBytes() + " bytes", null);
            }
            return whole;
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** As much of the body as is worth reading where it reports an error. Never fails. */
    public byte[] errorBody() {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        byte[] piece = new byte[4096];
        try {
            for (int n = body.read(piece); n >= 0 && read.size() < limits.errorBytes(); n = body.read(piece)) {
                read.write(piece, 0, Math.min(n, limits.errorBytes() - read.size()));
            }
        } catch (IOException e) {
            // What has come will do: the status alone says enough.
            return read.toByteArray();
        }
        return read.toByteArray();
    }

    /**
     * Reads on to the end of a body whose content has come to its end, so that the connection can be used again. Waits a
     * moment, not longer: a new connection costs less.
     */
    public void finish() {
        if (body.ended) {
            return;
        }
        Future<?> enough = later.apply(exchange::abort, GRACE);
        byte[] ignored = new byte[1024];
        int read = 0;
        try {
            for (int n = body.read(ignored); n >= 0 && read < MOST_DRAINED; n = body.read(ignored)) {
                read += n;
            }
        } catch (IOException e) {
            // The connection is of no use, and the answer was whole.
            read = MOST_DRAINED;
        } finally {
            enough.cancel(false);
        }
    }

    /** What an exception of the {@link #body} means. */
    public UpstreamException failure(IOException e) {
        return exchange.failure(e);
    }

    @Override
    public void close() {
        exchange.done();
        if (!body.ended) {
            // First of all: closing a body that is still coming would read it to its end.
            exchange.abort();
        }
        try {
            response.close();
        } catch (IOException e) {
            exchange.abort();
        }
    }

    /** Remembers whether the end was reached. */
    private static final class Body extends FilterInputStream {
        private boolean ended;

        Body(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int value = in.read();
            ended |= value < 0;
            return value;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = in.read(target, offset, length);
            ended |= count < 0;
            return count;
        }

        @Override
        public void close() {
            // The response's own close decides what becomes of the connection.
        }
    }
}
