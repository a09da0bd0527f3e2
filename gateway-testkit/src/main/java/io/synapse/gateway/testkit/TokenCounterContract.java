package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.provider.TokenCounter;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every {@link TokenCounter} must do: reservations rest on its bound, charges on its count where an upstream tells
 * nothing. An implementation proves itself with a class that extends this one.
 */
@Timeout(60)
public abstract class TokenCounterContract {
    private static final String FOX = "The quick brown fox jumps over the lazy dog. ";

    /** There is nothing to set. */
    protected TokenCounterContract() {}

    /** The counter under test. */
    protected abstract TokenCounter counter();

    static Stream<String> texts() {
        return Stream.of(
                "a",
                FOX,
                FOX.repeat(1_000),
                "{\"a\": [1, 2, 3], \"b\": null}",
                "Größe über alles",
                "Привет, мир",
                "你好，世界",
                "👩‍👩‍👧‍👦 🙂🙃",
                "<|endoftext|> and <|im_start|>system",
                "\u0000\u0001\u0007",
                "\ud800 a lone surrogate",
                "\n\n\n\t\t",
                "0123456789".repeat(100),
                "a".repeat(100_000));
    }

    @Test
    void nothing_has_no_tokens() {
        assertThat(counter().count("")).isZero();
    }

    @ParameterizedTest
    @MethodSource("texts")
    void something_has_tokens_whatever_it_holds(String text) {
        assertThat(counter().count(text)).isPositive();
    }

    @ParameterizedTest
    @MethodSource("texts")
    void bound_is_no_less_than_the_count(String text) {
        assertThat(counter().bound(text)).isGreaterThanOrEqualTo(counter().count(text));
    }

    @Test
    void bound_is_no_less_than_a_token_for_each_word() {
        assertThat(counter().bound("a b ".repeat(5_000))).isGreaterThanOrEqualTo(10_000);
    }

    @Test
    void what_is_longer_has_a_greater_bound() {
        long before = counter().bound("");
        for (int times : new int[] {1, 10, 100, 1_000, 10_000, 50_000}) {
            long bound = counter().bound(FOX.repeat(times));
            assertThat(bound).as("the bound of %d sentences", times).isGreaterThan(before);
            before = bound;
        }
    }

    @ParameterizedTest
    @MethodSource("texts")
    void same_text_counts_the_same_every_time(String text) {
        TokenCounter counter = counter();
        assertThat(counter.count(text)).isEqualTo(counter.count(text));
        assertThat(counter.bound(text)).isEqualTo(counter.bound(text));
    }

    @Test
    void many_threads_may_count_at_once() throws Exception {
        TokenCounter counter = counter();
        List<String> all = texts().toList();
        List<Long> alone = all.stream().map(counter::count).toList();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> counts = IntStream.range(0, 64)
                    .mapToObj(i -> threads.submit(() -> counter.count(all.get(i % all.size()))))
                    .toList();
            for (int i = 0; i < counts.size(); i++) {
                assertThat(counts.get(i).get()).isEqualTo(alone.get(i % all.size()));
            }
        }
    }
}
