package io.synapse.gateway.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.Embeddings;
import io.synapse.gateway.provider.EmbeddingProvider;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.PlainJson;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class OpenAiEmbeddingsTest {
    /** 1, -0.5 and 0.1 as little-endian floats. */
    private static final String BASE64 = "AACAPwAAAL/NzMw9";

    private static final String ONE =
            "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":[0.5]}],"
                    + "\"model\":\"x\",\"usage\":{\"prompt_tokens\":5,\"total_tokens\":5}}";

    private final MediaWire wire = new MediaWire();

    @AfterEach
    void close() {
        wire.close();
    }

    private Embeddings embed(OpenAiPreset preset, String request) throws UpstreamException {
        return wire.provider(preset, EmbeddingProvider.class)
                .embed(MediaWire.call("up-model"), MediaWire.embedding(request));
    }

    private Embeddings answered(String answer, int inputs) throws UpstreamException {
        wire.upstream.answer(Answer.json(200, answer));
        return embed(OpenAiPreset.OPENAI, "{\"input\":[\"a\"" + ",\"b\"".repeat(inputs - 1) + "]}");
    }

    @Test
    void everything_known_and_unknown_is_carried_as_it_stands() throws Exception {
        wire.upstream.answer(Answer.json(200, ONE));
        embed(
                OpenAiPreset.OPENAI,
                "{\"model\":\"m\",\"input\":[\"a\"],\"dimensions\":256,\"user\":\"u\",\"of_tomorrow\":{\"x\":1.50},"
                    + "\"encoding_format\":\"float\",\"providerOptions\":{\"openai\":{\"y\":2},\"groq\":{\"z\":3}}}");
        assertThat(wire.upstream.lastRequest().path()).isEqualTo("/v1/embeddings");
        assertThat(wire.upstream.lastRequest().header("Authorization")).isEqualTo("Bearer sk-test-0123456789");
        assertThat(wire.upstream.lastRequest().header("Content-Type")).isEqualTo("application/json");
        assertThat(wire.upstream.lastRequest().json())
                .isEqualTo(PlainJson.object("{\"model\":\"up-model\",\"input\":[\"a\"],\"dimensions\":256,"
                        + "\"user\":\"u\",\"of_tomorrow\":{\"x\":1.50},\"encoding_format\":\"base64\",\"y\":2}"));
    }

    @ParameterizedTest
    @CsvSource({
        "OPENAI, base64", "OLLAMA, base64", "VLLM, base64", "LLAMACPP, base64",
        "TOGETHER, float", "MISTRAL, float", "OPENROUTER, float", "FIREWORKS, float"
    })
    void asks_for_what_is_cheapest_to_read_and_known_to_be_there(OpenAiPreset preset, String format) throws Exception {
        wire.upstream.answer(Answer.json(200, ONE));
        embed(preset, "{\"input\":\"a\"}");
        assertThat(wire.upstream.lastRequest().json())
                .containsEntry("encoding_format", format)
                .containsEntry("input", "a");
    }

    @Test
    void mistral_has_another_name_for_the_length_and_no_user() throws Exception {
        wire.upstream.answer(Answer.json(200, ONE));
        embed(OpenAiPreset.MISTRAL, "{\"input\":\"a\",\"dimensions\":256,\"user\":\"u\"}");
        assertThat(wire.upstream.lastRequest().json())
                .isEqualTo(PlainJson.object("{\"input\":\"a\",\"output_dimension\":256,\"model\":\"up-model\","
                        + "\"encoding_format\":\"float\"}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1,2,3]", "[[1,2,3]]"})
    void tokens_are_passed_on_where_the_upstream_takes_them(String tokens) throws Exception {
        wire.upstream.answer(Answer.json(200, ONE));
        embed(OpenAiPreset.OPENAI, "{\"input\":" + tokens + "}");
        assertThat(wire.upstream.lastRequest().json()).containsEntry("input", PlainJson.read(tokens));
        UpstreamException failure = MediaWire.failure(() -> embed(OpenAiPreset.OLLAMA, "{\"input\":" + tokens + "}"));
        assertThat(failure.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(failure.param()).isEqualTo("input");
        assertThat(wire.upstream.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"model", "input", "encoding_format", "dimensions"})
    void what_the_gateway_decides_is_no_option(String field) {
        UpstreamException failure = MediaWire.failure(() ->
                embed(OpenAiPreset.OPENAI, "{\"input\":\"a\",\"providerOptions\":{\"openai\":{\"" + field + "\":1}}}"));
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.param()).isEqualTo("providerOptions.openai." + field);
    }

    @Test
    void base64_and_floats_are_the_same_vectors() throws Exception {
        for (String vector : new String[] {"\"" + BASE64 + "\"", "[1,-5e-1,0.1]"}) {
            Embeddings read = answered(
                    "{\"data\":[{\"index\":0,\"embedding\":" + vector
                            + "}],\"usage\":{\"prompt_tokens\":3,\"total_tokens\":3}}",
                    1);
            assertThat(read.vectors()).singleElement().isEqualTo(new float[] {1f, -0.5f, 0.1f});
            assertThat(read.usage()).isEqualTo(Usage.of(Unit.INPUT_TOKENS, 3));
        }
    }

    @Test
    void vectors_stand_in_the_order_of_the_inputs() throws Exception {
        assertThat(answered(
                                "{\"data\":[{\"index\":2,\"embedding\":[3]},{\"index\":0,\"embedding\":[1]},"
                                        + "{\"index\":1,\"embedding\":[2]}]}",
                                3)
                        .vectors())
                .containsExactly(new float[] {1}, new float[] {2}, new float[] {3});
        assertThat(answered("{\"data\":[{\"embedding\":[1]},{\"embedding\":[2]}]}", 2)
                        .vectors())
                .containsExactly(new float[] {1}, new float[] {2});
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"data\":[]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":0,\"embedding\":[1]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":2,\"embedding\":[1]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":-1,\"embedding\":[1]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":[1,2]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[]},{\"index\":1,\"embedding\":[]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":1}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1]},7]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":[null]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":[[1]]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":[1e400]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":\"AACAPwA=\"}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":\"AADAfw==\"}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":\"!\"}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":[1",
                "[]",
                "<html>"
            })
    void what_is_no_answer_to_two_inputs_is_malformed(String answer) {
        assertThat(MediaWire.failure(() -> answered(answer, 2)).kind()).isEqualTo(Kind.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "{\"prompt_tokens\":0,\"total_tokens\":0}", "{\"prompt_tokens\":-1}", "7"})
    void usage_that_is_none_is_missing(String usage) throws Exception {
        assertThat(answered("{\"data\":[{\"embedding\":[1]}],\"usage\":" + usage + "}", 1)
                        .usage())
                .isNull();
    }

    @Test
    void error_bodies_are_understood_whatever_their_status() {
        String gone = "{\"error\":{\"message\":\"No such model\",\"type\":\"invalid_request_error\",\"param\":null,"
                + "\"code\":\"model_not_found\"}}";
        for (int status : new int[] {404, 400, 200}) {
            wire.upstream.answer(Answer.json(status, gone));
            assertThat(MediaWire.failure(() -> embed(OpenAiPreset.OPENAI, "{\"input\":\"a\"}"))
                            .kind())
                    .isEqualTo(Kind.MODEL_GONE);
        }
        wire.upstream.answer(Answer.json(
                400,
                "{\"error\":{\"message\":\"'dimensions' is too large\",\"type\":\"invalid_request_error\","
                        + "\"param\":\"dimensions\",\"code\":null}}"));
        UpstreamException refused = MediaWire.failure(() -> embed(OpenAiPreset.OPENAI, "{\"input\":\"a\"}"));
        assertThat(refused.kind()).isEqualTo(Kind.REJECTED);
        assertThat(refused.param()).isEqualTo("dimensions");
        wire.upstream.answer(Answer.json(
                422,
                "{\"object\":\"error\",\"message\":{\"detail\":[{\"type\":\"less_than\",\"loc\":[\"body\",\"output_dimension\"],\"msg\":\"too"
                    + " large\"}]},\"type\":\"invalid_request_error\",\"param\":null,\"code\":null}"));
        assertThat(MediaWire.failure(() -> embed(OpenAiPreset.MISTRAL, "{\"input\":\"a\",\"dimensions\":9}"))
                        .param())
                .isEqualTo("dimensions");
        wire.upstream.answer(Answer.json(400, "{\"error\":{\"code\":\"context_length_exceeded\"}}"));
        assertThat(MediaWire.failure(() -> embed(OpenAiPreset.OPENAI, "{\"input\":\"a\"}"))
                        .param())
                .isEqualTo("input");
    }

    @Test
    void answer_that_is_cut_off_is_unreachable() {
        wire.upstream.answer(Answer.cut(20, Answer.json(200, ONE)));
        assertThat(MediaWire.failure(() -> embed(OpenAiPreset.OPENAI, "{\"input\":\"a\"}"))
                        .kind())
                .isEqualTo(Kind.UNREACHABLE);
    }

    @Test
    void silence_times_out_and_stopping_reaches_the_upstream() throws Exception {
        EmbeddingProvider provider = wire.provider(OpenAiPreset.OPENAI, EmbeddingProvider.class);
        wire.upstream.answer(Answer.stall());
        UpstreamCall brief = MediaWire.call("m", Duration.ofMillis(400));
        assertThat(MediaWire.failure(() -> provider.embed(brief, MediaWire.embedding("{\"input\":\"a\"}")))
                        .kind())
                .isEqualTo(Kind.TIMED_OUT);
        wire.upstream.awaitHangUps(1);
        wire.upstream.reset();
        wire.upstream.answer(Answer.stall());
        UpstreamCall call = MediaWire.call("m");
        assertThat(wire.stopped(call, () -> provider.embed(call, MediaWire.embedding("{\"input\":\"a\"}")))
                        .kind())
                .isEqualTo(Kind.UNREACHABLE);
        wire.upstream.awaitHangUps(2);
    }
}
