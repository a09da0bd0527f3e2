package io.synapse.gateway.http.media;

import static io.synapse.gateway.http.media.PublicHost.address;
import static io.synapse.gateway.http.media.PublicHost.assertRefused;
import static io.synapse.gateway.http.media.PublicHost.refusal;
import static io.synapse.gateway.http.media.SamplePictures.drawn;
import static io.synapse.gateway.http.media.SamplePictures.join;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import io.synapse.gateway.header.PictureRules;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PictureFetcherTest {
    private static final Duration TOTAL = Duration.ofSeconds(10);
    private static final byte[] PNG = drawn("png", 8, 8);
    private static final String HOST = "https://pictures.example";

    @TempDir
    private static Path temp;

    private static PublicHost host;

    private final PictureFetcher fetcher = host.fetcher(name -> new InetAddress[] {address("93.184.216.34")}, TOTAL);
    private String path;

    @BeforeAll
    static void start() throws Exception {
        host = new PublicHost(temp);
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    @BeforeEach
    void begin(TestInfo test) {
        host.dialed.clear();
        path = "/" + test.getTestMethod().orElseThrow().getName();
    }

    @Test
    void a_picture_is_fetched_from_the_address_that_was_checked() throws Exception {
        host.serve(path, PNG);

        assertThat(fetcher.fetch("image", HOST + path)).isEqualTo(PNG);
        assertThat(fetcher.fetch("image", HOST + ":443" + path + "?a=b#c")).isEqualTo(PNG);
        assertThat(host.dialed).containsExactly(address("93.184.216.34"), address("93.184.216.34"));
    }

    @Test
    void it_tells_nothing_but_what_it_wants() {
        AtomicReference<Headers> sent = new AtomicReference<>();
        host.serve(path, exchange -> {
            sent.set(exchange.getRequestHeaders());
            exchange.getResponseHeaders().set("Set-Cookie", "a=b");
            exchange.sendResponseHeaders(200, PNG.length);
            exchange.getResponseBody().write(PNG);
            exchange.close();
        });
        fetcher.fetch("image", HOST + path);
        fetcher.fetch("image", HOST + path);

        assertThat(sent.get().keySet())
                .containsExactlyInAnyOrder("Accept", "Accept-encoding", "Connection", "Host", "User-agent");
        assertThat(sent.get().getFirst("Accept-encoding")).isEqualTo("identity");
        assertThat(sent.get().getFirst("Host")).isEqualTo("pictures.example");
    }

    @Test
    void three_redirects_are_followed_and_four_are_not() {
        host.serve(path + "0", PNG);
        host.redirect(path + "1", path + "0");
        host.redirect(path + "2", HOST + path + "1");
        host.redirect(path + "3", "//www.pictures.example" + path + "2");
        host.redirect(path + "4", path + "3");

        assertThat(fetcher.fetch("image", HOST + path + "3")).isEqualTo(PNG);
        assertRefused(fetcher, HOST + path + "4");
    }

    @Test
    void what_is_no_picture_is_refused_whatever_it_calls_itself() {
        host.serve(path + "/html", exchange -> {
            byte[] body = "<html>secret</html>".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "image/png");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        for (int status : new int[] {204, 206, 304, 400, 401, 403, 404, 500, 503}) {
            host.serve(path + "/" + status, exchange -> {
                exchange.sendResponseHeaders(status, -1);
                exchange.close();
            });
            assertRefused(fetcher, HOST + path + "/" + status);
        }
        host.serve(path + "/gzip", exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            exchange.sendResponseHeaders(200, PNG.length);
            exchange.getResponseBody().write(PNG);
            exchange.close();
        });

        assertRefused(fetcher, HOST + path + "/html");
        assertRefused(fetcher, HOST + path + "/gzip");
        assertRefused(fetcher, HOST + path + "/" + "x".repeat(10_000));
    }

    @Test
    void a_picture_that_is_too_large_is_refused_whether_it_says_so_or_not() {
        byte[] tooLarge = join(PNG, new byte[PictureRules.MOST_BYTES + 1 - PNG.length]);
        host.serve(path + "/told", tooLarge);
        host.serve(path + "/untold", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (var body = exchange.getResponseBody()) {
                for (int i = 0; i < 100; i++) {
                    body.write(tooLarge);
                }
            }
        });
        assertRefused(fetcher, HOST + path + "/told");
        assertRefused(fetcher, HOST + path + "/untold");
    }

    @Test
    void who_answers_too_slowly_is_left() {
        CountDownLatch over = new CountDownLatch(1);
        host.serve(path + "/silent", exchange -> await(over));
        host.serve(path + "/drip", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            while (over.getCount() > 0) {
                exchange.getResponseBody().write(1);
                exchange.getResponseBody().flush();
            }
        });
        PictureFetcher hasty =
                host.fetcher(name -> new InetAddress[] {address("93.184.216.34")}, Duration.ofMillis(300));
        PictureFetcher lost = host.fetcher(
                name -> {
                    await(over);
                    return new InetAddress[0];
                },
                Duration.ofMillis(300));

        long began = System.nanoTime();
        assertRefused(hasty, HOST + path + "/silent");
        assertRefused(hasty, HOST + path + "/drip");
        assertRefused(lost, HOST + path);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
        over.countDown();
    }

    @Test
    void who_was_left_takes_no_connection_with_him() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        host.serve(path + "/silent", exchange -> await(over));
        host.serve(path + "/quick", PNG);
        PictureFetcher hasty =
                host.fetcher(name -> new InetAddress[] {address("93.184.216.34")}, Duration.ofSeconds(2));

        // More than there may be connections to one host.
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 40; i++) {
                Future<byte[]> unused = threads.submit(() -> hasty.fetch("image", HOST + path + "/silent"));
            }
        }
        over.countDown();
        assertThat(hasty.fetch("image", HOST + path + "/quick")).isEqualTo(PNG);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_certificate_that_nobody_trusts_or_of_another_name_is_refused() throws NoSuchAlgorithmException {
        host.serve(path, PNG);
        PictureFetcher strict =
                host.fetcher(name -> new InetAddress[] {address("93.184.216.34")}, SSLContext.getDefault(), TOTAL);

        assertRefused(strict, HOST + path);
        assertRefused(fetcher, "https://other.example" + path);
    }

    @Test
    void where_it_is_switched_off_nothing_is_looked_up() {
        assertThat(refusal(new PictureFetcher(false), HOST + path)).contains("send the picture itself as base64");
    }

    @Test
    void after_its_end_it_fetches_nothing() {
        host.serve(path, PNG);
        fetcher.close();

        assertRefused(fetcher, HOST + path);
    }
}
