package io.synapse.gateway.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChatCollectorTest {
    private final ChatCollector collector = new ChatCollector();

    @Test
    void pieces_become_a_whole_answer() {
        collector.chunk(ChatChunk.begins(0));
        collector.chunk(ChatChunk.text(0, "Hel"));
        collector.chunk(ChatChunk.text(0, "lo"));
        collector.chunk(ChatChunk.ends(0, "stop"));
        ChatAnswer answer = collector.answer(null);
        assertThat(answer.text()).isEqualTo("Hello");
        assertThat(choice(answer)).containsEntry("finish_reason", "stop").containsEntry("index", 0);
    }

    @Test
    void tool_calls_are_put_together_by_their_index() {
        collector.chunk(ChatChunk.begins(0));
        collector.chunk(ChatChunk.toolCall(0, 0, "call_1", "look"));
        collector.chunk(ChatChunk.toolCall(0, 1, "call_2", "listen"));
        collector.chunk(ChatChunk.toolArguments(0, 0, "{\"at\":"));
        collector.chunk(ChatChunk.toolArguments(0, 1, "{}"));
        collector.chunk(ChatChunk.toolArguments(0, 0, "\"sky\"}"));
        collector.chunk(ChatChunk.ends(0, "tool_calls"));
        assertThat(message(collector.answer(null)))
                .containsEntry("content", null)
                .containsEntry(
                        "tool_calls",
                        List.of(
                                Map.of(
                                        "id",
                                        "call_1",
                                        "type",
                                        "function",
                                        "function",
                                        Map.of("name", "look", "arguments", "{\"at\":\"sky\"}")),
                                Map.of(
                                        "id",
                                        "call_2",
                                        "type",
                                        "function",
                                        "function",
                                        Map.of("name", "listen", "arguments", "{}"))));
    }

    @Test
    void choices_that_interleave_are_kept_apart_and_unknown_fields_survive() {
        collector.chunk(ChatChunk.begins(1));
        collector.chunk(ChatChunk.begins(0));
        collector.chunk(ChatChunk.text(1, "b"));
        collector.chunk(new ChatChunk(Map.of(
                "system_fingerprint",
                "fp",
                "choices",
                List.of(Map.of("index", 0, "delta", Map.of("content", "a", "reasoning_content", "hm"))))));
        ChatAnswer answer = collector.answer(null);
        assertThat(answer.body()).containsEntry("system_fingerprint", "fp");
        assertThat((List<?>) answer.body().get("choices")).hasSize(2);
        assertThat(message(answer)).containsEntry("content", "a").containsEntry("reasoning_content", "hm");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> choice(ChatAnswer answer) {
        return (Map<String, Object>) ((List<?>) answer.body().get("choices")).getFirst();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> message(ChatAnswer answer) {
        return (Map<String, Object>) choice(answer).get("message");
    }
}
