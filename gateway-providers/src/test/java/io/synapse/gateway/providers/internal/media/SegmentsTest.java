package io.synapse.gateway.providers.internal.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.Transcript.Part;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What adapters of transcripts share. */
class SegmentsTest {
    @Test
    void sentences_and_pauses_end_segments() {
        List<Part> words = List.of(
                new Part(0, 400, "Hello"),
                new Part(450, 900, " there."),
                new Part(1_000, 1_300, " And"),
                new Part(2_300, 2_600, " then"),
                new Part(2_600, 2_900, " what?"));
        assertThat(Segments.of(words))
                .containsExactly(
                        new Part(0, 900, "Hello there."),
                        new Part(1_000, 1_300, " And"),
                        new Part(2_300, 2_900, " then what?"));
        assertThat(Segments.of(List.of())).isEmpty();
    }

    @Test
    void segments_are_short_enough_to_be_read() {
        List<Part> words = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            words.add(new Part(i * 500L, i * 500L + 400, " word"));
        }
        assertThat(Segments.of(words)).allSatisfy(part -> {
            assertThat(part.endMillis() - part.startMillis()).isLessThanOrEqualTo(10_000);
            assertThat(part.text()).hasSizeLessThanOrEqualTo(160);
        });
        words.replaceAll(word -> new Part(word.startMillis() / 100, word.endMillis() / 100, word.text()));
        assertThat(Segments.of(words))
                .hasSize(7)
                .allSatisfy(part -> assertThat(part.text()).hasSizeLessThanOrEqualTo(160));
    }

    @ParameterizedTest
    @CsvSource({"en, english", "eng, english", "en-US, english", "deu, german", "zh-CN, chinese", "qqq, qqq", "?, ?"})
    void language_has_its_english_name(String code, String name) {
        assertThat(Languages.named(code)).isEqualTo(name);
    }

    @Test
    void times_are_rounded_and_lengths_rounded_up() {
        assertThat(Seconds.millis(new BigDecimal("3.3199999"))).isEqualTo(3_320);
        assertThat(Seconds.millis("1.5")).isEqualTo(1_500);
        assertThat(Seconds.millis(-1)).isNull();
        assertThat(Seconds.millis(true)).isNull();
        assertThat(Seconds.usage(new BigDecimal("8.4701"))).isEqualTo(Usage.of(Unit.MILLISECONDS, 8_471));
        assertThat(Seconds.usage(0)).isNull();
        assertThat(Seconds.usage(new BigDecimal("1e400000000"))).isNull();
    }
}
