package io.synapse.gateway.http.media;

import static io.synapse.gateway.http.media.PublicHost.address;
import static io.synapse.gateway.http.media.PublicHost.assertRefused;
import static io.synapse.gateway.http.media.SamplePictures.drawn;
import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.media.AddressRule;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a URL may lead to: nothing that is not public, however it is spelled and whoever is asked. */
@Timeout(60)
class PictureFetcherAddressTest {
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://pictures.example/a.png",
                "ftp://pictures.example/a.png",
                "https://pictures.example:80/a.png",
                "https://pictures.example:8443/a.png",
                "https://pictures.example:0/a.png",
                "https://user@pictures.example/a.png",
                "https://user:secret@pictures.example/a.png",
                "https://@pictures.example/a.png",
                "https://pictures.example@127.0.0.1/a.png",
                "https://pictures.example\\@127.0.0.1/",
                "https://pict\u0443res.example/a.png",
                "https://pictures.example/a b.png",
                "https://pictures.example/a\r\nX-Evil: 1",
                "https:///a.png",
                "https:pictures.example",
                "https://",
                "https://%31%32%37.0.0.1/"
            })
    void urls_of_other_forms_are_refused_and_nothing_is_connected_to(String url) {
        assertRefused(fetcher, url);
        assertThat(host.dialed).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.0.0.1",
                "169.254.169.254",
                "192.168.0.1",
                "0.0.0.0",
                "127.1",
                "0177.0.0.1",
                "0x7f.0.0.1",
                "127.000.000.001",
                "2130706433",
                "0x7f000001",
                "017700000001",
                "0",
                "127.0.0.1#@pictures.example",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "[64:ff9b::7f00:1]",
                "[::127.0.0.1]",
                "[fe80::1%25lo]",
                "[fd00::1]",
                "localhost",
                "localhost.",
                "LOCALHOST",
                "127.0.0.1."
            })
    void the_real_resolver_leads_to_no_private_address(String name) {
        PictureFetcher real = host.fetcher(InetAddress::getAllByName, TOTAL);

        assertRefused(real, "https://" + name + path);
        assertThat(host.dialed).noneMatch(address -> !AddressRule.isPublic(address));
    }

    @Test
    void one_private_address_among_public_ones_spoils_all() {
        PictureFetcher mixed =
                host.fetcher(name -> new InetAddress[] {address("93.184.216.34"), address("127.0.0.1")}, TOTAL);
        host.serve(path, PNG);

        assertRefused(mixed, HOST + path);
        assertRefused(host.fetcher(name -> new InetAddress[0], TOTAL), HOST + path);
        assertThat(host.dialed).isEmpty();
    }

    @Test
    void a_name_server_that_changes_its_mind_is_asked_once_for_a_connection() throws Exception {
        host.serve(path, PNG);
        AtomicInteger asked = new AtomicInteger();
        PictureFetcher rebound = host.fetcher(
                name -> new InetAddress[] {
                    asked.getAndIncrement() % 2 == 0 ? address("93.184.216.34") : address("127.0.0.1")
                },
                TOTAL);

        assertThat(rebound.fetch("image", HOST + path)).isEqualTo(PNG);
        assertThat(asked).hasValue(1);
        assertRefused(rebound, HOST + path);
        assertThat(rebound.fetch("image", HOST + path)).isEqualTo(PNG);
        assertThat(asked).hasValue(3);
        assertThat(host.dialed).containsOnly(address("93.184.216.34"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://pictures.example/a.png",
                "https://inside.pictures.example/",
                "https://127.0.0.1/",
                "https://pictures.example:8443/",
                "https://u@pictures.example/",
                "file:///etc/passwd",
                "not a url",
                "https://[::1]/",
                ""
            })
    void every_redirect_is_checked_as_the_first_url_was(String location) {
        String from = path + "/" + Integer.toHexString(location.hashCode());
        host.redirect(from, location);
        PictureFetcher split = host.fetcher(
                name -> new InetAddress[] {
                    name.equals("pictures.example") ? address("93.184.216.34") : address("10.0.0.1")
                },
                TOTAL);

        assertRefused(split, HOST + from);
        assertThat(host.dialed).containsOnly(addressOf("93.184.216.34"));
    }

    private static InetAddress addressOf(String literal) {
        try {
            return address(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
