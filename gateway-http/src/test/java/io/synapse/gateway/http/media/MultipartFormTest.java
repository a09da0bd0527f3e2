package io.synapse.gateway.http.media;

import static io.synapse.gateway.http.media.SamplePictures.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.javalin.Javalin;
import io.synapse.gateway.fault.InvalidRequestException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms that come over a real socket. */
@Timeout(60)
class MultipartFormTest {
    private static final String TYPE = "multipart/form-data; boundary=xyz";
    private static final int MOST = 1_000_000;

    /** What became of the request that is being sent. */
    private static final AtomicReference<CompletableFuture<MultipartForm>> OUTCOME = new AtomicReference<>();

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static Javalin server;

    @BeforeAll
    static void start() {
        server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.http.maxRequestSize = Long.MAX_VALUE;
            config.routes.post("/", ctx -> {
                CompletableFuture<MultipartForm> outcome = OUTCOME.get();
                try {
                    outcome.complete(MultipartForm.read(
                            ctx.req().getContentType(),
                            ctx.req().getHeader("Content-Encoding"),
                            ctx.req().getContentLengthLong(),
                            ctx.req()::getInputStream,
                            MOST));
                } catch (RuntimeException e) {
                    outcome.completeExceptionally(e);
                }
            });
        });
        server.start("127.0.0.1", 0);
    }

    @AfterAll
    static void stop() {
        server.stop();
        CLIENT.close();
    }

    private static MultipartForm send(HttpRequest.Builder request) {
        return send(CLIENT, request);
    }

    private static MultipartForm send(HttpClient client, HttpRequest.Builder request) {
        CompletableFuture<MultipartForm> outcome = new CompletableFuture<>();
        OUTCOME.set(outcome);
        URI uri = URI.create("http://127.0.0.1:" + server.port() + "/");
        try {
            client.send(request.uri(uri).build(), BodyHandlers.discarding());
        } catch (IOException e) {
            // A server that refuses a body may hang up on who still sends it.
            assertThat(outcome).failsWithin(Duration.ofSeconds(20));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        try {
            return outcome.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw (RuntimeException) e.getCause();
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MultipartForm send(String type, byte[] body) {
        return send(HttpRequest.newBuilder().header("Content-Type", type).POST(BodyPublishers.ofByteArray(body)));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] part(String headers, byte[] content) {
        return join(utf8("--xyz\r\n" + headers + "\r\n\r\n"), content, utf8("\r\n"));
    }

    private static byte[] text(String name, String value) {
        return part("Content-Disposition: form-data; name=\"" + name + "\"", utf8(value));
    }

    private static byte[] form(byte[]... parts) {
        return join(join(parts), utf8("--xyz--\r\n"));
    }

    private static void assertRefused(byte[] body, String words) {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> send(TYPE, body))
                .withMessageContaining(words);
    }

    @Test
    void fields_and_files_are_read() {
        byte[] sound = new byte[100_000];
        new Random(1).nextBytes(sound);
        MultipartForm form = send(
                TYPE,
                form(
                        text("model", "whisper-1"),
                        text("prompt", "Grüße, \"你好\"\r\nzwei Zeilen"),
                        text("timestamp_granularities[]", "word"),
                        text("timestamp_granularities[]", "segment"),
                        text("empty", ""),
                        part(
                                "content-disposition: form-data; name=file; filename=\"a \u00fc.mp3\"\r\n"
                                        + "Content-Type: audio/mpeg",
                                sound)));

        assertThat(form.text("model")).isEqualTo("whisper-1");
        assertThat(form.text("prompt")).isEqualTo("Grüße, \"你好\"\r\nzwei Zeilen");
        assertThat(form.texts("timestamp_granularities[]")).containsExactly("word", "segment");
        assertThat(form.text("empty")).isEmpty();
        assertThat(form.text("missing")).isNull();
        assertThat(form.texts("missing")).isEmpty();
        assertThat(form.files("missing")).isEmpty();
        assertThat(form.text("file")).isNull();
        assertThat(form.files("file")).hasSize(1);
        MultipartForm.File file = form.files("file").getFirst();
        assertThat(file.bytes()).isEqualTo(sound);
        assertThat(file.filename()).isEqualTo("a \u00fc.mp3");
        assertThat(file.contentType()).isEqualTo("audio/mpeg");
    }

    @Test
    void octets_without_a_filename_are_a_file() {
        MultipartForm form = send(
                TYPE,
                form(part(
                        "Content-Disposition: form-data; name=\"image[]\"\r\nContent-Type: application/octet-stream",
                        new byte[] {-1, 13, 10, 45, 45})));

        assertThat(form.files("image[]").getFirst().bytes()).containsExactly(-1, 13, 10, 45, 45);
        assertThat(form.files("image[]").getFirst().filename()).isEqualTo("image[]");
    }

    @Test
    void files_that_look_like_boundaries_come_whole_wherever_the_reader_breaks() {
        for (int before = 32_700; before < 32_790; before++) {
            byte[] tricky =
                    join(new byte[before], utf8("\r\n--xy\r\n--xyq\r\r\n-\r"), new byte[40_000], utf8("\r\n--xy"));
            MultipartForm form = send(
                    TYPE,
                    form(part("Content-Disposition: form-data; name=\"f\"; filename=\"f\"", tricky), text("a", "b")));

            assertThat(form.files("f").getFirst().bytes()).isEqualTo(tricky);
            assertThat(form.text("a")).isEqualTo("b");
        }
    }

    @Test
    void a_form_without_fields_is_one() {
        assertThat(send(TYPE, utf8("--xyz--\r\n")).text("a")).isNull();
    }

    @Test
    void a_quoted_boundary_is_read() {
        assertThat(send("Multipart/Form-Data; charset=utf-8; boundary=\"xyz\"", form(text("a", "b")))
                        .text("a"))
                .isEqualTo("b");
    }

    @Test
    void a_field_that_is_there_twice_has_no_single_value() {
        MultipartForm form = send(TYPE, form(text("model", "cheap"), text("model", "dear")));

        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> form.text("model"))
                .withMessageContaining("send it once");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "text/plain",
                "multipart/mixed; boundary=xyz",
                "application/x-www-form-urlencoded"
            })
    void other_types_are_refused(String type) {
        assertThatExceptionOfType(NotMultipartException.class).isThrownBy(() -> send(type, form(text("a", "b"))));
    }

    @Test
    void no_type_and_an_encoding_are_refused() {
        assertThatExceptionOfType(NotMultipartException.class)
                .isThrownBy(() -> send(HttpRequest.newBuilder().POST(BodyPublishers.ofByteArray(new byte[3]))));
        assertThatExceptionOfType(NotMultipartException.class)
                .isThrownBy(() -> send(HttpRequest.newBuilder()
                        .header("Content-Type", TYPE)
                        .header("Content-Encoding", "gzip")
                        .POST(BodyPublishers.ofByteArray(new byte[3]))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/form-data",
                "multipart/form-data; boundary=",
                "multipart/form-data; boundary=\"\"",
                "multipart/form-data; boundary=01234567890123456789012345678901234567890123456789012345678901234567890"
            })
    void a_missing_or_endless_boundary_is_refused(String type) {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> send(type, form(text("a", "b"))))
                .withMessageContaining("boundary");
    }

    @Test
    void a_form_that_breaks_off_is_refused_wherever_it_does() {
        byte[] whole =
                form(text("a", "b"), part("Content-Disposition: form-data; name=\"f\"; filename=\"f\"", new byte[50]));
        for (int length = 0; length < whole.length - 4; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> send(TYPE, cut));
        }
    }

    @Test
    void nonsense_is_refused() {
        assertRefused(utf8("hello"), "");
        assertRefused(form(part("no colon", new byte[1])), "");
        assertRefused(form(part("Content-Disposition: form-data", new byte[1])), "has no name");
        assertRefused(form(part("Content-Disposition: form-data; name=\"\"", new byte[1])), "has no name");
        assertRefused(form(part("X: " + "y".repeat(100_000), new byte[1])), "");
        assertRefused(form(part("Content-Disposition: form-data; name=\"a\"", new byte[] {-1, -2})), "UTF-8");
    }

    @Test
    void too_many_parts_are_refused() {
        byte[][] parts = new byte[17][];
        Arrays.fill(parts, text("a", "b"));
        assertRefused(form(parts), "too many parts; the most is 16");
        assertThat(send(TYPE, form(Arrays.copyOf(parts, 16))).texts("a")).hasSize(16);
    }

    @Test
    void a_field_may_have_64_kib_and_not_a_byte_more() {
        assertThat(send(TYPE, form(text("a", "x".repeat(64 * 1024)))).text("a")).hasSize(64 * 1024);
        assertRefused(form(text("a", "x".repeat(64 * 1024 + 1))), "65536 bytes");
    }

    @Test
    void a_body_that_is_too_large_is_refused_as_it_says_so() {
        assertTooLarge(BodyPublishers.ofByteArray(new byte[MOST + 1]));
    }

    @Test
    void a_body_that_is_too_large_is_refused_as_it_arrives() {
        byte[] large = form(part("Content-Disposition: form-data; name=\"f\"; filename=\"f\"", new byte[3 * MOST]));
        assertTooLarge(BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(large)));
        assertTooLarge(BodyPublishers.fromPublisher(
                BodyPublishers.ofByteArray(join(form(text("a", "b")), new byte[3 * MOST]))));
    }

    private static void assertTooLarge(HttpRequest.BodyPublisher body) {
        // A client of its own: the connection that was hung up on is not to be used for the next.
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThatExceptionOfType(MediaTooLargeException.class)
                    .isThrownBy(() -> send(
                            client,
                            HttpRequest.newBuilder()
                                    .header("Content-Type", TYPE)
                                    .POST(body)))
                    .satisfies(e -> assertThat(e.most()).isEqualTo(MOST));
        }
    }
}
