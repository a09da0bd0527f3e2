package io.synapse.gateway.testkit.fake;

import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.UpstreamException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a {@link FakeUpstream} answers one request. An exception closes the connection. */
@FunctionalInterface
public interface Answer {
    /** Writes the answer. */
    void write(Exchange exchange) throws IOException;

    /** JSON. */
    static Answer json(int status, String body) {
        return json(status, Map.of(), body);
    }

    /** JSON, with headers. */
    static Answer json(int status, Map<String, String> headers, String body) {
        return whole(status, with(headers, "application/json"), body);
    }

    /** A whole body, with headers; its media type is one of them. */
    static Answer whole(int status, Map<String, String> headers, String body) {
        return exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.head(status, headers, bytes.length);
            exchange.body(bytes);
        };
    }

    /** Server-sent events, each with these data. */
    static Answer events(String... data) {
        return events(List.of(data));
    }

    /** Server-sent events, each with these data. */
    static Answer events(List<String> data) {
        return exchange -> {
            beginEvents(exchange);
            for (String each : data) {
                exchange.body("data: " + each + "\n\n");
            }
        };
    }

    /** An event stream with these very bytes. */
    static Answer eventStream(String raw) {
        return exchange -> {
            beginEvents(exchange);
            exchange.body(raw);
        };
    }

    /** Server-sent events, then silence until a gate opens, then more of them. */
    static Answer eventsAround(List<String> before, Gate gate, List<String> after) {
        return exchange -> {
            events(before).write(exchange);
            exchange.await(gate);
            for (String each : after) {
                exchange.body("data: " + each + "\n\n");
            }
        };
    }

    /** Nothing at all until a gate opens; then an answer. */
    static Answer stall(Gate gate, Answer then) {
        return exchange -> {
            exchange.await(gate);
            then.write(exchange);
        };
    }

    /** Nothing at all, for as long as the client waits. */
    static Answer stall() {
        return exchange -> exchange.await(new Gate());
    }

    /** An answer whose connection closes after so many bytes of its body. */
    static Answer cut(long bodyBytes, Answer answer) {
        return exchange -> {
            exchange.cutBodyAfter(bodyBytes);
            answer.write(exchange);
            // It was shorter than that; the end that the client waits for stays away all the same.
            throw new CutException();
        };
    }

    /** An answer whose connection closes in the middle of its body. */
    static Answer cutOff(Answer answer) {
        return exchange -> {
            exchange.cutOff();
            answer.write(exchange);
            throw new CutException();
        };
    }

    /**
     * A failure, with the status that most upstreams have for it.
     *
     * @param retryAfter how long to wait, or null to say nothing about it
     */
    static Answer failure(Kind kind, @Nullable Duration retryAfter, String body) {
        int status = switch (kind) {
            case RATE_LIMITED -> 429;
            case OVERLOADED -> 503;
            case UNAUTHORIZED -> 401;
            case QUOTA_EXHAUSTED -> 402;
            case MODEL_GONE -> 404;
            case REJECTED, UNSUPPORTED -> 400;
            case TIMED_OUT -> 408;
            case FAILED, MALFORMED, UNREACHABLE -> 500;
        };
        return json(
                status,
                retryAfter == null ? Map.of() : Map.of("Retry-After", String.valueOf(retryAfter.toSeconds())),
                body);
    }

    /** A file. */
    static Answer file(Media file) {
        return exchange -> {
            exchange.head(200, Map.of("Content-Type", file.type()), file.bytes().length);
            exchange.body(file.bytes());
        };
    }

    /** Sound, sent piece by piece. */
    static Answer sound(Spoken spoken) {
        return exchange -> {
            exchange.chunkedHead(200, Map.of("Content-Type", spoken.type()));
            for (byte[] piece : spoken.pieces()) {
                exchange.body(piece);
            }
        };
    }

    /** A closed connection instead of an answer. */
    static Answer hangUp() {
        return Exchange::close;
    }

    /** A connection that is reset. */
    static Answer reset() {
        return Exchange::reset;
    }

    /** Bytes as they are, and a closed connection. */
    static Answer garbage(byte[] bytes) {
        return exchange -> {
            exchange.raw(bytes);
            exchange.close();
        };
    }

    /** A head that never ends, for as long as the client reads. */
    static Answer endlessHeaders() {
        return exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.ISO_8859_1));
            byte[] header = ("X-More: " + "a".repeat(1_000) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
            while (true) {
                exchange.raw(header);
            }
        };
    }

    private static void beginEvents(Exchange exchange) throws IOException {
        exchange.chunkedHead(200, Map.of("Content-Type", "text/event-stream; charset=utf-8"));
    }

    private static Map<String, String> with(Map<String, String> headers, String mediaType) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("Content-Type", mediaType);
        all.putAll(headers);
        return all;
    }
}
