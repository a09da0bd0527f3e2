package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.synapse.gateway.fault.InvalidRequestException;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.media.PictureSource;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link PictureSource} must do: callers name URLs, and it goes there in the gateway's place. An implementation
 * proves itself with a class that extends this one and hosts files where the source may fetch them.
 */
@Timeout(60)
public abstract class PictureSourceContract {
    private static final String FIELD = "messages[0].content[1].image_url.url";

    /** There is nothing to set. */
    protected PictureSourceContract() {}

    /** The source under test. */
    protected abstract PictureSource source();

    /** Hosts a file where the source may fetch it, as what it says it is; its URL. */
    protected abstract String urlOf(Media file) throws Exception;

    /** A URL of the same host where nothing is. */
    protected abstract String urlOfNothing();

    private void assertRefused(String url) {
        InvalidRequestException refusal =
                catchThrowableOfType(InvalidRequestException.class, () -> source().fetch(FIELD, url));
        assertThat(refusal).as("the refusal of %s", url).isNotNull();
        assertThat(refusal.param()).isEqualTo(FIELD);
        assertThat(refusal.getMessage()).contains(FIELD);
    }

    @Test
    void picture_is_fetched_with_its_bytes_and_its_type() throws Exception {
        Media picture = SampleMedia.picture(7);
        Media fetched = source().fetch(FIELD, urlOf(picture));
        assertThat(fetched.bytes()).isEqualTo(picture.bytes());
        assertThat(fetched.type()).isEqualTo("image/png");
    }

    @Test
    void type_is_that_of_the_bytes_whatever_their_host_says() throws Exception {
        Media mislabelled = new Media(SampleMedia.picture(7).bytes(), "text/html");
        assertThat(source().fetch(FIELD, urlOf(mislabelled)).type()).isEqualTo("image/png");
    }

    @Test
    void what_is_no_picture_is_refused_by_its_field() throws Exception {
        byte[] page = "<html>hello</html>".getBytes(StandardCharsets.UTF_8);
        assertRefused(urlOf(new Media(page, "image/png")));
        assertRefused(urlOf(new Media(new byte[0], "image/png")));
    }

    @Test
    void what_is_not_there_is_refused_by_its_field() {
        assertRefused(urlOfNothing());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.0.0.1/a.png",
                "https://localhost/a.png",
                "https://0.0.0.0/a.png",
                "https://10.1.2.3/a.png",
                "https://172.16.0.1/a.png",
                "https://192.168.1.1/a.png",
                "https://100.64.0.1/a.png",
                "https://169.254.169.254/latest/meta-data/",
                "https://[::1]/a.png",
                "https://[fe80::1]/a.png",
                "https://[::ffff:127.0.0.1]/a.png",
                "https://2130706433/a.png",
                "https://0x7f.1/a.png"
            })
    void address_inside_a_network_is_refused_by_its_field(String url) {
        assertRefused(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a.png",
                "//pictures.example/a.png",
                "file:///etc/passwd",
                "ftp://pictures.example/a.png",
                "jar:file:/a.jar!/a.png",
                "https://",
                "https:///a.png",
                "https://user:secret@127.0.0.1/a.png",
                "https://pictures.example:22/a.png\r\nX: y"
            })
    void url_that_is_none_or_leads_elsewhere_is_refused_by_its_field(String url) {
        assertRefused(url);
    }

    @Test
    void many_threads_may_fetch_at_once() throws Exception {
        PictureSource source = source();
        List<String> urls = List.of(urlOf(SampleMedia.picture(1)), urlOf(SampleMedia.picture(2)));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Media>> fetched = IntStream.range(0, 16)
                    .mapToObj(i -> threads.submit(() -> source.fetch(FIELD, urls.get(i % 2))))
                    .toList();
            for (int i = 0; i < fetched.size(); i++) {
                assertThat(fetched.get(i).get().bytes())
                        .isEqualTo(SampleMedia.picture(1 + i % 2).bytes());
            }
        }
    }
}
