package io.synapse.gateway.providers.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.synapse.gateway.media.Media;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.FakeUpstream;
import io.synapse.gateway.testkit.fake.Request;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Forms and downloads. */
@Timeout(60)
class UpstreamHttpMediaTest {
    private final FakeUpstream upstream = new FakeUpstream();
    private final UpstreamHttp http = new UpstreamHttp();

    @AfterEach
    void close() {
        http.close();
        upstream.close();
    }

    private static UpstreamCall call() {
        return new UpstreamCall("c", "m", OptionalLong.empty(), Duration.ofSeconds(50));
    }

    @Test
    void form_is_written_to_the_byte() throws Exception {
        upstream.answer(Answer.json(200, "{}"));
        Multipart form = new Multipart()
                .text("a\"b\r\nc", "1\r\n2")
                .file("file", "ü\".wav", new Media(new byte[] {0, 13, 10, -1}, "audio/wav"));
        try (UpstreamResponse response = http.post(call(), upstream.uri(), Map.of("Accept", "x/y"), form)) {
            response.whole();
        }
        Request arrived = upstream.lastRequest();
        String type = String.valueOf(arrived.header("Content-Type"));
        assertThat(type).matches("multipart/form-data; boundary=synapse-[0-9a-f-]{36}");
        String boundary = "--" + type.substring(type.indexOf('=') + 1);
        String expected =
                boundary + "\r\nContent-Disposition: form-data; name=\"a%22b%0D%0Ac\"\r\n\r\n1\r\n2\r\n" + boundary
                        + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"Ã¼%22.wav\"\r\n"
                        + "Content-Type: audio/wav\r\n\r\n\u0000\r\n\u00FF\r\n" + boundary + "--\r\n";
        assertThat(new String(arrived.body(), StandardCharsets.ISO_8859_1)).isEqualTo(expected);
        assertThat(arrived.headers().keySet())
                .containsExactlyInAnyOrder(
                        "Accept", "Connection", "Content-Length", "Content-Type", "Host", "User-Agent");
    }

    @Test
    void boundary_is_never_the_same() {
        assertThat(new Multipart().contentType()).isNotEqualTo(new Multipart().contentType());
    }

    @Test
    void media_type_that_breaks_out_of_its_line_is_refused() {
        Media media = new Media(new byte[0], "audio/wav\r\nX: y");
        assertThatThrownBy(() -> new Multipart().file("file", "a", media)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void large_form_arrives_whole() throws Exception {
        upstream.answer(Answer.json(200, "{}"));
        byte[] large = new byte[20_000_000];
        large[large.length - 1] = 7;
        Multipart form = new Multipart().file("file", "a.wav", new Media(large, "audio/wav"));
        try (UpstreamResponse response = http.post(call(), upstream.uri(), Map.of(), form)) {
            response.whole();
        }
        assertThat((long) upstream.lastRequest().body().length).isEqualTo(form.length());
    }

    @Test
    void upstream_that_stops_reading_a_form_can_be_left() throws Exception {
        // It reads one byte: the rest of the form fills the buffers and stays there.
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            UpstreamCall call = call();
            Multipart form = new Multipart().file("file", "a.wav", new Media(new byte[30_000_000], "audio/wav"));
            URI uri = URI.create("http://127.0.0.1:" + deaf.getLocalPort());
            FutureTask<UpstreamException> running = new FutureTask<>(
                    () -> catchThrowableOfType(UpstreamException.class, () -> http.post(call, uri, Map.of(), form)));
            Thread.ofVirtual().start(running);
            try (Socket accepted = deaf.accept()) {
                assertThat(accepted.getInputStream().read()).isEqualTo('P');
                call.stop(UpstreamCall.Stop.CALLER_GONE);
                assertThat(running.get(20, TimeUnit.SECONDS).kind()).isEqualTo(Kind.UNREACHABLE);
            }
        }
    }

    @Test
    void get_asks_for_what_is_there() throws Exception {
        upstream.answer(Answer.whole(200, Map.of("Content-Type", "image/png"), "picture"));
        try (UpstreamResponse response = http.get(call(), upstream.uri().resolve("/a.png?b=c"), Map.of("X-A", "b"))) {
            assertThat(response.mediaType()).isEqualTo("image/png");
            assertThat(response.whole()).asString().isEqualTo("picture");
        }
        Request arrived = upstream.lastRequest();
        assertThat(arrived.method() + " " + arrived.path()).isEqualTo("GET /a.png?b=c");
        assertThat(arrived.headers().keySet()).containsExactlyInAnyOrder("Connection", "Host", "User-Agent", "X-A");
    }

    @Test
    void public_get_reaches_no_address_of_our_own_not_even_by_an_open_connection() throws Exception {
        upstream.answer(Answer.json(200, "{}"));
        try (UpstreamResponse response = http.get(call(), upstream.uri(), Map.of())) {
            response.whole();
        }
        List<String> ours = List.of(
                upstream.uri().toString(),
                upstream.uri().toString().replace("127.0.0.1", "localhost"),
                upstream.uri().toString().replace("127.0.0.1", "2130706433"),
                upstream.uri().toString().replace("127.0.0.1", "[::ffff:7f00:1]"));
        for (String each : ours) {
            UpstreamException failure =
                    catchThrowableOfType(UpstreamException.class, () -> http.getPublic(call(), URI.create(each)));
            assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        }
        assertThat(upstream.requests()).hasSize(1);
    }
}
