package io.synapse.gateway.testkit;

import static io.synapse.gateway.testkit.ChatAssertions.array;
import static io.synapse.gateway.testkit.ChatAssertions.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.chat.ChatChunk;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a streamed answer must look like: each choice is {@code begin piece* end}, where the begin carries the role and
 * the end a finish reason; choices and tool calls are numbered from 0 without gaps.
 */
public final class ChatGrammar {
    private static final Set<String> REASONS =
            Set.of("stop", "length", "tool_calls", "content_filter", "function_call");

    private ChatGrammar() {}

    /** Fails with the first rule that the chunks of a complete answer break. */
    public static void check(List<ChatChunk> chunks) {
        Map<Integer, List<Map<?, ?>>> choices = choices(chunks);
        assertThat(choices).as("choices").isNotEmpty();
        assertThat(choices.keySet().stream().sorted().toList())
                .as("choices are numbered from 0 without gaps")
                .isEqualTo(IntStream.range(0, choices.size()).boxed().toList());
        choices.forEach((index, pieces) -> {
            beginsWithTheRole(index, pieces);
            endsOnce(index, pieces);
            numbersToolCalls(index, pieces);
        });
    }

    /** The pieces of each choice, in order of arrival. */
    static Map<Integer, List<Map<?, ?>>> choices(List<ChatChunk> chunks) {
        Map<Integer, List<Map<?, ?>>> choices = new LinkedHashMap<>();
        for (ChatChunk chunk : chunks) {
            assertThat(chunk.body().get("error"))
                    .as("an error is an exception, not a chunk")
                    .isNull();
            assertThat(chunk.body().get("usage"))
                    .as("the usage is returned, not streamed")
                    .isNull();
            for (Object each : array(chunk.body().get("choices"), "the choices of a chunk")) {
                Map<?, ?> piece = object(each, "a choice");
                choices.computeIfAbsent(number(piece.get("index"), "the index of a choice"), i -> new ArrayList<>())
                        .add(piece);
            }
        }
        return choices;
    }

    private static void beginsWithTheRole(int index, List<Map<?, ?>> pieces) {
        assertThat(delta(pieces.getFirst()).get("role"))
                .as("the role in the first piece of choice %d", index)
                .isEqualTo("assistant");
        for (Map<?, ?> piece : pieces.subList(1, pieces.size())) {
            assertThat(delta(piece).get("role"))
                    .as("the role in a later piece of choice %d: clients would join it to the first", index)
                    .isNull();
        }
    }

    private static void endsOnce(int index, List<Map<?, ?>> pieces) {
        for (Map<?, ?> piece : pieces.subList(0, pieces.size() - 1)) {
            assertThat(piece.get("finish_reason"))
                    .as("the finish reason before the last piece of choice %d", index)
                    .isNull();
        }
        assertThat(pieces.getLast().get("finish_reason"))
                .as("the finish reason of the last piece of choice %d", index)
                .isIn(REASONS);
    }

    private static void numbersToolCalls(int index, List<Map<?, ?>> pieces) {
        int begun = 0;
        for (Map<?, ?> piece : pieces) {
            Object calls = delta(piece).get("tool_calls");
            if (calls == null) {
                continue;
            }
            for (Object each : array(calls, "tool calls")) {
                Map<?, ?> call = object(each, "a tool call");
                int number = number(call.get("index"), "the index of a tool call");
                assertThat(number)
                        .as("tool calls of choice %d are numbered from 0 without gaps", index)
                        .isBetween(0, begun);
                if (number == begun) {
                    begun++;
                    assertThat(call.get("id"))
                            .as("the id of a tool call that begins")
                            .isInstanceOf(String.class);
                    assertThat(call.get("type"))
                            .as("the type of a tool call that begins")
                            .isNotNull();
                } else {
                    assertThat(call.get("id"))
                            .as("the id of a tool call that goes on")
                            .isNull();
                }
            }
        }
    }

    private static Map<?, ?> delta(Map<?, ?> piece) {
        return object(piece.get("delta"), "the delta of a piece");
    }

    private static int number(@Nullable Object value, String what) {
        assertThat(value).as(what).isInstanceOf(Integer.class);
        return value instanceof Integer number ? number : -1;
    }
}
