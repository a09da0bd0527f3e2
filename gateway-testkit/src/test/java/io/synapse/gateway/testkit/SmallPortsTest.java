package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.synapse.gateway.credit.Settlement;
import io.synapse.gateway.credit.SettlementJournal;
import io.synapse.gateway.fault.InvalidRequestException;
import io.synapse.gateway.media.Media;
import io.synapse.gateway.media.PictureSource;
import io.synapse.gateway.provider.TokenCounter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** Tests the contracts of the small ports: what is broken in one way fails the rules about it and no others. */
class SmallPortsTest {
    private static TokenCounter counter = TokenCounter.byBytes();
    private static JournalFault journal = JournalFault.NONE;
    private static PictureSource pictures = new Album();

    /** Named so that no build runs it by itself. */
    static class CounterCase extends TokenCounterContract {
        @Override
        protected TokenCounter counter() {
            return counter;
        }
    }

    private static TokenCounter counting(ToLongFunction<String> count, ToLongFunction<String> bound) {
        return new TokenCounter() {
            @Override
            public long count(String text) {
                return count.applyAsLong(text);
            }

            @Override
            public long bound(String text) {
                return bound.applyAsLong(text);
            }
        };
    }

    static Stream<Arguments> counters() {
        TokenCounter good = TokenCounter.byBytes();
        AtomicLong calls = new AtomicLong();
        return Stream.of(
                arguments("good", good, Set.of()),
                arguments(
                        "counts the end of a text too",
                        counting(text -> good.count(text) + 1, text -> good.bound(text) + 1),
                        Set.of("nothing_has_no_tokens")),
                arguments(
                        "counts letters alone",
                        counting(
                                text -> text.codePoints()
                                        .filter(Character::isLetterOrDigit)
                                        .count(),
                                text -> text.length() * 2L),
                        Set.of("something_has_tokens_whatever_it_holds")),
                arguments(
                        "takes the estimate for the bound",
                        counting(good::count, text -> good.count(text) * 9 / 10),
                        Set.of("bound_is_no_less_than_the_count", "bound_is_no_less_than_a_token_for_each_word")),
                arguments(
                        "bounds by the estimate",
                        counting(good::count, good::count),
                        Set.of("bound_is_no_less_than_a_token_for_each_word")),
                arguments(
                        "bounds nothing above a limit",
                        counting(
                                text -> Math.min(good.count(text), 100_000),
                                text -> Math.min(good.bound(text), 100_000)),
                        Set.of("what_is_longer_has_a_greater_bound")),
                arguments(
                        "guesses anew each time",
                        counting(good::count, text -> good.bound(text) * 2 + calls.incrementAndGet() % 2),
                        Set.of("same_text_counts_the_same_every_time")),
                arguments(
                        "is for one thread",
                        counting(
                                text -> good.count(text)
                                        + (Thread.currentThread().isVirtual() ? 7 : 0),
                                text -> good.bound(text) * 9),
                        Set.of("many_threads_may_count_at_once")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("counters")
    void a_counter_breaks_its_rules_and_no_other(String how, TokenCounter broken, Set<String> rules) {
        counter = broken;
        assertThat(rulesBroken(CounterCase.class)).isEqualTo(rules);
    }

    /** What can be wrong with a journal. */
    enum JournalFault {
        NONE,
        DIES_WITH_ITS_PROCESS,
        YOUNGEST_FIRST,
        REMOVES_EVERYTHING,
        FORGETS_REMOVALS,
        KEEPS_THE_LAST_OF_TWO,
        REMEMBERS_WHAT_IT_REMOVED,
        CANNOT_REMOVE_STRANGERS,
        SHOWS_ITS_OWN_LIST,
        NEVER_EMPTY
    }

    /** Named so that no build runs it by itself. */
    static class JournalCase extends SettlementJournalContract {
        private final Map<UUID, Settlement> disk = new LinkedHashMap<>();

        @Override
        protected SettlementJournal open() {
            return new BrokenJournal(disk, journal);
        }
    }

    private static final class BrokenJournal implements SettlementJournal {
        private final Map<UUID, Settlement> disk;
        private final Map<UUID, Settlement> kept;
        private final List<Settlement> own = new ArrayList<>();
        private final List<UUID> removed = new ArrayList<>();
        private final JournalFault fault;

        BrokenJournal(Map<UUID, Settlement> disk, JournalFault fault) {
            this.disk = disk;
            this.kept = new LinkedHashMap<>(disk);
            this.fault = fault;
            own.addAll(kept.values());
        }

        @Override
        public synchronized void add(Settlement settlement) {
            UUID charge = settlement.charge();
            if (fault == JournalFault.REMEMBERS_WHAT_IT_REMOVED && removed.contains(charge)) {
                return;
            }
            if (fault == JournalFault.KEEPS_THE_LAST_OF_TWO) {
                kept.put(charge, settlement);
            } else if (kept.putIfAbsent(charge, settlement) == null) {
                own.add(settlement);
            }
            if (fault != JournalFault.DIES_WITH_ITS_PROCESS) {
                disk.put(charge, kept.get(charge));
            }
        }

        @Override
        public synchronized void remove(Collection<UUID> charges) {
            if (fault == JournalFault.CANNOT_REMOVE_STRANGERS && !kept.keySet().containsAll(charges)) {
                throw new IllegalArgumentException("not kept");
            }
            removed.addAll(charges);
            own.removeIf(settlement -> charges.contains(settlement.charge()));
            kept.keySet().removeAll(charges);
            if (fault == JournalFault.REMOVES_EVERYTHING) {
                kept.clear();
                disk.clear();
            }
            if (fault != JournalFault.FORGETS_REMOVALS) {
                disk.keySet().removeAll(charges);
            }
        }

        @Override
        public synchronized List<Settlement> pending() {
            return switch (fault) {
                case SHOWS_ITS_OWN_LIST -> own;
                case YOUNGEST_FIRST -> new ArrayList<>(kept.values()).reversed();
                default -> new ArrayList<>(kept.values());
            };
        }

        @Override
        public void close() {
            // The disk stays.
        }
    }

    static Stream<Arguments> journals() {
        String removed = "what_was_removed_is_gone_for_the_next_process_too_and_the_rest_is_not";
        return Stream.of(
                arguments(JournalFault.NONE, Set.of()),
                arguments(
                        JournalFault.DIES_WITH_ITS_PROCESS,
                        Set.of(
                                "what_was_added_is_found_by_the_next_process",
                                removed,
                                "what_is_kept_already_stays_as_it_is",
                                "what_was_removed_can_be_added_again",
                                "many_threads_may_add_and_remove_at_once")),
                arguments(
                        JournalFault.YOUNGEST_FIRST,
                        Set.of(
                                "what_was_added_is_pending_exactly_as_it_was_and_the_oldest_first",
                                "what_was_added_is_found_by_the_next_process",
                                removed,
                                "removing_what_is_not_kept_does_no_harm")),
                arguments(
                        JournalFault.REMOVES_EVERYTHING,
                        Set.of(
                                removed,
                                "removing_what_is_not_kept_does_no_harm",
                                "many_threads_may_add_and_remove_at_once")),
                arguments(JournalFault.FORGETS_REMOVALS, Set.of(removed, "many_threads_may_add_and_remove_at_once")),
                arguments(JournalFault.KEEPS_THE_LAST_OF_TWO, Set.of("what_is_kept_already_stays_as_it_is")),
                arguments(JournalFault.REMEMBERS_WHAT_IT_REMOVED, Set.of("what_was_removed_can_be_added_again")),
                arguments(JournalFault.CANNOT_REMOVE_STRANGERS, Set.of("removing_what_is_not_kept_does_no_harm")),
                arguments(JournalFault.SHOWS_ITS_OWN_LIST, Set.of("what_was_pending_once_does_not_change_afterwards")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("journals")
    void a_journal_breaks_its_rules_and_no_other(JournalFault fault, Set<String> rules) {
        journal = fault;
        assertThat(rulesBroken(JournalCase.class)).isEqualTo(rules);
    }

    /** Named so that no build runs it by itself. */
    static class PictureCase extends PictureSourceContract {
        @Override
        protected PictureSource source() {
            return pictures;
        }

        @Override
        protected String urlOf(Media file) {
            String url = "https://pictures.example/" + Album.FILES.size();
            Album.FILES.put(url, file);
            return url;
        }

        @Override
        protected String urlOfNothing() {
            return "https://pictures.example/nothing";
        }
    }

    /** Pictures that were hosted, instead of a network. */
    private static class Album implements PictureSource {
        static final Map<String, Media> FILES = new HashMap<>();

        @Override
        public Media fetch(String field, String url) {
            Media file = FILES.get(url);
            if (file == null || file.bytes().length == 0 || file.bytes()[0] != (byte) 0x89) {
                throw new InvalidRequestException(field, "'" + field + "' is no picture.");
            }
            return new Media(file.bytes(), "image/png");
        }
    }

    private static PictureSource doing(BiFunction<String, String, Media> fetch) {
        return fetch::apply;
    }

    static Stream<Arguments> sources() {
        Album good = new Album();
        Media inner = SampleMedia.picture(1);
        return Stream.of(
                arguments("good", good, Set.of()),
                arguments(
                        "believes what a host says",
                        doing((field, url) -> new Media(
                                good.fetch(field, url).bytes(),
                                Album.FILES.get(url).type())),
                        Set.of("type_is_that_of_the_bytes_whatever_their_host_says")),
                arguments(
                        "changes the bytes",
                        doing((field, url) -> {
                            good.fetch(field, url);
                            return inner;
                        }),
                        Set.of("picture_is_fetched_with_its_bytes_and_its_type", "many_threads_may_fetch_at_once")),
                arguments(
                        "takes anything for a picture",
                        doing((field, url) -> {
                            Media file = Album.FILES.get(url);
                            return file == null ? good.fetch(field, url) : new Media(file.bytes(), "image/png");
                        }),
                        Set.of("what_is_no_picture_is_refused_by_its_field")),
                arguments(
                        "lets what is missing be an error of its own",
                        doing((field, url) -> {
                            if (url.endsWith("/nothing")) {
                                throw new IllegalStateException("404");
                            }
                            return good.fetch(field, url);
                        }),
                        Set.of("what_is_not_there_is_refused_by_its_field")),
                arguments(
                        "goes anywhere",
                        doing((field, url) -> url.contains("169.254") ? inner : good.fetch(field, url)),
                        Set.of("address_inside_a_network_is_refused_by_its_field")),
                arguments(
                        "opens files",
                        doing((field, url) -> url.startsWith("file:") ? inner : good.fetch(field, url)),
                        Set.of("url_that_is_none_or_leads_elsewhere_is_refused_by_its_field")),
                arguments(
                        "calls every field image",
                        doing((field, url) -> good.fetch("image", url)),
                        Set.of(
                                "what_is_no_picture_is_refused_by_its_field",
                                "what_is_not_there_is_refused_by_its_field",
                                "address_inside_a_network_is_refused_by_its_field",
                                "url_that_is_none_or_leads_elsewhere_is_refused_by_its_field")),
                arguments(
                        "is for one thread",
                        doing((field, url) -> {
                            if (Thread.currentThread().isVirtual()) {
                                throw new IllegalStateException("not from here");
                            }
                            return good.fetch(field, url);
                        }),
                        Set.of("many_threads_may_fetch_at_once")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sources")
    void a_source_of_pictures_breaks_its_rules_and_no_other(String how, PictureSource broken, Set<String> rules) {
        pictures = broken;
        assertThat(rulesBroken(PictureCase.class)).isEqualTo(rules);
    }

    private static Set<String> rulesBroken(Class<?> contract) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(contract))
                .execute()
                .testEvents()
                .failed()
                .map(SmallPortsTest::rule)
                .collect(Collectors.toSet());
    }

    private static String rule(Event event) {
        return event.getTestDescriptor()
                .getSource()
                .map(source -> ((org.junit.platform.engine.support.descriptor.MethodSource) source).getMethodName())
                .orElse("?");
    }
}
