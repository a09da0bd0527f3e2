package io.synapse.gateway.providers.sandbox;

import static io.synapse.gateway.providers.sandbox.Asking.JSON;
import static io.synapse.gateway.providers.sandbox.Asking.SANDBOX;
import static io.synapse.gateway.providers.sandbox.Asking.ask;
import static io.synapse.gateway.providers.sandbox.Asking.call;
import static io.synapse.gateway.providers.sandbox.Asking.finish;
import static io.synapse.gateway.providers.sandbox.Asking.request;
import static io.synapse.gateway.providers.sandbox.Asking.text;
import static io.synapse.gateway.providers.sandbox.Asking.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.provider.UpstreamException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxToolsTest {
    private static final String WEATHER = """
        {"type": "function", "function": {"name": "get_weather", "description": "Tells the weather", "parameters":
          {"type": "object", "properties": {"city": {"type": "string"}, "unit": {"enum": ["c", "f"]},
            "days": {"type": "integer", "minimum": 1, "maximum": 7}},
           "required": ["city", "unit"], "additionalProperties": false}}}\
        """;
    private static final String TIME = "{\"type\": \"function\", \"function\": {\"name\": \"lookup_time\"}}";
    private static final String CUSTOM = "{\"type\": \"custom\", \"custom\": {\"name\": \"run_python\"}}";

    private static String body(String message, String rest) {
        return "{\"messages\": [{\"role\": \"user\", \"content\": \"" + message + "\"}], \"tools\": [" + WEATHER + ", "
                + TIME + ", " + CUSTOM + "]" + rest + "}";
    }

    private static List<String> called(JsonNode answer) {
        List<String> names = new ArrayList<>();
        for (JsonNode call : answer.at("/choices/0/message/tool_calls")) {
            names.add(
                    call.has("function")
                            ? call.at("/function/name").asText()
                            : call.at("/custom/name").asText());
        }
        return names;
    }

    @Test
    void required_calls_a_tool_with_arguments_that_fit() throws Exception {
        JsonNode answer = ask(body("Hello!", ", \"tool_choice\": \"required\""));
        assertThat(called(answer)).containsExactly("get_weather");
        assertThat(finish(answer)).isEqualTo("tool_calls");
        assertThat(answer.at("/choices/0/message/content").isNull()).isTrue();
        JsonNode call = answer.at("/choices/0/message/tool_calls/0");
        assertThat(call.get("type").asText()).isEqualTo("function");
        assertThat(call.get("id").asText()).matches("call_[A-Za-z0-9]{24}");
        Schemas.assertValid(
                JSON.readTree(WEATHER).at("/function/parameters"),
                JSON.readTree(call.at("/function/arguments").asText()));
    }

    @Test
    void a_named_tool_is_called() throws Exception {
        String named = ", \"tool_choice\": {\"type\": \"function\", \"function\": {\"name\": \"lookup_time\"}}";
        JsonNode answer = ask(body("What is the weather?", named));
        assertThat(called(answer)).containsExactly("lookup_time");
        assertThat(answer.at("/choices/0/message/tool_calls/0/function/arguments")
                        .asText())
                .isEqualTo("{}");
        JsonNode custom =
                ask(body("Hi", ", \"tool_choice\": {\"type\": \"custom\", \"custom\": {\"name\": \"run_python\"}}"));
        assertThat(called(custom)).containsExactly("run_python");
        assertThat(custom.at("/choices/0/message/tool_calls/0/custom/input").asText())
                .contains("sandbox");
    }

    @ParameterizedTest
    @CsvSource({
        "What is the weather in Oslo?, get_weather",
        "Please use get_weather now, get_weather",
        "How is WEATHER made, get_weather",
        "Tell me the times of trains, lookup_time",
        "Hello!, ''",
        "Get me the list of users, ''",
        "A whether is no tool, ''",
        "Run some python, run_python"
    })
    void auto_calls_what_the_message_asks_for(String message, String expected) throws Exception {
        List<String> names = expected.isEmpty() ? List.of() : List.of(expected);
        assertThat(called(ask(body(message, "")))).isEqualTo(names);
        assertThat(called(ask(body(message, ", \"tool_choice\": \"auto\"")))).isEqualTo(names);
        assertThat(called(ask(body(message, ", \"tool_choice\": \"none\"")))).isEmpty();
    }

    @Test
    void several_are_called_unless_the_caller_minds() throws Exception {
        JsonNode both = ask(body("weather and time, please", ""));
        assertThat(called(both)).containsExactly("get_weather", "lookup_time");
        assertThat(both.at("/choices/0/message/tool_calls/0/id"))
                .isNotEqualTo(both.at("/choices/0/message/tool_calls/1/id"));
        assertThat(called(ask(body("weather and time, please", ", \"parallel_tool_calls\": false"))))
                .containsExactly("get_weather");
    }

    @Test
    void allowed_tools_narrow_the_choice() throws Exception {
        String allowed = ", \"tool_choice\": {\"type\": \"allowed_tools\", \"allowed_tools\": {\"mode\": \"%s\","
                + " \"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"lookup_time\"}}]}}";
        assertThat(called(ask(body("the weather?", allowed.formatted("required")))))
                .containsExactly("lookup_time");
        assertThat(called(ask(body("the weather?", allowed.formatted("auto"))))).isEmpty();
    }

    @Test
    void after_a_result_it_speaks() throws Exception {
        String conversation = "{\"messages\": [{\"role\": \"user\", \"content\": \"What is the weather?\"},"
                + " {\"role\": \"assistant\", \"content\": null, \"tool_calls\": [{\"id\": \"call_1\", \"type\":"
                + " \"function\", \"function\": {\"name\": \"get_weather\", \"arguments\": \"{}\"}}]},"
                + " {\"role\": \"tool\", \"tool_call_id\": \"call_1\", \"content\": \"{\\\"c\\\": 4}\"}],"
                + " \"tools\": [" + WEATHER + "]}";
        JsonNode answer = ask(conversation);
        assertThat(called(answer)).isEmpty();
        assertThat(finish(answer)).isEqualTo("stop");
        assertThat(text(answer, 0)).contains("sandbox").contains("The tool get_weather answered: \"{\"c\": 4}\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"messages\": [{\"role\": \"user\", \"content\": \"x\"}], \"tool_choice\": \"required\"}",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"x\"}], \"tool_choice\": {\"type\": \"function\","
                        + " \"function\": {\"name\": \"nope\"}}}"
            })
    void a_choice_without_its_tool_is_refused(String body) {
        assertThatThrownBy(() -> whole(request(body))).isInstanceOfSatisfying(UpstreamException.class, e -> {
            assertThat(e.kind()).isEqualTo(UpstreamException.Kind.REJECTED);
            assertThat(e.param()).isEqualTo("tool_choice");
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 12, 20, 200})
    void calls_keep_within_the_bound(int most) throws Exception {
        String asked = body("weather and time", ", \"max_tokens\": " + most);
        ChatAnswer answer = whole(request(asked));
        assertThat(answer.usage()).isNotNull();
        assertThat(answer.usage().billed().quantity(Unit.OUTPUT_TOKENS)).isLessThanOrEqualTo(most);
        assertThat(finish(JSON.valueToTree(answer.body()))).isEqualTo(most < 200 ? "length" : "tool_calls");
        if (most > 7) {
            ask(asked);
        }
    }

    @Test
    void arguments_arrive_in_pieces() throws Exception {
        List<String> pieces = new ArrayList<>();
        SANDBOX.stream(call("m", -1), request(body("the weather?", "")), chunk -> {
            JsonNode piece = JSON.valueToTree(chunk.body()).at("/choices/0/delta/tool_calls/0/function/arguments");
            if (!piece.asText().isEmpty()) {
                pieces.add(piece.asText());
            }
        });
        assertThat(pieces).hasSizeGreaterThan(3);
        assertThat(JSON.readTree(String.join("", pieces)).isObject()).isTrue();
    }
}
