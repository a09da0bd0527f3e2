package io.synapse.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.provider.UpstreamException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the contract looks at again and again. */
final class ChatAssertions {
    private ChatAssertions() {}

    /** The value as an object; fails if it is none. */
    static Map<?, ?> object(@Nullable Object value, String what) {
        assertThat(value).as(what).isInstanceOf(Map.class);
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    /** The value as an array; fails if it is none. */
    static List<?> array(@Nullable Object value, String what) {
        assertThat(value).as(what).isInstanceOf(List.class);
        return value instanceof List<?> list ? list : List.of();
    }

    /** The only choice of a whole answer. */
    static Map<?, ?> onlyChoice(ChatAnswer answer) {
        List<?> choices = array(answer.body().get("choices"), "choices");
        assertThat(choices).hasSize(1);
        return object(choices.getFirst(), "a choice");
    }

    /** Checks the totals, and that the billed units add up to them. */
    static void assertTokens(@Nullable ChatUsage usage, long prompt, long completion) {
        assertThat(usage).as("the usage").isNotNull();
        if (usage != null) {
            assertThat(usage.wire().get("prompt_tokens")).as("prompt_tokens").hasToString(Long.toString(prompt));
            assertThat(usage.wire().get("completion_tokens"))
                    .as("completion_tokens")
                    .hasToString(Long.toString(completion));
            long billed = usage.billed().quantities().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            assertThat(billed).as("the sum of the billed tokens").isEqualTo(prompt + completion);
        }
    }

    /** Checks an answer that calls one tool. */
    static void assertToolCall(ChatAnswer answer, String name, String arguments) {
        Map<?, ?> choice = onlyChoice(answer);
        assertThat(choice.get("finish_reason")).as("the finish reason").isEqualTo("tool_calls");
        Map<?, ?> message = object(choice.get("message"), "the message");
        Map<?, ?> call = object(array(message.get("tool_calls"), "tool calls").getFirst(), "a tool call");
        assertThat(call.get("id")).as("the id of a tool call").isInstanceOf(String.class);
        Map<?, ?> function = object(call.get("function"), "the function of a tool call");
        assertThat(function.get("name")).as("the name of a tool").isEqualTo(name);
        assertThat(function.get("arguments")).as("the arguments of a tool call").isEqualTo(arguments);
    }

    /** The upstream's failure that ends a call; fails if it ends otherwise. */
    static UpstreamException upstreamFailure(Patiently<?> running) {
        Throwable failure = running.failure();
        assertThat(failure).isInstanceOf(UpstreamException.class);
        return (UpstreamException) failure;
    }
}
