package io.synapse.gateway.providers.cloudflare;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.chat.ChatAnswer;
import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.internal.media.MediaCalls;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.PlainJson;
import io.synapse.gateway.testkit.fake.RecordingSink;
import io.synapse.gateway.testkit.fake.Request;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CloudflareChatTest {
    private static final String LLAMA = "@cf/meta/llama-3.1-8b-instruct-fp8";
    private static final String SCHEMA = "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}";
    private static final String NAMED = "{\"name\":\"sky\",\"strict\":true,\"schema\":" + SCHEMA + "}";
    private static final String HI =
            "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}";

    private final CloudflareWire wire = new CloudflareWire();

    @AfterEach
    void close() {
        wire.close();
    }

    private static UpstreamCall call(String model) {
        return new UpstreamCall("call-1", model, OptionalLong.of(100), Duration.ofSeconds(50));
    }

    private static ChatRequest request(String json) {
        return ChatRequest.of(PlainJson.object(json));
    }

    private Map<String, Object> sent(String model, String json) throws UpstreamException {
        wire.upstream.answer(Answer.json(200, HI));
        wire.provider.chat(call(model), request(json));
        return wire.upstream.requests().getLast().json();
    }

    @Test
    void what_reaches_the_upstream() throws Exception {
        Map<String, Object> body = sent(
                LLAMA,
                "{\"model\":\"m\",\"messages\":[{\"role\":\"developer\",\"content\":[{\"type\":\"text\",\"text\":\"Be"
                    + " brief.\"},{\"type\":\"text\",\"text\":\"Be"
                    + " kind.\"}]},{\"role\":\"user\",\"name\":\"ann\",\"content\":\"hi\"},"
                    + "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\","
                    + "\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"call_1\",\"content\":\"4\"},"
                    + "{\"role\":\"assistant\",\"content\":null,\"refusal\":\"No.\"}],"
                    + "\"temperature\":0.6,\"seed\":7,\"user\":\"u\",\"n\":1,\"tool_choice\":\"auto\",\"parallel_tool_calls\":true,"
                    + "\"modalities\":[\"text\"],\"max_completion_tokens\":64}");
        Request arrived = wire.upstream.lastRequest();
        assertThat(arrived.method() + " " + arrived.path())
                .isEqualTo("POST " + CloudflareWire.AI + "/v1/chat/completions");
        assertThat(arrived.header("Authorization")).isEqualTo("Bearer " + CloudflareWire.TOKEN);
        assertThat(body)
                .isEqualTo(PlainJson.object("{\"model\":\"" + LLAMA
                        + "\",\"messages\":[{\"role\":\"system\",\"content\":\"Be brief.\\n"
                        + "Be kind.\"},{\"role\":\"user\",\"content\":\"hi\"},"
                        + "{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\","
                        + "\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"call_1\",\"content\":\"4\"},"
                        + "{\"role\":\"assistant\",\"content\":\"No.\"}],"
                        + "\"temperature\":0.6,\"seed\":7,\"max_tokens\":64,\"stream\":false}"));
    }

    @Test
    void picture_stays_where_it_is() throws Exception {
        String content =
                "[{\"type\":\"text\",\"text\":\"What?\"},{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AA==\"}}]";
        Map<String, Object> body = sent(
                "@cf/google/gemma-4-26b-a4b-it", "{\"messages\":[{\"role\":\"user\",\"content\":" + content + "}]}");
        assertThat(body.get("messages")).isEqualTo(PlainJson.read("[{\"role\":\"user\",\"content\":" + content + "}]"));
    }

    @ParameterizedTest
    @CsvSource({
        LLAMA + ", true",
        "@cf/meta/llama-3.3-70b-instruct-fp8-fast, true",
        "@hf/nousresearch/hermes-2-pro-mistral-7b, true",
        "@cf/meta/llama-4-scout-17b-16e-instruct, false",
        "@cf/openai/gpt-oss-20b, false"
    })
    void older_models_take_a_schema_without_its_name(String model, boolean bare) throws Exception {
        Map<String, Object> body = sent(
                model,
                "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"response_format\":{\"type\":\"json_schema\",\"json_schema\":"
                        + NAMED + "}}");
        assertThat(body.get("response_format"))
                .isEqualTo(
                        PlainJson.object("{\"type\":\"json_schema\",\"json_schema\":" + (bare ? SCHEMA : NAMED) + "}"));
    }

    @Test
    void answer_in_json_mode_may_be_an_object() throws Exception {
        wire.upstream.answer(Answer.json(
                200,
                "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":{\"a\":\"blue\",\"b\":[1.50]}}}]}"));
        ChatAnswer answer = wire.provider.chat(call(LLAMA), ChatRequest.of("m", "hi"));
        assertThat(answer.text()).isEqualTo("{\"a\":\"blue\",\"b\":[1.50]}");
    }

    @ParameterizedTest
    @CsvSource({"100, length", "99, stop"})
    void end_without_a_reason_at_the_bound_is_a_cut(int tokens, String reason) throws Exception {
        String usage = "\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":" + tokens + "}";
        wire.upstream.answer(
                Answer.events(
                        "{\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Hi\"}}]}",
                        "{\"choices\":[]," + usage + "}",
                        "[DONE]"),
                Answer.json(200, "{\"choices\":[{\"message\":{\"content\":\"Hi\"}}]," + usage + "}"));
        RecordingSink sink = new RecordingSink();
        ChatUsage told = wire.provider.stream(call(LLAMA), ChatRequest.of("m", "hi"), sink);
        assertThat(sink.finishReasons(0)).containsExactly(reason);
        assertThat(told.billed().quantity(Unit.OUTPUT_TOKENS)).isEqualTo(tokens);
        assertThat(wire.upstream.lastRequest().json()).containsEntry("stream_options", Map.of("include_usage", true));
        assertThat(wire.provider
                        .chat(call(LLAMA), ChatRequest.of("m", "hi"))
                        .body()
                        .toString())
                .contains("finish_reason=" + reason);
    }

    @Test
    void stream_that_comes_as_a_whole_is_streamed() throws Exception {
        wire.upstream.answer(Answer.json(200, HI));
        RecordingSink sink = new RecordingSink();
        wire.provider.stream(call("@cf/openai/gpt-oss-20b"), ChatRequest.of("m", "hi"), sink);
        assertThat(sink.text(0)).isEqualTo("Hi");
        assertThat(sink.finishReasons(0)).containsExactly("stop");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "n|2",
                "stop|[\"x\"]",
                "logprobs|true",
                "logit_bias|{\"5\":1}",
                "tool_choice|\"required\"",
                "parallel_tool_calls|false",
                "functions|[{\"name\":\"f\"}]",
                "modalities|[\"text\",\"audio\"]",
                "moderation|{\"policy\":\"p\"}",
                "web_search_options|{\"search_context_size\":\"low\"}",
            })
    void what_cannot_be_had_is_refused(String field, String value) {
        UpstreamException refusal = MediaCalls.failure(() -> wire.provider.chat(
                call(LLAMA),
                request(
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\""
                                + field + "\":" + value + "}")));
        assertThat(refusal.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(refusal.param()).isEqualTo(field);
        assertThat(wire.upstream.requests()).isEmpty();
    }

    @Test
    void day_without_neurons_is_told_in_words_too() {
        wire.upstream.answer(Answer.json(
                500,
                "{\"error\":{\"code\":\"internal_error\",\"message\":\"4006: you have used up your daily free"
                        + " allocation of 10,000 neurons\"}}"));
        UpstreamException failure =
                MediaCalls.failure(() -> wire.provider.chat(call(LLAMA), ChatRequest.of("m", "hi")));
        assertThat(failure.kind()).isEqualTo(Kind.QUOTA_EXHAUSTED);
    }

    @Test
    void conversation_that_is_too_long_is_told_as_such() {
        wire.upstream.answer(Answer.json(400, CloudflareWire.error(5021, "exceeded this model context window limit")));
        UpstreamException failure =
                MediaCalls.failure(() -> wire.provider.chat(call(LLAMA), ChatRequest.of("m", "hi")));
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.param()).isEqualTo("messages");
    }
}
