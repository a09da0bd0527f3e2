package io.synapse.gateway.providers.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.FakeUpstream;
import io.synapse.gateway.testkit.fake.Gate;
import io.synapse.gateway.testkit.fake.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class UpstreamHttpTest {
    private static final byte[] BODY = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);

    private final FakeUpstream upstream = new FakeUpstream();
    private UpstreamHttp http = new UpstreamHttp();

    @AfterEach
    void close() {
        http.close();
        upstream.close();
    }

    private static UpstreamCall call() {
        return call(Duration.ofSeconds(50));
    }

    private static UpstreamCall call(Duration timeout) {
        return new UpstreamCall("c", "m", OptionalLong.empty(), timeout);
    }

    private void limits(UpstreamLimits limits) {
        http.close();
        http = new UpstreamHttp(limits, AddressResolver.SYSTEM);
    }

    private UpstreamResponse post(UpstreamCall call) throws UpstreamException {
        return http.post(call, upstream.uri().resolve("/v1/x?y=z"), Map.of("Authorization", "Bearer k"), BODY);
    }

    private String whole(UpstreamCall call) throws UpstreamException {
        try (UpstreamResponse response = post(call)) {
            return new String(response.whole(), StandardCharsets.UTF_8);
        }
    }

    private UpstreamException failure(UpstreamCall call) {
        return catchThrowableOfType(UpstreamException.class, () -> whole(call));
    }

    @Test
    void posts_the_body_and_nothing_that_was_not_asked_for() throws Exception {
        upstream.answer(Answer.json(200, Map.of("X-Some", "thing"), "{\"b\":2}"));
        try (UpstreamResponse response = post(call())) {
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.succeeded()).isTrue();
            assertThat(response.header("x-some")).isEqualTo("thing");
            assertThat(response.header("x-other")).isNull();
            assertThat(response.mediaType()).isEqualTo("application/json");
            assertThat(response.whole()).asString().isEqualTo("{\"b\":2}");
        }
        Request request = upstream.lastRequest();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.path()).isEqualTo("/v1/x?y=z");
        assertThat(request.body()).isEqualTo(BODY);
        assertThat(request.headers())
                .containsOnlyKeys(
                        "Authorization", "Connection", "Content-Length", "Content-Type", "Host", "User-Agent");
        assertThat(request.header("Content-Type")).isEqualTo("application/json");
    }

    @Test
    void follows_no_redirect_keeps_no_cookie_and_tries_nothing_twice() throws Exception {
        upstream.answer(
                Answer.json(307, Map.of("Location", "/elsewhere", "Set-Cookie", "a=b"), "{}"),
                Answer.json(401, Map.of("WWW-Authenticate", "Basic realm=\"x\""), "{}"),
                Answer.json(503, Map.of("Retry-After", "0"), "{}"));
        for (int status : new int[] {307, 401, 503}) {
            try (UpstreamResponse response = post(call())) {
                assertThat(response.status()).isEqualTo(status);
                response.whole();
            }
        }
        assertThat(upstream.requests()).hasSize(3).allSatisfy(request -> {
            assertThat(request.path()).isEqualTo("/v1/x?y=z");
            assertThat(request.header("Cookie")).isNull();
        });
    }

    @Test
    void connection_is_used_again_after_answers_to_their_end() throws Exception {
        upstream.answerAll(request -> Answer.json(200, "{}"));
        for (int i = 0; i < 5; i++) {
            whole(call());
        }
        upstream.answer(Answer.json(500, "{\"error\":\"short\"}"));
        try (UpstreamResponse response = post(call())) {
            response.errorBody();
        }
        whole(call());
        assertThat(upstream.connections()).isEqualTo(1);
    }

    @Test
    void connection_that_the_upstream_closed_meanwhile_is_unreachable_or_replaced_but_never_tried_twice()
            throws Exception {
        upstream.answer(exchange -> {
            Answer.json(200, "{}").write(exchange);
            exchange.close();
        });
        whole(call());
        upstream.answerAll(request -> Answer.json(200, "{}"));
        UpstreamException failure = failure(call());
        assertThat(upstream.requests().size()).isEqualTo(failure == null ? 2 : 1);
    }

    @Test
    void stopping_the_call_closes_the_connection_before_the_head() throws Exception {
        upstream.answer(Answer.stall());
        UpstreamCall call = call();
        FutureTask<UpstreamException> running = new FutureTask<>(() -> failure(call));
        Thread.ofVirtual().start(running);
        upstream.awaitRequests(1);
        call.stop(UpstreamCall.Stop.CALLER_GONE);
        assertThat(running.get(20, TimeUnit.SECONDS).kind()).isEqualTo(Kind.UNREACHABLE);
        upstream.awaitHangUps(1);
    }

    @Test
    void stopping_the_call_closes_the_connection_in_the_middle_of_the_body() throws Exception {
        upstream.answer(Answer.eventsAround(List.of("a"), new Gate(), List.of()));
        UpstreamCall call = call();
        try (UpstreamResponse response = post(call)) {
            SseReader events = new SseReader(response.body());
            assertThat(events.next()).isTrue();
            FutureTask<Throwable> running =
                    new FutureTask<>(() -> catchThrowableOfType(IOException.class, events::next));
            Thread.ofVirtual().start(running);
            call.stop(UpstreamCall.Stop.TIMED_OUT);
            IOException broken = (IOException) running.get(20, TimeUnit.SECONDS);
            assertThat(broken).isNotNull();
            assertThat(response.failure(broken).kind()).isEqualTo(Kind.TIMED_OUT);
            upstream.awaitHangUps(1);
        }
    }

    @Test
    void call_that_was_stopped_before_never_reaches_the_upstream() {
        UpstreamCall call = call();
        call.stop(UpstreamCall.Stop.SHUTTING_DOWN);
        assertThat(failure(call).kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void closing_an_answer_that_is_still_coming_closes_the_connection_at_once() throws Exception {
        upstream.answer(Answer.eventsAround(List.of("a"), new Gate(), List.of()));
        try (UpstreamResponse response = post(call())) {
            assertThat(response.body().read()).isEqualTo('d');
        }
        upstream.awaitHangUps(1);
    }

    @Test
    void upstream_that_says_nothing_times_out() {
        upstream.answer(Answer.stall());
        assertThat(failure(call(Duration.ofMillis(150))).kind()).isEqualTo(Kind.TIMED_OUT);
        upstream.awaitHangUps(1);
    }

    @Test
    void upstream_that_falls_silent_times_out() {
        limits(UpstreamLimits.DEFAULT.withIdle(Duration.ofMillis(150)));
        upstream.answer(Answer.eventsAround(List.of("a"), new Gate(), List.of()));
        UpstreamException failure = failure(call());
        assertThat(failure.kind()).isEqualTo(Kind.TIMED_OUT);
        upstream.awaitHangUps(1);
    }

    @Test
    void upstream_that_trickles_is_stopped_at_the_deadline() {
        upstream.answer(exchange -> {
            exchange.chunkedHead(200, Map.of());
            while (true) {
                exchange.body("x");
            }
        });
        assertThat(failure(call(Duration.ofMillis(300))).kind()).isEqualTo(Kind.TIMED_OUT);
        upstream.awaitHangUps(1);
    }

    @Test
    void head_that_never_ends_is_malformed() {
        upstream.answer(Answer.endlessHeaders());
        assertThat(failure(call()).kind()).isEqualTo(Kind.MALFORMED);
    }

    @Test
    void header_line_that_never_ends_is_malformed() {
        upstream.answer(exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\nX: ".getBytes(StandardCharsets.UTF_8));
            while (true) {
                exchange.raw(new byte[10_000]);
            }
        });
        assertThat(failure(call()).kind()).isEqualTo(Kind.MALFORMED);
    }

    @Test
    void garbage_is_malformed() {
        upstream.answer(
                Answer.garbage("SSH-2.0-OpenSSH_9.9\r\n\r\n\r\n".repeat(2_000).getBytes(StandardCharsets.UTF_8)));
        assertThat(failure(call()).kind()).isEqualTo(Kind.MALFORMED);
    }

    @Test
    void broken_connections_are_unreachable() {
        List<Answer> breaks = List.of(
                Answer.hangUp(),
                Answer.reset(),
                Answer.cut(3, Answer.json(200, "{\"a\":1}")),
                Answer.cut(0, Answer.json(200, "{\"a\":1}")),
                Answer.cut(10, Answer.events("aaaaaaaaaaaaaaaaaa")),
                Answer.cut(1_000, Answer.events("a")));
        for (Answer each : breaks) {
            upstream.answer(each);
            assertThat(failure(call()).kind()).isEqualTo(Kind.UNREACHABLE);
        }
    }

    @Test
    void nobody_there_is_unreachable() throws Exception {
        try (Socket silent = new Socket()) {
            // Bound but not listening: connections are refused, and nobody else can take the port meanwhile.
            silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            URI nobody = URI.create("http://127.0.0.1:" + silent.getLocalPort());
            UpstreamException failure =
                    catchThrowableOfType(UpstreamException.class, () -> http.post(call(), nobody, Map.of(), BODY));
            assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        }
    }

    @Test
    void answer_above_the_limit_is_malformed() throws Exception {
        limits(UpstreamLimits.DEFAULT.withAnswerBytes(1_000));
        upstream.answer(
                Answer.json(200, "x".repeat(1_000)),
                Answer.json(200, "x".repeat(1_001)),
                Answer.events("x".repeat(2_000)));
        assertThat(whole(call())).hasSize(1_000);
        assertThat(failure(call()).kind()).isEqualTo(Kind.MALFORMED);
        assertThat(failure(call()).kind()).isEqualTo(Kind.MALFORMED);
    }

    @Test
    void of_an_error_only_the_beginning_is_read() throws Exception {
        upstream.answer(exchange -> {
            exchange.chunkedHead(500, Map.of());
            while (true) {
                exchange.body("x".repeat(10_000));
            }
        });
        try (UpstreamResponse response = post(call())) {
            assertThat(response.errorBody()).hasSize(64 * 1024);
        }
        upstream.awaitHangUps(1);
    }

    @Test
    void connects_to_the_address_that_the_resolver_names() throws Exception {
        List<String> asked = new ArrayList<>();
        http.close();
        http = new UpstreamHttp(UpstreamLimits.DEFAULT, host -> {
            asked.add(host);
            return new InetAddress[] {InetAddress.getLoopbackAddress()};
        });
        upstream.answer(Answer.json(200, "{}"));
        URI uri = URI.create("http://api.example:" + upstream.uri().getPort() + "/x");
        try (UpstreamResponse response = http.post(call(), uri, Map.of(), BODY)) {
            response.whole();
        }
        assertThat(asked).containsExactly("api.example");
        assertThat(upstream.lastRequest().header("Host")).startsWith("api.example:");
    }

    @Test
    void unknown_host_is_unreachable() {
        http.close();
        http = new UpstreamHttp(UpstreamLimits.DEFAULT, host -> {
            throw new UnknownHostException(host);
        });
        assertThat(failure(call()).kind()).isEqualTo(Kind.UNREACHABLE);
    }

    @Test
    void header_that_breaks_out_of_its_line_is_refused_without_being_quoted() {
        for (String value : new String[] {"a\r\nX: y", "a\nb", "a\0", "ä"}) {
            assertThatThrownBy(() -> http.post(call(), upstream.uri(), Map.of("X-A", value), BODY))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining(value);
        }
        assertThatThrownBy(() -> http.post(call(), upstream.uri(), Map.of("X: A", "b"), BODY))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void wait_is_read_from_the_headers() throws Exception {
        upstream.answer(
                Answer.json(429, Map.of("retry-after-ms", "1500", "Retry-After", "9"), "{}"),
                Answer.json(
                        429,
                        Map.of(
                                "Retry-After",
                                "9",
                                "x-ratelimit-remaining-requests",
                                "0",
                                "x-ratelimit-reset-requests",
                                "6m0s"),
                        "{}"),
                Answer.json(
                        429,
                        Map.of(
                                "x-ratelimit-remaining-requests", "0",
                                "x-ratelimit-reset-requests", "12ms",
                                "x-ratelimit-remaining-tokens", "0",
                                "x-ratelimit-reset-tokens", "2m59.56s"),
                        "{}"),
                Answer.json(
                        429, Map.of("x-ratelimit-remaining-requests", "5", "x-ratelimit-reset-requests", "6m0s"), "{}"),
                Answer.json(429, Map.of("Retry-After", "never"), "{}"),
                // A time that has passed, in milliseconds since 1970.
                Answer.json(429, Map.of("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "1700000000000"), "{}"));
        for (Long millis : new Long[] {1_500L, 9_000L, 179_560L, null, null, 0L}) {
            try (UpstreamResponse response = post(call())) {
                Duration wait = RetryAfter.of(response);
                assertThat(wait).isEqualTo(millis == null ? null : Duration.ofMillis(millis));
                response.errorBody();
            }
        }
    }
}
