package io.synapse.gateway.providers.internal.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SentencesTest {
    @Test
    void short_text_is_one_part() {
        assertThat(Sentences.parts("Hello there. How are you?", 25)).containsExactly("Hello there. How are you?");
    }

    @Test
    void cuts_stand_between_sentences_and_parts_are_as_long_as_can_be() {
        assertThat(Sentences.parts("One two. Three four! Five six? Seven.", 20))
                .containsExactly("One two. Three four!", "Five six? Seven.");
        assertThat(Sentences.parts("你好吗？我很好。谢谢。", 8)).containsExactly("你好吗？我很好。", "谢谢。");
        assertThat(Sentences.parts("كيف حالك؟ أنا بخير.", 12)).containsExactly("كيف حالك؟", "أنا بخير.");
    }

    @Test
    void long_sentence_is_cut_between_words_and_a_long_word_between_characters() {
        assertThat(Sentences.parts("Alpha beta gamma delta. Yes.", 11))
                .containsExactly("Alpha beta", "gamma", "delta.", "Yes.");
        assertThat(Sentences.parts("abcdefgh", 3)).containsExactly("abc", "def", "gh");
        assertThat(Sentences.parts("\uD83C\uDF0D\uD83C\uDF0D\uD83C\uDF0D", 5))
                .containsExactly("\uD83C\uDF0D\uD83C\uDF0D", "\uD83C\uDF0D");
    }

    @Test
    void blank_text_is_a_blank_part() {
        assertThat(Sentences.parts(" ".repeat(9), 4)).containsExactly("    ");
    }

    @Test
    void nothing_but_blanks_is_lost_and_no_part_is_too_long() {
        Random random = new Random(7);
        String letters = "abc. !?\näé\u4F60\u3002\u0301  xyz";
        for (int i = 0; i < 300; i++) {
            StringBuilder text = new StringBuilder("x");
            for (int j = random.nextInt(120); j > 0; j--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            assertThat(Sentences.parts(text.toString(), 20))
                    .allSatisfy(part -> assertThat(part).hasSizeBetween(1, 20))
                    .satisfies(parts -> assertThat(String.join("", parts).replaceAll("\\s", ""))
                            .isEqualTo(text.toString().replaceAll("\\s", "")));
        }
    }
}
