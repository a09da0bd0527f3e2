package io.synapse.gateway.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettlementJournalTest {
    private static final String[] TEXTS = {"openai", "", "two words", "tab\tand\nline", "100 %+=,", "Größe 価格 🎈"};

    private final Random random = new Random(11);

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("settlements");
    }

    private Settlement settlement() {
        Map<Unit, Long> used = new EnumMap<>(Unit.class);
        Map<Unit, Long> rates = new EnumMap<>(Unit.class);
        for (Unit unit : Unit.values()) {
            if (random.nextBoolean()) {
                used.put(unit, random.nextBoolean() ? 0 : random.nextLong(1_000_000));
                rates.put(unit, random.nextLong(1_000_000_000));
            }
        }
        rates.put(Unit.REQUESTS, Long.MAX_VALUE / 2);
        used.remove(Unit.REQUESTS);
        return Settlement.priced(
                UUID.randomUUID(),
                new Usage(used),
                List.of(UsageSource.values()).get(random.nextInt(3)),
                new PriceList(rates, TEXTS[random.nextInt(TEXTS.length)]),
                TEXTS[random.nextInt(TEXTS.length)]);
    }

    private List<Settlement> left() {
        try (SettlementJournal journal = SettlementJournal.inFile(file)) {
            return journal.pending();
        }
    }

    private List<Settlement> written(int count) {
        List<Settlement> all = Stream.generate(this::settlement).limit(count).toList();
        try (SettlementJournal journal = SettlementJournal.inFile(file)) {
            all.forEach(journal::add);
        }
        return all;
    }

    @Test
    void what_was_added_is_found_exactly_as_it_was_and_in_order() {
        List<Settlement> all = written(200);
        assertThat(left()).isEqualTo(all);
        assertThat(left()).isEqualTo(all);
    }

    @Test
    void what_was_removed_is_gone_and_the_rest_is_not() {
        List<Settlement> all = written(5);
        try (SettlementJournal journal = SettlementJournal.inFile(file)) {
            journal.remove(List.of(all.get(1).charge(), all.get(3).charge(), UUID.randomUUID()));
            assertThat(journal.pending()).containsExactly(all.get(0), all.get(2), all.get(4));
            Settlement later = settlement();
            journal.add(later);
            journal.remove(List.of(all.get(0).charge()));
            all = List.of(all.get(2), all.get(4), later);
        }
        assertThat(left()).isEqualTo(all);
    }

    @Test
    void a_journal_with_nothing_left_takes_no_room() throws IOException {
        List<Settlement> all = written(50);
        try (SettlementJournal journal = SettlementJournal.inFile(file)) {
            journal.remove(all.stream().map(Settlement::charge).toList());
        }
        assertThat(Files.size(file)).isLessThan(100);
    }

    @Test
    void added_twice_it_is_kept_once() {
        Settlement one = settlement();
        try (SettlementJournal journal = SettlementJournal.inFile(file)) {
            journal.add(one);
            journal.add(one);
        }
        assertThat(left()).containsExactly(one);
    }

    @Test
    void many_may_add_at_once() throws Exception {
        List<Settlement> all = Stream.generate(this::settlement).limit(40).toList();
        try (SettlementJournal journal = SettlementJournal.inFile(file);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> added = new ArrayList<>();
            all.forEach(each -> added.add(threads.submit(() -> journal.add(each))));
            for (Future<?> each : added) {
                each.get();
            }
        }
        assertThat(left()).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void cut_off_anywhere_in_its_last_line_it_loses_that_line_alone() throws IOException {
        List<Settlement> all = written(3);
        byte[] whole = Files.readAllBytes(file);
        int lastLine = new String(whole, StandardCharsets.ISO_8859_1).lastIndexOf('\n', whole.length - 2) + 1;
        for (int length = lastLine; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            Settlement next = settlement();
            try (SettlementJournal journal = SettlementJournal.inFile(file)) {
                journal.add(next);
            }
            assertThat(left()).as("%d bytes", length).containsExactly(all.get(0), all.get(1), next);
        }
    }

    @Test
    void damaged_anywhere_else_it_stops_the_start_and_is_kept_aside() throws IOException {
        written(3);
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length - 1; at += 7) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 1;
            Files.write(file, damaged);
            assertThatThrownBy(() -> SettlementJournal.inFile(file))
                    .as("byte %d", at)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("damaged in line")
                    .hasMessageContaining(".damaged-");
            assertThat(file).doesNotExist();
            Path aside = aside();
            assertThat(Files.readAllBytes(aside)).isEqualTo(damaged);
            Files.delete(aside);
        }
        assertThat(left()).isEmpty();
    }

    private Path aside() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(each -> each.getFileName().toString().startsWith("settlements.damaged-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"no journal", "synapse settlements 2\n", "\n", "synapse settlements 1"})
    void another_file_is_not_written_over(String text) throws IOException {
        Files.writeString(file, text);
        assertThatThrownBy(() -> SettlementJournal.inFile(file)).isInstanceOf(IllegalStateException.class);
        assertThat(aside()).hasContent(text);
    }

    @Test
    void an_empty_file_is_an_empty_journal() throws IOException {
        Files.createFile(file);
        assertThat(left()).isEmpty();
    }

    @Test
    void two_gateways_do_not_share_one() {
        try (SettlementJournal journal = SettlementJournal.inFile(file)) {
            journal.add(settlement());
            assertThatThrownBy(() -> SettlementJournal.inFile(file))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("in use");
        }
        assertThat(left()).hasSize(1);
    }

    @Test
    void an_interrupt_neither_ends_it_nor_is_lost() {
        Settlement one = settlement();
        Settlement two = settlement();
        try (SettlementJournal journal = SettlementJournal.inFile(file)) {
            Thread.currentThread().interrupt();
            journal.add(one);
            journal.add(two);
            journal.remove(List.of(one.charge()));
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(left()).containsExactly(two);
    }

    @Test
    void what_could_not_be_written_is_written_with_the_next() throws IOException {
        Settlement one = settlement();
        Settlement two = settlement();
        try (SettlementJournal journal = SettlementJournal.inFile(file)) {
            journal.add(one);
            // A directory in the way of the next file.
            Path inTheWay = Files.createDirectory(directory.resolve("settlements.next"));
            assertThatThrownBy(() -> journal.remove(List.of(one.charge()))).isInstanceOf(UncheckedIOException.class);
            assertThatThrownBy(() -> journal.add(two)).isInstanceOf(UncheckedIOException.class);
            Files.delete(inTheWay);
            journal.add(two);
        }
        assertThat(left()).containsExactly(two);
    }

    @Test
    void a_directory_that_is_not_there_is_an_error() {
        assertThatThrownBy(() -> SettlementJournal.inFile(directory.resolve("absent/settlements")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("absent");
    }

    @Test
    void none_keeps_nothing() {
        try (SettlementJournal none = SettlementJournal.none()) {
            none.add(settlement());
            assertThat(none.pending()).isEmpty();
        }
    }
}
