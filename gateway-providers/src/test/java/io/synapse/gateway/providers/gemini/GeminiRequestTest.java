package io.synapse.gateway.providers.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.PlainJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class GeminiRequestTest {
    private static final String MODEL = "gemini-3.5-flash-lite";
    private static final String SAYS =
            GeminiFormat.answer(List.of(GeminiFormat.candidate(0, GeminiFormat.text("A cat."), "STOP")), null);

    private final GeminiWire wire = new GeminiWire();

    @AfterEach
    void close() {
        wire.close();
    }

    private Map<String, Object> sent(UpstreamCall call, String request) throws UpstreamException {
        wire.upstream.answer(Answer.json(200, SAYS));
        wire.provider.chat(call, GeminiWire.chat(request));
        return wire.upstream.requests().getLast().json();
    }

    private static String asking(String more) {
        return "{\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]" + more + "}";
    }

    private Map<?, ?> config(String model, long bound, String more) throws UpstreamException {
        Object config = sent(GeminiWire.bounded(model, bound), asking(more)).get("generationConfig");
        return (Map<?, ?>) config;
    }

    private UpstreamException refused(String model, String request) {
        UpstreamException failure =
                GeminiWire.failure(() -> wire.provider.chat(GeminiWire.bounded(model, 100), GeminiWire.chat(request)));
        assertThat(wire.upstream.requests()).isEmpty();
        assertThat(failure.getMessage()).endsWith(".");
        return failure;
    }

    @Test
    void request_with_everything_in_it() throws Exception {
        Map<String, Object> sent = sent(GeminiWire.bounded("gemini-2.5-flash", 512), """
            {"model":"m","user":"u","store":true,"metadata":{"a":"b"},"a_field_of_tomorrow":1,
             "messages":[{"role":"system","content":"Answer briefly."},
               {"role":"developer","content":"And well."},
               {"role":"user","content":[{"type":"text","text":"What is on the picture?"},
                 {"type":"image_url","image_url":{"url":"data:image/jpeg;base64,/9j/4AAQ","detail":"low"}}]}],
             "temperature":0.4,"top_p":0.9,"seed":7,"presence_penalty":0.5,"frequency_penalty":-0.5,
             "stop":["END",""],"reasoning_effort":"none",
             "response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{"type":"object"}}},
             "tools":[{"type":"function","function":{"name":"get_temp","description":"How warm",
               "strict":true,"parameters":{"type":"object"}}}],
             "tool_choice":{"type":"function","function":{"name":"get_temp"}},
             "providerOptions":{"gemini":{
               "safetySettings":[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"BLOCK_ONLY_HIGH"}],
               "generationConfig":{"topK":40}},"openai":{"x":1}}}
            """);
        assertThat(wire.posted("/models/gemini-2.5-flash:generateContent")).isEqualTo(sent);
        assertThat(sent).isEqualTo(PlainJson.object("""
            {"systemInstruction":{"parts":[{"text":"Answer briefly.\\n\\nAnd well."}]},
             "contents":[{"role":"user","parts":[{"text":"What is on the picture?"},
                {"inlineData":{"mimeType":"image/jpeg","data":"/9j/4AAQ"}}]}],
             "generationConfig":{"maxOutputTokens":512,"temperature":0.4,"topP":0.9,"seed":7,
                "presencePenalty":0.5,"frequencyPenalty":-0.5,"stopSequences":["END"],
                "responseMimeType":"application/json","responseJsonSchema":{"type":"object"},
                "thinkingConfig":{"thinkingBudget":0},"mediaResolution":"MEDIA_RESOLUTION_LOW","topK":40},
             "tools":[{"functionDeclarations":[{"name":"get_temp","description":"How warm",
                "parametersJsonSchema":{"type":"object"}}]}],
             "toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["get_temp"]}},
             "safetySettings":[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"BLOCK_ONLY_HIGH"}]}
            """));
    }

    @Test
    void plain_request_is_plain() throws Exception {
        assertThat(sent(GeminiWire.call("models/" + MODEL), asking(",\"stop\":[]")))
                .isEqualTo(PlainJson.object("{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hello\"}]}]}"));
        wire.posted("/models/" + MODEL + ":generateContent");
    }

    @Test
    void conversation_with_tools_keeps_signatures_and_merges_turns() throws Exception {
        Map<String, Object> sent = sent(GeminiWire.call(MODEL), """
            {"messages":[{"role":"user","content":"Warm?"},{"role":"user","content":"And wet?"},
              {"role":"assistant","content":"Let me see.","tool_calls":[
                {"id":"a","type":"function","function":{"name":"warm","arguments":"{\\"town\\":\\"Oslo\\"}"},
                 "extra_content":{"google":{"thought_signature":"c2lnbmVk"}}},
                {"id":"b","type":"function","function":{"name":"wet","arguments":""}}]},
              {"role":"tool","tool_call_id":"a","content":"12 degrees"},
              {"role":"tool","tool_call_id":"b","content":[{"type":"text","text":"no"}]},
              {"role":"assistant","content":null,"tool_calls":[
                {"id":"c","type":"function","function":{"name":"warm","arguments":"{}"}}]},
              {"role":"tool","tool_call_id":"c","content":"11"}]}
            """);
        assertThat(sent.get("contents")).isEqualTo(PlainJson.read("""
            [{"role":"user","parts":[{"text":"Warm?"},{"text":"And wet?"}]},
             {"role":"model","parts":[{"text":"Let me see."},
               {"functionCall":{"id":"a","name":"warm","args":{"town":"Oslo"}},"thoughtSignature":"c2lnbmVk"},
               {"functionCall":{"id":"b","name":"wet","args":{}}}]},
             {"role":"user","parts":[
               {"functionResponse":{"id":"a","name":"warm","response":{"output":"12 degrees"}}},
               {"functionResponse":{"id":"b","name":"wet","response":{"output":"no"}}}]},
             {"role":"model","parts":[{"functionCall":{"id":"c","name":"warm","args":{}},
               "thoughtSignature":"skip_thought_signature_validator"}]},
             {"role":"user","parts":[{"functionResponse":{"id":"c","name":"warm","response":{"output":"11"}}}]}]
            """));
    }

    @Test
    void sound_and_documents_are_sent_as_they_are() throws Exception {
        Map<String, Object> sent = sent(GeminiWire.call(MODEL), """
            {"messages":[{"role":"user","content":[
              {"type":"input_audio","input_audio":{"data":"UklGRg==","format":"wav"}},
              {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBERg=="}},
              {"type":"text","text":""}]}]}
            """);
        assertThat(sent.get("contents")).isEqualTo(PlainJson.read("""
            [{"role":"user","parts":[{"inlineData":{"mimeType":"audio/wav","data":"UklGRg=="}},
               {"inlineData":{"mimeType":"application/pdf","data":"JVBERg=="}}]}]
            """));
    }

    @Test
    void instructions_alone_are_what_the_user_says() throws Exception {
        Map<String, Object> sent =
                sent(GeminiWire.call(MODEL), "{\"messages\":[{\"role\":\"system\",\"content\":\"Sing.\"}]}");
        assertThat(sent)
                .isEqualTo(PlainJson.object("{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Sing.\"}]}]}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "- | {\"mode\":\"VALIDATED\"}",
                "\"auto\" | {\"mode\":\"VALIDATED\"}",
                "\"none\" | {\"mode\":\"NONE\"}",
                "\"required\" | {\"mode\":\"ANY\"}",
                "{\"type\":\"function\",\"function\":{\"name\":\"f\"}} |"
                        + " {\"mode\":\"ANY\",\"allowedFunctionNames\":[\"f\"]}"
            })
    void strict_tools_are_called_by_the_letter_of_their_schema(String choice, String config) throws Exception {
        Map<String, Object> sent = sent(
                GeminiWire.call(MODEL),
                asking(",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"g\"}},"
                        + "{\"type\":\"function\",\"function\":{\"name\":\"f\",\"strict\":true}}]"
                        + (choice == null ? "" : ",\"tool_choice\":" + choice)));
        assertThat(sent.get("toolConfig")).isEqualTo(Map.of("functionCallingConfig", PlainJson.object(config)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\":\"text\"} | {}",
                "{\"type\":\"json_object\"} | {\"responseMimeType\":\"application/json\"}",
                "{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"s\",\"strict\":true,\"schema\":{\"type\":\"object\"}}}"
                    + " | {\"responseMimeType\":\"application/json\",\"responseJsonSchema\":{\"type\":\"object\"}}"
            })
    void form_of_the_answer(String format, String config) throws Exception {
        Map<String, Object> expected = new LinkedHashMap<>(PlainJson.object(config));
        expected.put("maxOutputTokens", 5_000);
        assertThat(config(MODEL, 5_000, ",\"response_format\":" + format)).isEqualTo(expected);
    }

    @Test
    void refusal_of_before_is_what_the_model_said() throws Exception {
        Map<String, Object> sent = sent(GeminiWire.call(MODEL), """
            {"messages":[{"role":"user","content":"Hi"},
              {"role":"assistant","content":null,"refusal":"I would rather not."},{"role":"user","content":"Why?"}]}
            """);
        assertThat(sent.get("contents")).isEqualTo(PlainJson.read("""
            [{"role":"user","parts":[{"text":"Hi"}]},{"role":"model","parts":[{"text":"I would rather not."}]},
             {"role":"user","parts":[{"text":"Why?"}]}]
            """));
    }

    @ParameterizedTest
    @CsvSource({"auto,AUTO", "none,NONE", "required,ANY"})
    void tool_choice_is_a_mode(String choice, String mode) throws Exception {
        Map<String, Object> sent = sent(
                GeminiWire.call(MODEL),
                asking(",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"tool_choice\":\"" + choice
                        + "\""));
        assertThat(sent.get("toolConfig")).isEqualTo(Map.of("functionCallingConfig", Map.of("mode", mode)));
        assertThat(sent.get("tools")).isEqualTo(List.of(Map.of("functionDeclarations", List.of(Map.of("name", "f")))));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // Nobody asks: the model's own way, or little where the bound is tight.
                "gemini-3.8-flash, -, 4096, -",
                "gemini-3.8-flash, -, 512, {\"thinkingLevel\":\"LOW\"}",
                "gemini-3.5-flash-lite, -, 512, {\"thinkingLevel\":\"MINIMAL\"}",
                "gemini-3.1-pro-preview, -, 512, {\"thinkingLevel\":\"LOW\"}",
                "gemini-flash-latest, -, 512, {\"thinkingLevel\":\"LOW\"}",
                "gemini-2.5-flash, -, 512, {\"thinkingBudget\":0}",
                "gemini-2.5-pro, -, 512, {\"thinkingBudget\":128}",
                "gemini-2.0-flash, -, 512, -",
                "gemma-4-26b, -, 512, -",
                "gemini-3.8-flash, none, 4096, {\"thinkingLevel\":\"LOW\"}",
                "gemini-3.6-flash, minimal, 4096, {\"thinkingLevel\":\"MINIMAL\"}",
                "gemini-3.6-flash, low, 4096, {\"thinkingLevel\":\"LOW\"}",
                "gemini-3.6-flash, medium, 4096, {\"thinkingLevel\":\"MEDIUM\"}",
                "gemini-3.6-flash, high, 512, {\"thinkingLevel\":\"HIGH\"}",
                "gemma-4-26b, high, 512, {\"thinkingLevel\":\"HIGH\"}",
                "gemini-3.6-flash, max, 4096, {\"thinkingLevel\":\"HIGH\"}",
                "gemini-2.5-flash, max, 4096, {\"thinkingBudget\":24576}",
                "gemini-2.5-flash, minimal, 4096, {\"thinkingBudget\":512}",
                "gemini-2.5-flash, low, 4096, {\"thinkingBudget\":1024}",
                "gemini-2.5-flash, medium, 4096, {\"thinkingBudget\":8192}",
                "gemini-2.5-flash, xhigh, 4096, {\"thinkingBudget\":24576}"
            })
    void thinking(String model, String effort, long bound, String config) throws Exception {
        String more = effort == null ? "" : ",\"reasoning_effort\":\"" + effort + "\"";
        Object expected = config == null ? null : PlainJson.object(config);
        assertThat(config(model, bound, more).get("thinkingConfig")).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"presence_penalty", "frequency_penalty"})
    void penalties_are_refused_by_the_others(String field) {
        UpstreamException refusal = refused("gemini-3.8-flash", asking(",\"" + field + "\":0.5"));
        assertThat(refusal.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(refusal.param()).isEqualTo(field);
    }

    @Test
    void penalties_are_for_the_models_that_take_them() throws Exception {
        String wishes = ",\"presence_penalty\":1,\"frequency_penalty\":1,\"temperature\":0.5,\"top_p\":0.5";
        assertThat(config("gemini-3.1-flash-lite", 5_000, wishes).keySet())
                .isEqualTo(Set.of("maxOutputTokens", "presencePenalty", "frequencyPenalty", "temperature", "topP"));
        String usual = ",\"presence_penalty\":0,\"frequency_penalty\":0.0,\"temperature\":0.4,\"top_p\":0.9";
        assertThat(config("gemini-3.8-flash", 5_000, usual).keySet())
                .isEqualTo(Set.of("maxOutputTokens", "temperature", "topP"));
    }

    @Test
    void callers_own_thinking_takes_the_place_of_ours() throws Exception {
        assertThat(
                        config(
                                MODEL,
                                100,
                                ",\"providerOptions\":{\"gemini\":{\"generation_config\":{\"thinking_config\":{\"include_thoughts\":true}}}}"))
                .isEqualTo(
                        PlainJson.object("{\"maxOutputTokens\":100,\"thinking_config\":{\"include_thoughts\":true}}"));
    }

    static Stream<Arguments> unsupported() {
        String picture =
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":"
                        + "\"https://pictures.example/a.png\"}}]}]}";
        String tool = ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]";
        return Stream.of(
                arguments(picture, "messages[0].content[0].image_url.url"),
                arguments(asking(",\"n\":9"), "n"),
                arguments(asking(",\"logprobs\":true"), "logprobs"),
                arguments(asking(",\"logit_bias\":{\"1\":2}"), "logit_bias"),
                arguments(asking(",\"seed\":3000000000"), "seed"),
                arguments(asking(",\"functions\":[{\"name\":\"f\"}]"), "functions"),
                arguments(asking(",\"web_search_options\":{}"), "web_search_options"),
                arguments(asking(",\"modalities\":[\"text\",\"audio\"]"), "modalities"),
                arguments(asking(",\"moderation\":{\"policy\":\"p\"}"), "moderation"),
                arguments(
                        asking(",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"2nd\"}}]"),
                        "tools[0].function.name"),
                arguments(
                        "{\"messages\":[{\"role\":\"assistant\",\"content\":null,\"audio\":{\"id\":\"a\"}}]}",
                        "messages[0].audio"),
                arguments(
                        "{\"messages\":[{\"role\":\"assistant\",\"content\":null,\"function_call\":{\"name\":\"f\"}}]}",
                        "messages[0].function_call"),
                arguments(asking(",\"reasoning_effort\":\"enormous\""), "reasoning_effort"),
                arguments(asking(tool + ",\"parallel_tool_calls\":false"), "parallel_tool_calls"),
                arguments(asking(tool + ",\"tool_choice\":{\"type\":\"allowed_tools\"}"), "tool_choice"),
                arguments(asking(",\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"f\"}}]"), "tools[0].type"),
                arguments(
                        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":{\"file_id\":\"f\"}}]}]}",
                        "messages[0].content[0].file"),
                arguments(
                        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\",\"input_audio\":"
                                + "{\"data\":\"AA==\",\"format\":\"midi\"}}]}]}",
                        "messages[0].content[0].input_audio.format"),
                arguments(
                        "{\"messages\":[{\"role\":\"function\",\"name\":\"f\",\"content\":\"1\"}]}",
                        "messages[0].role"),
                arguments(
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"b\"}]}",
                        "messages"),
                arguments(
                        "{\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"a\",\"type\":\"function\","
                                + "\"function\":{\"name\":\"f\",\"arguments\":\"{broken\"}}]}]}",
                        "messages[0].tool_calls[0].function.arguments"));
    }

    @ParameterizedTest
    @MethodSource("unsupported")
    void what_it_cannot_do_is_refused_before_anything_is_sent(String request, String param) {
        UpstreamException failure = refused(MODEL, request);
        assertThat(failure.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(failure.param()).isEqualTo(param);
    }

    @ParameterizedTest
    @CsvSource({
        "contents",
        "system_instruction",
        "tools",
        "cachedContent",
        "service_tier",
        "model",
    })
    void what_the_gateway_decides_is_no_option(String field) {
        UpstreamException failure = refused(MODEL, asking(",\"providerOptions\":{\"gemini\":{\"" + field + "\":{}}}"));
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.param()).isEqualTo("providerOptions.gemini." + field);
    }

    @ParameterizedTest
    @CsvSource({"maxOutputTokens", "max_output_tokens", "candidateCount", "responseModalities", "imageConfig"})
    void what_the_gateway_decides_is_no_setting(String field) {
        UpstreamException failure = refused(
                MODEL, asking(",\"providerOptions\":{\"gemini\":{\"generationConfig\":{\"" + field + "\":9}}}"));
        assertThat(failure.param()).isEqualTo("providerOptions.gemini.generationConfig." + field);
    }

    @Test
    void what_is_wrong_everywhere_is_rejected() {
        UpstreamException stray =
                refused(MODEL, "{\"messages\":[{\"role\":\"tool\",\"tool_call_id\":\"nobody\",\"content\":\"1\"}]}");
        assertThat(stray.kind()).isEqualTo(Kind.REJECTED);
        assertThat(stray.param()).isEqualTo("messages[0].tool_call_id");
        assertThat(refused(MODEL, asking(",\"tool_choice\":\"required\"")).param())
                .isEqualTo("tool_choice");
        assertThat(refused(MODEL, "{\"messages\":[{\"role\":\"user\",\"content\":\"\"}]}")
                        .param())
                .isEqualTo("messages");
        UpstreamException name = GeminiWire.failure(
                () -> wire.provider.chat(GeminiWire.call("gemini/../x?key=1"), GeminiWire.chat(asking(""))));
        assertThat(name.kind()).isEqualTo(Kind.MODEL_GONE);
        assertThat(wire.upstream.requests()).isEmpty();
    }
}
