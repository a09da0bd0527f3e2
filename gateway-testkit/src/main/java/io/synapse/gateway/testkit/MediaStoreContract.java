package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.media.Media;
import io.synapse.gateway.media.MediaStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every {@link MediaStore} must do. An implementation proves itself with a class that extends this one and makes an
 * empty store that goes by a clock.
 */
@Timeout(60)
public abstract class MediaStoreContract {
    private static final Duration HOUR = Duration.ofHours(1);

    /** The clock that the store goes by. */
    protected final ManualClock clock = new ManualClock();

    /** The store under test. */
    protected MediaStore store = MediaStore.inMemory();

    /** There is nothing to set. */
    protected MediaStoreContract() {}

    /** An empty store that goes by the clock. */
    protected abstract MediaStore create(ManualClock clock);

    @BeforeEach
    void begin() {
        store = create(clock);
    }

    private static Media media(String text) {
        return new Media(text.getBytes(StandardCharsets.UTF_8), "image/png");
    }

    @Test
    void what_is_kept_is_found_with_its_bytes_and_its_type() {
        byte[] bytes = new byte[300_000];
        bytes[7] = -1;
        String name = store.keep(new Media(bytes, "video/mp4"), HOUR);

        Media found = store.find(name).orElseThrow();
        assertThat(found.bytes()).isEqualTo(bytes);
        assertThat(found.type()).isEqualTo("video/mp4");
    }

    @Test
    void nothing_is_kept_as_well() {
        String name = store.keep(new Media(new byte[0], "audio/mpeg"), HOUR);

        assertThat(store.find(name).orElseThrow().bytes()).isEmpty();
    }

    @Test
    void names_are_letters_and_digits_and_never_twice_the_same() {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            String name = store.keep(media("same"), HOUR);
            // 22 letters and digits are no fewer than 128 bits.
            assertThat(name).matches("[A-Za-z0-9]{22,}");
            assertThat(names.add(name)).isTrue();
        }
    }

    @Test
    void it_is_found_until_its_time_is_over_and_not_after() {
        String name = store.keep(media("one"), HOUR);

        clock.advance(HOUR.minusMillis(1));
        assertThat(store.find(name)).isPresent();
        clock.advance(Duration.ofMillis(1));
        assertThat(store.find(name)).isEmpty();
    }

    @Test
    void cleaning_up_drops_what_is_over_and_nothing_else() {
        String brief = store.keep(media("brief"), Duration.ofMinutes(1));
        String lasting = store.keep(media("lasting"), HOUR);

        clock.advance(Duration.ofMinutes(2));
        store.cleanUp();
        store.cleanUp();

        assertThat(store.find(brief)).isEmpty();
        assertThat(store.find(lasting)).isPresent();
        // Gone for good, and not only out of time.
        clock.advance(Duration.ofMinutes(-2));
        assertThat(store.find(brief)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void nonsense_is_not_found_and_no_error(String name) {
        store.keep(media("one"), HOUR);

        assertThat(store.find(name)).isEmpty();
    }

    static Stream<String> nonsense() {
        return Stream.of(
                "",
                ".",
                "..",
                "../../etc/passwd",
                "/etc/passwd",
                "..\\..\\windows",
                "a\u0000b",
                "\ud800",
                "%2e%2e%2f",
                "0".repeat(48),
                "0".repeat(47),
                "0".repeat(48) + ".tmp",
                "0".repeat(48) + "\n",
                "x".repeat(100_000));
    }

    @Test
    void a_name_is_exact() {
        String name = store.keep(media("one"), HOUR);

        assertThat(store.find(name + " ")).isEmpty();
        assertThat(store.find("/" + name)).isEmpty();
        assertThat(store.find("./" + name)).isEmpty();
        assertThat(store.find(name.substring(1))).isEmpty();
    }

    @Test
    void many_may_keep_and_find_at_once() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> all = IntStream.range(0, 64)
                    .mapToObj(i -> threads.submit(() -> {
                        String name = store.keep(media("number " + i), HOUR);
                        store.cleanUp();
                        return new String(store.find(name).orElseThrow().bytes(), StandardCharsets.UTF_8)
                                .equals("number " + i);
                    }))
                    .toList();
            for (Future<Boolean> one : all) {
                assertThat(one.get()).isTrue();
            }
        }
    }
}
