package io.synapse.gateway.providers;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.chat.ChatRequest;
import io.synapse.gateway.provider.ChatProvider;
import io.synapse.gateway.provider.Provider;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.http.UpstreamHttp;
import io.synapse.gateway.providers.internal.media.MediaCalls;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.FakeUpstream;
import io.synapse.gateway.testkit.fake.PlainJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every field of a chat request reaches every upstream in some form, or is refused by its name before anything is sent.
 * What a field becomes is for the tests of each adapter to say; here nothing may be missing.
 */
@Timeout(60)
class NothingDroppedFromChatsTest {
    private static final FakeUpstream UPSTREAM = new FakeUpstream();
    private static final UpstreamHttp HTTP = new UpstreamHttp();
    private static final Map<String, ChatProvider> PROVIDERS = new LinkedHashMap<>();

    /** One model of each kind that takes other fields than its like. */
    private static final List<String> MODELS = List.of(
            "openai gpt-4o-mini",
            "openai o3",
            "openai gpt-6-luna",
            "groq openai/gpt-oss-20b",
            "together m",
            "openrouter vendor/m",
            "mistral mistral-small",
            "deepseek deepseek-v4-flash",
            "xai grok-4.3",
            "fireworks accounts/fireworks/models/m",
            "ollama m",
            "vllm m",
            "llamacpp m",
            "gemini gemini-2.5-flash",
            "gemini gemini-3.8-flash",
            "anthropic claude-haiku-4-5",
            "anthropic claude-haiku-5-5",
            "cloudflare @cf/meta/llama-3.1-8b-instruct-fp8");

    @BeforeAll
    static void configure() {
        String base = UPSTREAM.uri() + "/v1";
        for (Provider provider : Providers.configured(HTTP, name -> name.endsWith("_BASE_URL") ? base : "none")) {
            if (provider instanceof ChatProvider chat) {
                PROVIDERS.put(provider.id(), chat);
            }
        }
    }

    @BeforeEach
    void answer() {
        UPSTREAM.reset();
        // In everybody's words at once.
        UPSTREAM.answerAll(request -> Answer.json(200, """
            {"choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],
             "candidates":[{"content":{"parts":[{"text":"Hi"}]},"finishReason":"STOP"}],
             "content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn"}
            """));
    }

    @AfterAll
    static void close() {
        HTTP.close();
        UPSTREAM.close();
    }

    /**
     * A wish.
     *
     * @param field the field that a refusal names, or what its name begins with
     * @param fields the wish within a request
     * @param traces what stands in the upstream's request, one of them at least, if the wish has reached it
     */
    record Wish(String field, String fields, List<String> traces) {}

    private static final String USER = "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]";
    private static final String TOOL =
            USER + ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"strict\":%s}}]";

    private static Wish wish(String field, String value, String... traces) {
        return new Wish(field, USER + ",\"" + field + "\":" + value, List.of(traces));
    }

    private static Wish tool(String field, String value, String... traces) {
        return new Wish(field, TOOL.formatted("false") + ",\"" + field + "\":" + value, List.of(traces));
    }

    private static Wish said(String field, String message, String trace) {
        return new Wish(
                "messages[1]." + field,
                "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"},{\"role\":\"assistant\"," + message
                        + "},{\"role\":\"user\",\"content\":\"Well?\"}]",
                List.of(trace));
    }

