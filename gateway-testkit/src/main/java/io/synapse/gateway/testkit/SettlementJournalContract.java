package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.credit.PriceList;
import io.synapse.gateway.credit.Settlement;
import io.synapse.gateway.credit.SettlementJournal;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.credit.UsageSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link SettlementJournal} must do: what was delivered is paid for, whatever dies in between. An implementation
 * proves itself with a class that extends this one and opens the same journal again and again, empty in each test.
 */
@Timeout(60)
public abstract class SettlementJournalContract {
    private static final List<String> TEXTS = List.of("openai", "", "two words", "tab\tand\nline", "100 %+=,", "価格 🎈");

    private static final List<UsageSource> SOURCES = List.of(UsageSource.values());

    // Set before each test, and only there.
    @SuppressWarnings("NullAway.Init")
    private SettlementJournal journal;

    /** There is nothing to set. */
    protected SettlementJournalContract() {}

    /** Opens the test's journal as the next process would. The one before has been closed. */
    protected abstract SettlementJournal open();

    @BeforeEach
    final void begin() {
        journal = open();
    }

    @AfterEach
    final void end() {
        journal.close();
    }

    private void nextProcess() {
        journal.close();
        journal = open();
    }

    /** One of many that differ in everything. */
    private static Settlement settlement(int number) {
        Map<Unit, Long> used = new EnumMap<>(Unit.class);
        Map<Unit, Long> rates = new EnumMap<>(Unit.class);
        long count = number;
        for (Unit unit : Unit.values()) {
            count++;
            rates.put(unit, 1_000L + number);
            if (count % 3 != 0) {
                used.put(unit, count * number);
            }
        }
        return Settlement.priced(
                new UUID(7, number),
                new Usage(used),
                SOURCES.get(number % SOURCES.size()),
                new PriceList(rates, TEXTS.get(number % TEXTS.size())),
                TEXTS.get((number + 1) % TEXTS.size()));
    }

    private List<Settlement> added(int count) {
        List<Settlement> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(settlement(i));
            journal.add(all.getLast());
        }
        return all;
    }

    @Test
    void new_journal_holds_nothing() {
        assertThat(journal.pending()).isEmpty();
    }

    @Test
    void what_was_added_is_pending_exactly_as_it_was_and_the_oldest_first() {
        List<Settlement> all = added(40);
        assertThat(journal.pending()).isEqualTo(all);
    }

    @Test
    void what_was_added_is_found_by_the_next_process() {
        List<Settlement> all = added(40);
        nextProcess();
        assertThat(journal.pending()).isEqualTo(all);
        nextProcess();
        assertThat(journal.pending()).isEqualTo(all);
    }

    @Test
    void what_was_removed_is_gone_for_the_next_process_too_and_the_rest_is_not() {
        List<Settlement> all = added(5);
        journal.remove(List.of(all.get(1).charge(), all.get(3).charge()));
        List<Settlement> left = List.of(all.get(0), all.get(2), all.get(4));
        assertThat(journal.pending()).isEqualTo(left);
        nextProcess();
        assertThat(journal.pending()).isEqualTo(left);
    }

    @Test
    void removing_what_is_not_kept_does_no_harm() {
        List<Settlement> all = added(2);
        journal.remove(List.of(new UUID(9, 9)));
        journal.remove(List.of());
        assertThat(journal.pending()).isEqualTo(all);
    }

    @Test
    void what_is_kept_already_stays_as_it_is() {
        Settlement one = settlement(1);
        Settlement other = settlement(2);
        journal.add(one);
        journal.add(Settlement.priced(one.charge(), other.usage(), other.source(), other.prices(), other.provider()));
        assertThat(journal.pending()).containsExactly(one);
        nextProcess();
        assertThat(journal.pending()).containsExactly(one);
    }

    @Test
    void what_was_removed_can_be_added_again() {
        Settlement one = settlement(1);
        journal.add(one);
        journal.remove(List.of(one.charge()));
        journal.add(one);
        nextProcess();
        assertThat(journal.pending()).containsExactly(one);
    }

    @Test
    void what_was_pending_once_does_not_change_afterwards() {
        added(3);
        List<Settlement> seen = journal.pending();
        journal.remove(List.of(seen.getFirst().charge()));
        assertThat(seen).hasSize(3);
    }

    @Test
    void many_threads_may_add_and_remove_at_once() throws Exception {
        List<Settlement> kept = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 48; i++) {
                Settlement settlement = settlement(i);
                boolean passing = i % 2 == 0;
                if (!passing) {
                    kept.add(settlement);
                }
                all.add(threads.submit(() -> {
                    journal.add(settlement);
                    if (passing) {
                        journal.remove(List.of(settlement.charge()));
                    }
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
        nextProcess();
        assertThat(journal.pending()).containsExactlyInAnyOrderElementsOf(kept);
    }
}
