package io.synapse.gateway.providers.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JTokkitCounterTest {
    private final JTokkitCounter counter = new JTokkitCounter();

    @Test
    void counts_like_the_vocabulary() {
        assertThat(counter.count("")).isZero();
        assertThat(counter.count("Hello")).isEqualTo(1);
        assertThat(counter.count("Hello, world!")).isEqualTo(4);
        assertThat(counter.count("The quick brown fox jumps over the lazy dog."))
                .isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<|endoftext|>",
                "before <|endofprompt|> after",
                "<|fim_prefix|><|fim_middle|>",
                "\ud800 a lone surrogate",
                "\u0000\u0001",
                "👩‍👩‍👧‍👦"
            })
    void never_fails_whatever_the_text_holds(String text) {
        assertThat(counter.count(text)).isPositive();
        assertThat(counter.bound(text)).isGreaterThanOrEqualTo(counter.count(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "Hello there",
                "Größe über alles",
                "Привет, мир",
                "你好，世界",
                "{\"a\": [1, 2, 3]}",
                "🙂🙃🙂🙃"
            })
    void a_bound_holds_a_fifth_more_and_never_more_than_the_bytes(String text) {
        long bytes = text.getBytes(StandardCharsets.UTF_8).length;
        long count = counter.count(text);
        assertThat(counter.bound(text)).isBetween(count, bytes + JTokkitCounter.SLACK);
        assertThat(counter.bound(text)).isLessThanOrEqualTo((long) Math.ceil(count * 1.2) + JTokkitCounter.SLACK);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "the quick",
                "  one  \t two\n\n three\r\n  ",
                "Größe, naïve l'été DON'T we'll",
                "{\"a\": [1, 22, 333, 4444], \"b\":null} // ...\n/ !?",
                "\u00a0 \u2003 \u3000 \u0085 你好 世界 🙂 🙃",
            })
    void counts_word_by_word_what_the_vocabulary_counts_in_the_whole(String alphabet) {
        Encoding vocabulary = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);
        int[] characters = alphabet.codePoints().toArray();
        Random random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            String text = random.ints(random.nextInt(60), 0, characters.length)
                    .map(at -> characters[at])
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            assertThat(counter.count(text)).as(text).isEqualTo(vocabulary.countTokensOrdinary(text));
        }
    }

    @Test
    void long_texts_are_estimated_by_bytes() {
        String exact = "a".repeat(JTokkitCounter.EXACT_BYTES);
        String longer = exact + "a";
        assertThat(counter.count(exact)).isLessThan(JTokkitCounter.EXACT_BYTES / 4);
        assertThat(counter.count(longer)).isEqualTo(JTokkitCounter.EXACT_BYTES / 2 + 1);
        assertThat(counter.bound("é".repeat(1_000_000))).isBetween(1_000_000L, 2_000_008L);
    }

    @Test
    void serves_many_threads() throws Exception {
        counter.warmUp();
        try (var executor = Executors.newFixedThreadPool(4)) {
            List<Future<Long>> counts = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                counts.add(executor.submit(() -> counter.count("The quick brown fox jumps over the lazy dog.")));
            }
            for (Future<Long> count : counts) {
                assertThat(count.get()).isEqualTo(10);
            }
        }
    }
}