    private static List<Wish> wishes() {
        return List.of(
                wish("temperature", "0.37", "0.37"),
                wish("top_p", "0.83", "0.83"),
                wish("frequency_penalty", "0.53", "0.53"),
                wish("presence_penalty", "0.57", "0.57"),
                wish("n", "2", "\"n\":2", "\"candidateCount\":2"),
                wish("stop", "[\"HALT-HERE\"]", "HALT-HERE"),
                wish("max_tokens", "77", "77"),
                wish("max_completion_tokens", "77", "77"),
                wish("logit_bias", "{\"50256\":-7}", "50256"),
                wish("logprobs", "true,\"top_logprobs\":3", "\"top_logprobs\":3"),
                wish("seed", "4711", "4711"),
                wish("reasoning_effort", "\"high\"", "\"high\"", "\"HIGH\"", "budget_tokens", "thinkingBudget"),
                wish("response_format", "{\"type\":\"json_object\"}", "json_object", "application/json"),
                wish(
                        "response_format",
                        "{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"s\",\"schema\":{\"type\":\"object\",\"title\":\"SKY\"}}}",
                        "SKY"),
                wish("modalities", "[\"text\",\"audio\"]", "\"audio\""),
                wish("web_search_options", "{\"search_context_size\":\"low\"}", "search_context_size"),
                wish("moderation", "{\"policy\":\"be-strict\"}", "be-strict"),
                wish("functions", "[{\"name\":\"older_function\"}]", "older_function"),
                new Wish("tools", TOOL.formatted("true"), List.of("\"strict\":true", "VALIDATED")),
                new Wish(
                        "tools",
                        USER + ",\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"custom_tool\"}}]",
                        List.of("custom_tool")),
                tool("tool_choice", "\"required\"", "\"required\"", "\"any\"", "\"ANY\""),
                tool("tool_choice", "\"none\"", "\"none\"", "\"NONE\""),
                tool(
                        "tool_choice",
                        "{\"type\":\"function\",\"function\":{\"name\":\"f\"}}",
                        "\"function\":{\"name\":\"f\"}}",
                        "allowedFunctionNames",
                        "\"tool_choice\":{\"type\":\"tool\",\"name\":\"f\""),
                tool(
                        "tool_choice",
                        "{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"required\"}}",
                        "allowed_tools"),
                tool(
                        "parallel_tool_calls",
                        "false",
                        "\"parallel_tool_calls\":false",
                        "\"disable_parallel_tool_use\":true"),
                said("refusal", "\"content\":null,\"refusal\":\"RATHER-NOT\"", "RATHER-NOT"),
                said("content", "\"content\":[{\"type\":\"refusal\",\"refusal\":\"RATHER-NOT\"}]", "RATHER-NOT"),
                said("audio", "\"content\":null,\"audio\":{\"id\":\"audio-77\"}", "audio-77"),
                said("function_call", "\"content\":null,\"function_call\":{\"name\":\"older_call\"}", "older_call"));
    }

    static Stream<Arguments> everything() {
        return MODELS.stream().flatMap(model -> wishes().stream().map(wish -> Arguments.arguments(model, wish)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource
    void everything(String model, Wish wish) throws Exception {
        Map<String, Object> body = PlainJson.object("{" + wish.fields() + "}");
        try {
            ask(model, body);
        } catch (UpstreamException e) {
            assertThat(e.kind()).as(e.getMessage()).isEqualTo(Kind.UNSUPPORTED);
            assertThat(e.param()).startsWith(wish.field());
            assertThat(UPSTREAM.requests()).isEmpty();
            return;
        }
        assertThat(wish.traces())
                .anyMatch(PlainJson.write(UPSTREAM.lastRequest().json())::contains);
    }

    /** Hints may be left out, and are no reason to refuse anything. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "user | \"u-1\"",
                "safety_identifier | \"u-1\"",
                "metadata | {\"k\":\"v\"}",
                "store | true",
                "service_tier | \"auto\"",
                "verbosity | \"low\"",
                "prompt_cache_key | \"k\"",
                "prediction | {\"type\":\"content\",\"content\":\"Hi\"}"
            })
    void hints_are_never_refused(String field, String value) throws Exception {
        for (String model : MODELS) {
            ask(model, PlainJson.object("{" + USER + ",\"" + field + "\":" + value + "}"));
        }
    }

    @Test
    void no_adapter_is_left_out() {
        List<String> ids = new ArrayList<>(PROVIDERS.keySet());
        assertThat(MODELS)
                .extracting(model -> model.substring(0, model.indexOf(' ')))
                .containsAll(ids);
    }

    private static void ask(String model, Map<String, Object> body) throws UpstreamException {
        int space = model.indexOf(' ');
        PROVIDERS
                .get(model.substring(0, space))
                .chat(MediaCalls.call(model.substring(space + 1)), ChatRequest.of(body));
    }
}
