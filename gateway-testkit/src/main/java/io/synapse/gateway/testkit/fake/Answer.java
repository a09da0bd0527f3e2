package io.synapse.gateway.testkit.fake;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
