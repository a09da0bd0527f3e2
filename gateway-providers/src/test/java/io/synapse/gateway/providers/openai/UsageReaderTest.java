package io.synapse.gateway.providers.openai;

import static io.synapse.gateway.credit.Unit.AUDIO_INPUT_TOKENS;
import static io.synapse.gateway.credit.Unit.AUDIO_OUTPUT_TOKENS;
import static io.synapse.gateway.credit.Unit.CACHED_INPUT_TOKENS;
import static io.synapse.gateway.credit.Unit.CACHE_WRITE_TOKENS;
import static io.synapse.gateway.credit.Unit.INPUT_TOKENS;
import static io.synapse.gateway.credit.Unit.OUTPUT_TOKENS;
import static io.synapse.gateway.credit.Unit.REASONING_TOKENS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.synapse.gateway.chat.ChatUsage;
import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.testkit.fake.PlainJson;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageReaderTest {
    private static ChatUsage read(String json) {
        return UsageReader.read(PlainJson.read(json));
    }

    static Stream<Arguments> forms() {
        return Stream.of(
                arguments(
                        "plain",
                        "{\"prompt_tokens\":9,\"completion_tokens\":2,\"total_tokens\":11}",
                        Map.of(INPUT_TOKENS, 9L, OUTPUT_TOKENS, 2L)),
                arguments(
                        "explicit zeros",
                        "{\"prompt_tokens\":0,\"completion_tokens\":0,\"total_tokens\":0}",
                        Map.of(INPUT_TOKENS, 0L, OUTPUT_TOKENS, 0L)),
                arguments(
                        "cached within the prompt",
                        "{\"prompt_tokens\":100,\"completion_tokens\":5,\"prompt_tokens_details\":{\"cached_tokens\":64,\"audio_tokens\":0}}",
                        Map.of(INPUT_TOKENS, 36L, CACHED_INPUT_TOKENS, 64L, OUTPUT_TOKENS, 5L)),
                arguments(
                        "everything at once",
                        "{\"prompt_tokens\":100,\"completion_tokens\":50,\"prompt_tokens_details\":{\"cached_tokens\":40,\"cache_write_tokens\":20,\"audio_tokens\":10},"
                            + "\"completion_tokens_details\":{\"reasoning_tokens\":30,\"audio_tokens\":5,\"accepted_prediction_tokens\":0}}",
                        Map.of(
                                INPUT_TOKENS,
                                30L,
                                CACHED_INPUT_TOKENS,
                                40L,
                                CACHE_WRITE_TOKENS,
                                20L,
                                AUDIO_INPUT_TOKENS,
                                10L,
                                OUTPUT_TOKENS,
                                15L,
                                REASONING_TOKENS,
                                30L,
                                AUDIO_OUTPUT_TOKENS,
                                5L)),
                arguments(
                        "all of the prompt cached",
                        "{\"prompt_tokens\":64,\"completion_tokens\":5,\"prompt_tokens_details\":{\"cached_tokens\":64}}",
                        Map.of(INPUT_TOKENS, 0L, CACHED_INPUT_TOKENS, 64L, OUTPUT_TOKENS, 5L)),
                arguments(
                        "DeepSeek's cache",
                        "{\"prompt_tokens\":100,\"completion_tokens\":5,\"prompt_cache_hit_tokens\":60,\"prompt_cache_miss_tokens\":40}",
                        Map.of(INPUT_TOKENS, 40L, CACHED_INPUT_TOKENS, 60L, OUTPUT_TOKENS, 5L)),
                arguments(
                        "a cache told in two places counts once",
                        "{\"prompt_tokens\":100,\"completion_tokens\":5,\"prompt_cache_hit_tokens\":60,\"prompt_tokens_details\":{\"cached_tokens\":60}}",
                        Map.of(INPUT_TOKENS, 40L, CACHED_INPUT_TOKENS, 60L, OUTPUT_TOKENS, 5L)),
                arguments(
                        "xAI's reasoning, beside the completion",
                        "{\"prompt_tokens\":32,\"completion_tokens\":9,\"total_tokens\":135,\"completion_tokens_details\":{\"reasoning_tokens\":94}}",
                        Map.of(INPUT_TOKENS, 32L, OUTPUT_TOKENS, 9L, REASONING_TOKENS, 94L)),
                arguments(
                        "reasoning alone, all within",
                        "{\"prompt_tokens\":32,\"completion_tokens\":94,\"total_tokens\":126,\"completion_tokens_details\":{\"reasoning_tokens\":94}}",
                        Map.of(INPUT_TOKENS, 32L, OUTPUT_TOKENS, 0L, REASONING_TOKENS, 94L)),
                arguments(
                        "details of null",
                        "{\"prompt_tokens\":9,\"completion_tokens\":2,\"prompt_tokens_details\":null,\"completion_tokens_details\":{\"reasoning_tokens\":null}}",
                        Map.of(INPUT_TOKENS, 9L, OUTPUT_TOKENS, 2L)),
                arguments(
                        "parts larger than the whole",
                        "{\"prompt_tokens\":9,\"completion_tokens\":2,\"prompt_tokens_details\":{\"cached_tokens\":10}}",
                        Map.of(INPUT_TOKENS, 9L, OUTPUT_TOKENS, 2L)),
                arguments(
                        "reasoning that fits nowhere",
                        "{\"prompt_tokens\":9,\"completion_tokens\":2,\"total_tokens\":11,\"completion_tokens_details\":{\"reasoning_tokens\":5}}",
                        Map.of(INPUT_TOKENS, 9L, OUTPUT_TOKENS, 2L)),
                arguments(
                        "a total in place of the completion",
                        "{\"prompt_tokens\":9,\"total_tokens\":11}",
                        Map.of(INPUT_TOKENS, 9L, OUTPUT_TOKENS, 2L)),
                arguments(
                        "whole numbers with a point",
                        "{\"prompt_tokens\":9.0,\"completion_tokens\":2.00}",
                        Map.of(INPUT_TOKENS, 9L, OUTPUT_TOKENS, 2L)),
                arguments(
                        "the most",
                        "{\"prompt_tokens\":1000000000000,\"completion_tokens\":1}",
                        Map.of(INPUT_TOKENS, 1_000_000_000_000L, OUTPUT_TOKENS, 1L)),
                arguments(
                        "Groq's times",
                        "{\"queue_time\":0.01,\"prompt_tokens\":9,\"prompt_time\":0.002,\"completion_tokens\":2,\"completion_time\":0.1,\"total_tokens\":11,\"total_time\":0.102}",
                        Map.of(INPUT_TOKENS, 9L, OUTPUT_TOKENS, 2L)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forms")
    void units_are_disjoint(String name, String json, Map<Unit, Long> billed) {
        ChatUsage usage = read(json);
        assertThat(usage).isNotNull();
        assertThat(usage.billed().quantities()).isEqualTo(billed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{}",
                "[]",
                "\"9\"",
                "{\"prompt_tokens\":null,\"completion_tokens\":null}",
                "{\"prompt_tokens\":9}",
                "{\"completion_tokens\":9}",
                "{\"total_tokens\":9}",
                "{\"prompt_tokens\":-1,\"completion_tokens\":2}",
                "{\"prompt_tokens\":9,\"completion_tokens\":-2}",
                "{\"prompt_tokens\":9.5,\"completion_tokens\":2}",
                "{\"prompt_tokens\":0.5,\"completion_tokens\":2}",
                "{\"prompt_tokens\":\"9\",\"completion_tokens\":2}",
                "{\"prompt_tokens\":true,\"completion_tokens\":2}",
                "{\"prompt_tokens\":1000000000001,\"completion_tokens\":2}",
                "{\"prompt_tokens\":123456789012345678901234567890,\"completion_tokens\":2}",
                "{\"prompt_tokens\":1e999999999,\"completion_tokens\":2}",
                "{\"prompt_tokens\":1e-999999999,\"completion_tokens\":2}",
                "{\"prompt_tokens\":9,\"completion_tokens\":2,\"prompt_tokens_details\":{\"cached_tokens\":-1}}",
                "{\"prompt_tokens\":9,\"completion_tokens\":2,\"completion_tokens_details\":{\"reasoning_tokens\":\"many\"}}"
            })
    void absence_and_nonsense_are_no_usage(String json) {
        assertThat(read(json)).isNull();
    }

    @Test
    void callers_see_the_upstreams_own_object_without_the_operators_costs() {
        ChatUsage usage = read(
                "{\"prompt_tokens\":9,\"completion_tokens\":2,\"extra\":{\"a\":1},\"cost\":0.5,\"cost_details\":{\"x\":1},\"cost_in_usd_ticks\":7,\"is_byok\":false}");
        assertThat(usage).isNotNull();
        assertThat(usage.wire())
                .isEqualTo(Map.of(
                        "prompt_tokens", 9, "completion_tokens", 2, "extra", Map.of("a", 1), "total_tokens", 11L));
    }
}
