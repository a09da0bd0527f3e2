package io.synapse.gateway.http.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.media.Media;
import io.synapse.gateway.media.MediaStore;
import io.synapse.gateway.testkit.ManualClock;
import io.synapse.gateway.testkit.MediaStoreContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryMediaStoreTest extends MediaStoreContract {
    private static final Media MEDIA = new Media(new byte[] {1, 2, 3}, "image/png");
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    private Path temp;

    @Override
    protected MediaStore create(ManualClock clock) {
        return new DirectoryMediaStore(temp.resolve("media"), clock);
    }

    private Path directory() {
        return temp.resolve("media");
    }

    private long files() throws IOException {
        try (Stream<Path> files = Files.list(directory())) {
            return files.count();
        }
    }

    @Test
    void what_is_kept_survives_a_restart() {
        String name = store.keep(MEDIA, HOUR);

        assertThat(create(clock).find(name).orElseThrow().bytes()).containsExactly(1, 2, 3);
    }

    @Test
    void what_is_over_leaves_no_file() throws IOException {
        store.keep(MEDIA, HOUR);
        assertThat(files()).isEqualTo(1);

        clock.advance(HOUR);
        store.cleanUp();
        assertThat(files()).isZero();
    }

    @Test
    void a_file_that_a_crash_cut_off_is_not_found() throws IOException {
        String name = store.keep(MEDIA, HOUR);
        Path file = directory().resolve(name);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThat(store.find(name)).isEmpty();
        }
    }

    @Test
    void unfinished_files_are_dropped_when_their_writer_is_surely_gone() throws IOException {
        Path old = Files.write(directory().resolve("a".repeat(48) + ".tmp"), new byte[1]);
        Path fresh = Files.write(directory().resolve("b".repeat(48) + ".tmp"), new byte[1]);
        Files.setLastModifiedTime(old, FileTime.from(clock.instant().minus(HOUR)));
        Files.setLastModifiedTime(fresh, FileTime.from(clock.instant()));

        store.cleanUp();
        assertThat(old).doesNotExist();
        assertThat(fresh).exists();
        assertThat(store.find("b".repeat(48) + ".tmp")).isEmpty();
    }

    @Test
    void what_others_put_there_is_neither_found_nor_dropped() throws IOException {
        Path other = Files.writeString(directory().resolve("README"), "mine");
        Path outside = Files.writeString(temp.resolve("c".repeat(48)), "secret");

        clock.advance(Duration.ofDays(1000));
        store.cleanUp();
        assertThat(other).exists();
        assertThat(outside).exists();
        assertThat(store.find("README")).isEmpty();
        assertThat(store.find("../" + "c".repeat(48))).isEmpty();
    }
}
