package io.synapse.gateway.providers.sandbox;

import static io.synapse.gateway.providers.sandbox.Asking.COUNTER;
import static io.synapse.gateway.providers.sandbox.Asking.SANDBOX;
import static io.synapse.gateway.providers.sandbox.Asking.ask;
import static io.synapse.gateway.providers.sandbox.Asking.call;
import static io.synapse.gateway.providers.sandbox.Asking.finish;
import static io.synapse.gateway.providers.sandbox.Asking.request;
import static io.synapse.gateway.providers.sandbox.Asking.says;
import static io.synapse.gateway.providers.sandbox.Asking.streamed;
import static io.synapse.gateway.providers.sandbox.Asking.text;
import static io.synapse.gateway.providers.sandbox.Asking.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatChunk;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.chat.PromptTokens;
import io.synapse.gateway.credit.Unit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxTextTest {
    @Test
    void it_is_honest_and_refers_to_the_message() throws Exception {
        String text = text(ask(says("Explain quantum entanglement simply.")), 0);
        assertThat(text)
                .startsWith("This is the Synapse sandbox, and no model was asked.")
                .contains("Your message has 4 words: \"Explain quantum entanglement simply.\"");
    }

    @Test
    void it_quotes_a_bit_of_a_long_message_on_one_line() throws Exception {
        String text = text(ask(says("one two\n\tthree ".repeat(100))), 0);
        assertThat(text)
                .contains("300 words")
                .contains("begins \"one two three one two")
                .doesNotContain("\n");
        assertThat(text).hasSizeLessThan(400);
    }

    @Test
    void it_answers_the_last_user_message() throws Exception {
        JsonNode answer = ask("""
            {"messages": [{"role": "user", "content": "first"}, {"role": "assistant", "content": "x"},
             {"role": "user", "content": "second one"}, {"role": "system", "content": "be brief"}]}\
            """);
        assertThat(text(answer, 0)).contains("2 words: \"second one\"");
        assertThat(text(ask("{\"messages\": [{\"role\": \"system\", \"content\": \"hi\"}]}"), 0))
                .contains("no words");
    }

    @Test
    void the_same_request_gets_the_same_answer() throws Exception {
        ChatAnswer one = whole(says("Hello!"));
        ChatAnswer other = new SandboxProvider(COUNTER).chat(call("llama-3.1-8b", 4096), says("Hello!"));
        assertThat(other).isEqualTo(one);
        assertThat(streamed(says("Hello!")).text()).isEqualTo(one.text());
    }

    @Test
    void a_seed_varies_it() throws Exception {
        Set<String> answers = new HashSet<>();
        for (long seed : new long[] {0, 1, 2, 7, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            ChatRequest seeded =
                    ChatRequest.builder().user("Hello!").set("seed", seed).build();
            assertThat(whole(seeded)).isEqualTo(whole(seeded));
            answers.add(whole(seeded).text());
        }
        assertThat(answers).hasSize(7).doesNotContain(whole(says("Hello!")).text());
    }

    @Test
    void choices_differ_and_are_all_billed() throws Exception {
        ChatRequest three = ChatRequest.builder().user("Hello!").set("n", 3).build();
        JsonNode answer = ask(three);
        assertThat(answer.get("choices")).hasSize(3);
        assertThat(Set.of(text(answer, 0), text(answer, 1), text(answer, 2))).hasSize(3);
        long expected = 0;
        for (int i = 0; i < 3; i++) {
            assertThat(answer.at("/choices/" + i + "/index").asInt()).isEqualTo(i);
            expected += COUNTER.count(text(answer, i));
        }
        assertThat(usage(whole(three)).billed().quantity(Unit.OUTPUT_TOKENS)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Hello!",
                "Grüße  aus   Köln, 12.5 % & more",
                "a\n\n b\t c .\r\n/ d",
                "日本語のテキスト です",
                "<|endoftext|> is ordinary here",
                "👩‍👩‍👧‍👦 👍🏽",
                "it's they'll I'M WE'RE don't",
                "x1234567 89, \"quoted\" (brackets)"
            })
    void pieces_are_words_and_their_tokens_add_up(String message) throws Exception {
        List<String> pieces = new ArrayList<>();
        ChatUsage usage = SANDBOX.stream(call("m", -1), says(message), chunk -> {
            String piece = Asking.JSON
                    .valueToTree(chunk.body())
                    .at("/choices/0/delta/content")
                    .asText();
            if (!piece.isEmpty()) {
                pieces.add(piece);
            }
        });
        String text = String.join("", pieces);
        long prompt = PromptTokens.of(says(message), COUNTER::count);
        assertThat(pieces)
                .hasSizeGreaterThan(15)
                .allMatch(piece -> !piece.strip().contains(" "));
        assertThat(usage.billed().quantity(Unit.OUTPUT_TOKENS)).isEqualTo(COUNTER.count(text));
        assertThat(usage.billed().quantity(Unit.INPUT_TOKENS)).isEqualTo(prompt);
        assertThat(usage.wire()).containsEntry("total_tokens", COUNTER.count(text) + prompt);
    }

    @Test
    void the_stream_begins_speaks_and_ends() throws Exception {
        List<ChatChunk> chunks = new ArrayList<>();
        SANDBOX.stream(call("m", -1), says("Hi"), chunks::add);
        assertThat(chunks.getFirst()).isEqualTo(ChatChunk.begins(0));
        assertThat(chunks.get(1)).isEqualTo(ChatChunk.text(0, "This"));
        assertThat(chunks.getLast()).isEqualTo(ChatChunk.ends(0, "stop"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 10, 20, 10_000})
    void the_callers_bound_holds(int most) throws Exception {
        ChatRequest bounded = ChatRequest.builder()
                .user("antidisestablishmentarianism ".repeat(30))
                .maxTokens(most)
                .build();
        JsonNode answer = ask(bounded);
        long tokens = usage(whole(bounded)).billed().quantity(Unit.OUTPUT_TOKENS);
        assertThat(tokens).isPositive().isLessThanOrEqualTo(most);
        assertThat(finish(answer)).isEqualTo(most < 1000 ? "length" : "stop");
        assertThat(whole(says("antidisestablishmentarianism ".repeat(30))).text())
                .startsWith(text(answer, 0));
    }

    @Test
    void the_smaller_of_the_bounds_holds() throws Exception {
        ChatRequest ten = ChatRequest.builder().user("Hello!").maxTokens(10).build();
        assertThat(output(SANDBOX.chat(call("m", 4), ten))).isEqualTo(4);
        assertThat(output(SANDBOX.chat(call("m", 40_000), ten))).isEqualTo(10);
        assertThat(output(SANDBOX.chat(call("m", 4), says("Hello!")))).isEqualTo(4);
        assertThat(output(SANDBOX.chat(call("m", 0), says("Hello!")))).isZero();
        ChatRequest newer = ChatRequest.builder()
                .user("Hello!")
                .set("max_completion_tokens", 3)
                .build();
        assertThat(output(SANDBOX.chat(call("m", 4), newer))).isEqualTo(3);
    }

    @Test
    void stop_sequences_end_it_before_they_are_said() throws Exception {
        JsonNode answer =
                ask("{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}], \"stop\": [\"nowhere\", \"model\","
                        + " \"\"]}");
        assertThat(text(answer, 0)).isEqualTo("This is the Synapse sandbox, and no ");
        assertThat(finish(answer)).isEqualTo("stop");
        JsonNode inside = ask("{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}], \"stop\": \"ynapse sand\"}");
        assertThat(text(inside, 0)).isEqualTo("This is the S");
        JsonNode first = ask("{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}], \"stop\": \"This\"}");
        assertThat(text(first, 0)).isEmpty();
        JsonNode later = ask(
                "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}], \"stop\": \"model\", \"max_tokens\": 3}");
        assertThat(finish(later)).isEqualTo("length");
    }

    @Test
    void as_many_words_as_are_asked_for() throws Exception {
        assertThat(text(ask(says("Write 500 words about nothing")), 0).split(" ", -1))
                .hasSize(500);
        assertThat(text(ask(says("Write 3 words")), 0).split(" ", -1)).hasSizeLessThan(60);
        assertThat(Speech.wantedWords("in other words")).isZero();
        assertThat(Speech.wantedWords("99999999999 words")).isZero();
        assertThat(Speech.wantedWords(" words")).isZero();
        assertThat(Speech.wantedWords("999999999 words")).isEqualTo(20_000);
        assertThat(output(SANDBOX.chat(call("m", 100), says("Write 20000 words"))))
                .isEqualTo(100);
    }

    @Test
    void attachments_are_acknowledged() throws Exception {
        JsonNode answer = ask("""
            {"messages": [{"role": "user", "content": [{"type": "text", "text": "What is this?"},
              {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}},
              {"type": "image_url", "image_url": {"url": "data:image/png;base64,aaaa", "detail": "low"}},
              {"type": "input_audio", "input_audio": {"data": "aaaa", "format": "wav"}},
              {"type": "file", "file": {"file_data": "data:application/pdf;base64,aaaa"}}]}]}\
            """);
        assertThat(text(answer, 0))
                .contains("3 words: \"What is this?\"")
                .contains("2 pictures")
                .contains("1 recording.")
                .contains("1 document.");
    }

    @Test
    void logprobs_are_well_formed() throws Exception {
        String asked =
                "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi Ä\"}], \"logprobs\": true, \"top_logprobs\":"
                        + " 3}";
        JsonNode answer = ask(asked);
        StringBuilder joined = new StringBuilder();
        for (JsonNode token : answer.at("/choices/0/logprobs/content")) {
            joined.append(token.get("token").asText());
            assertThat(token.get("logprob").asDouble()).isBetween(-1.0, 0.0);
            assertThat(token.get("bytes")).isNotEmpty();
            assertThat(token.get("top_logprobs")).hasSize(3);
            assertThat(token.at("/top_logprobs/0/token")).isEqualTo(token.get("token"));
            assertThat(token.at("/top_logprobs/1/logprob").asDouble())
                    .isLessThan(token.get("logprob").asDouble());
        }
        assertThat(joined.toString()).isEqualTo(text(answer, 0)).contains("Ä");
        assertThat(ask(says("Hi")).at("/choices/0/logprobs").isNull()).isTrue();
    }

    @Test
    void a_sink_that_has_enough_is_let_through() {
        IllegalStateException enough = new IllegalStateException("enough");
        List<ChatChunk> chunks = new ArrayList<>();
        assertThatThrownBy(() -> SANDBOX.stream(call("m", -1), says("Hi"), chunk -> {
                    chunks.add(chunk);
                    if (chunks.size() == 3) {
                        throw enough;
                    }
                }))
                .isSameAs(enough);
        assertThat(chunks).hasSize(3);
    }

    @Test
    void tools_and_formats_count_as_prompt() throws Exception {
        long plain = usage(whole(says("Hi"))).billed().quantity(Unit.INPUT_TOKENS);
        ChatAnswer formed = whole(request("{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}],"
                + " \"response_format\": {\"type\": \"json_object\"}}"));
        assertThat(usage(formed).billed().quantity(Unit.INPUT_TOKENS)).isGreaterThan(plain);
    }

    private static ChatUsage usage(ChatAnswer answer) {
        ChatUsage usage = answer.usage();
        if (usage == null) {
            throw new AssertionError("no usage");
        }
        return usage;
    }

    private static long output(ChatAnswer answer) {
        return usage(answer).billed().quantity(Unit.OUTPUT_TOKENS);
    }
}
