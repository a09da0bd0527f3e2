package io.synapse.gateway.providers.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.synapse.gateway.media.EmbeddingRequest;
import io.synapse.gateway.media.Embeddings;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.PlainJson;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class GeminiEmbeddingsTest {
    private static final String MODEL = "gemini-embedding-001";
    private static final String ONE = "{\"embeddings\":[{\"values\":[0.01,-0.02]}]}";

    private final GeminiWire wire = new GeminiWire();

    @AfterEach
    void close() {
        wire.close();
    }

    private Embeddings embed(String request) throws UpstreamException {
        return wire.provider.embed(GeminiWire.call(MODEL), EmbeddingRequest.of(PlainJson.object(request)));
    }

    @Test
    void request_and_answer() throws Exception {
        wire.upstream.answer(Answer.json(200, "{\"embeddings\":[{\"values\":[3,4]}]}"));
        Embeddings embeddings = embed("{\"model\":\"m\",\"input\":\"alpha\",\"dimensions\":2,\"user\":\"u\","
                + "\"providerOptions\":{\"gemini\":{\"taskType\":\"RETRIEVAL_DOCUMENT\"}}}");
        assertThat(wire.posted("/models/gemini-embedding-001:batchEmbedContents"))
                .isEqualTo(PlainJson.object("""
                    {"requests":[{"model":"models/gemini-embedding-001","content":{"parts":[{"text":"alpha"}]},
                      "taskType":"RETRIEVAL_DOCUMENT","outputDimensionality":2}]}
                    """));
        // Shortened vectors are made to be of length one again.
        assertThat(embeddings.vectors().getFirst()[0]).isCloseTo(0.6f, within(1e-6f));
        assertThat(embeddings.vectors().getFirst()[1]).isCloseTo(0.8f, within(1e-6f));
        assertThat(embeddings.usage()).isNull();
    }

    @Test
    void vector_of_the_models_own_length_stays_as_it_is() throws Exception {
        wire.upstream.answer(Answer.json(200, ONE));
        assertThat(embed("{\"input\":\"alpha\"}").vectors().getFirst()).containsExactly(0.01f, -0.02f);
    }

    @Test
    void many_inputs_are_asked_for_a_hundred_at_a_time() throws Exception {
        wire.upstream.answerAll(request -> {
            List<?> items = (List<?>) request.json().get("requests");
            return Answer.json(
                    200,
                    items.stream()
                            .map(item -> "{\"values\":[" + text(item) + ",1]}")
                            .collect(Collectors.joining(",", "{\"embeddings\":[", "]}")));
        });
        List<String> inputs = IntStream.range(0, 205).mapToObj(String::valueOf).toList();
        Embeddings embeddings =
                wire.provider.embed(GeminiWire.call(MODEL), EmbeddingRequest.of(Map.of("input", inputs)));
        assertThat(embeddings.vectors()).hasSize(205);
        for (int i = 0; i < 205; i++) {
            assertThat(embeddings.vectors().get(i)[0]).isEqualTo(i);
        }
        assertThat(wire.upstream.requests())
                .extracting(request -> ((List<?>) request.json().get("requests")).size())
                .containsExactly(100, 100, 5);
    }

    private static Object text(Object item) {
        Map<?, ?> content = (Map<?, ?>) ((Map<?, ?>) item).get("content");
        return ((Map<?, ?>) ((List<?>) content.get("parts")).getFirst()).get("text");
    }

    @Test
    void tokens_are_refused_before_anything_is_sent() {
        UpstreamException failure = GeminiWire.failure(() -> embed("{\"input\":[1,2,3]}"));
        assertThat(failure.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(failure.param()).isEqualTo("input");
        assertThat(wire.upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "not json",
                "<html></html>",
                "{\"embeddings\":[]}",
                "{\"embeddings\":[7]}",
                "{\"embeddings\":[{}]}",
                "{\"embeddings\":[{\"values\":[]}]}",
                "{\"embeddings\":[{\"values\":[1,2,3]}]}",
                "{\"embeddings\":[{\"values\":[1,\"2\"]}]}",
                "{\"embeddings\":[{\"values\":[1,2]},{\"values\":[1,2]}]}"
            })
    void what_is_no_vector_is_malformed(String answer) {
        wire.upstream.answer(Answer.json(200, answer));
        assertThat(GeminiWire.failure(() -> embed("{\"input\":\"a\",\"dimensions\":2}"))
                        .kind())
                .isEqualTo(Kind.MALFORMED);
    }

    @Test
    void too_long_an_input_is_called_by_its_name() {
        wire.upstream.answer(Answer.json(
                400, GeminiFormat.error(400, "INVALID_ARGUMENT", "The input token count (9) exceeds", null)));
        UpstreamException failure = GeminiWire.failure(() -> embed("{\"input\":\"a\"}"));
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.param()).isEqualTo("input");
    }

    @Test
    void silence_cut_and_stop() throws Exception {
        wire.upstream.answer(Answer.cut(10, Answer.json(200, ONE)), Answer.stall(), Answer.stall());
        assertThat(GeminiWire.failure(() -> embed("{\"input\":\"a\"}")).kind()).isEqualTo(Kind.UNREACHABLE);
        EmbeddingRequest request = EmbeddingRequest.of("m", "a");
        assertThat(GeminiWire.failure(
                                () -> wire.provider.embed(GeminiWire.call(MODEL, Duration.ofMillis(400)), request))
                        .kind())
                .isEqualTo(Kind.TIMED_OUT);
        wire.upstream.awaitHangUps(1);
        UpstreamCall call = GeminiWire.call(MODEL);
        assertThat(wire.stopped(call, 3, () -> wire.provider.embed(call, request))
                        .kind())
                .isEqualTo(Kind.UNREACHABLE);
        wire.upstream.awaitHangUps(2);
    }
}
