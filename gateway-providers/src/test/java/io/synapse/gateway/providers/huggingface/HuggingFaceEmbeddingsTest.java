package io.synapse.gateway.providers.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import io.synapse.gateway.media.Embeddings;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.provider.UpstreamException.Kind;
import io.synapse.gateway.providers.internal.media.MediaCalls;
import io.synapse.gateway.testkit.fake.Answer;
import io.synapse.gateway.testkit.fake.PlainJson;
import io.synapse.gateway.testkit.fake.Request;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HuggingFaceEmbeddingsTest {
    private static final String MODEL = "BAAI/bge-base-en-v1.5";

    private final HuggingFaceWire wire = new HuggingFaceWire();

    @AfterEach
    void close() {
        wire.close();
    }

    private Embeddings embed(String request) throws UpstreamException {
        return wire.provider.embed(MediaCalls.call(MODEL), MediaCalls.embedding(request));
    }

    private UpstreamException failure(Answer answer) {
        wire.upstream.answer(answer);
        return MediaCalls.failure(() -> embed("{\"input\":[\"alpha\",\"beta\"]}"));
    }

    @Test
    void texts_and_their_vectors() throws Exception {
        wire.upstream.answer(Answer.json(200, "[[0.1,-2,3e-1],[0.5,0.25,1]]"));
        Embeddings embeddings = embed("{\"input\":[\"alpha\",\"beta\"],\"encoding_format\":\"base64\",\"user\":\"u\","
                + "\"providerOptions\":{\"huggingface\":{\"normalize\":true,\"prompt_name\":\"query\"}}}");
        Request arrived = wire.upstream.lastRequest();
        assertThat(arrived.method() + " " + arrived.path())
                .isEqualTo("POST /hf-inference/models/BAAI/bge-base-en-v1.5/pipeline/feature-extraction");
        assertThat(arrived.header("Authorization")).isEqualTo("Bearer " + HuggingFaceWire.TOKEN);
        assertThat(arrived.json())
                .isEqualTo(PlainJson.object("{\"inputs\":[\"alpha\",\"beta\"],\"truncate\":false,\"normalize\":true,"
                        + "\"prompt_name\":\"query\"}"));
        assertThat(embeddings.vectors()).containsExactly(new float[] {0.1f, -2f, 0.3f}, new float[] {0.5f, 0.25f, 1f});
        assertThat(embeddings.usage()).isNull();
    }

    @Test
    void more_texts_than_the_upstream_takes_are_several_questions() throws Exception {
        wire.upstream.answerAll(request -> {
            List<?> texts = (List<?>) request.json().get("inputs");
            return Answer.json(
                    200, texts.stream().map(text -> "[" + text + "]").collect(Collectors.joining(",", "[", "]")));
        });
        String inputs = IntStream.range(0, 70).mapToObj(i -> "\"" + i + "\"").collect(Collectors.joining(","));
        Embeddings embeddings = embed("{\"input\":[" + inputs + "]}");
        for (int i = 0; i < 70; i++) {
            assertThat(embeddings.vectors().get(i)).containsExactly(i);
        }
        assertThat(wire.upstream.requests())
                .extracting(request -> ((List<?>) request.json().get("inputs")).size())
                .containsExactlyInAnyOrder(32, 32, 6);
    }

    @Test
    void answers_with_vectors_of_different_lengths_are_malformed_together() {
        wire.upstream.answerAll(request -> {
            List<?> texts = (List<?>) request.json().get("inputs");
            String row = texts.size() == 32 ? "[1]" : "[1,2]";
            return Answer.json(200, texts.stream().map(text -> row).collect(Collectors.joining(",", "[", "]")));
        });
        String inputs = IntStream.range(0, 33).mapToObj(i -> "\"" + i + "\"").collect(Collectors.joining(","));
        assertThat(MediaCalls.failure(() -> embed("{\"input\":[" + inputs + "]}"))
                        .kind())
                .isEqualTo(Kind.MALFORMED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UNSUPPORTED|input|\"input\":[1,2]",
                "UNSUPPORTED|dimensions|\"input\":\"a\",\"dimensions\":256",
                "REJECTED|providerOptions.huggingface.inputs|\"input\":\"a\",\"providerOptions\":{\"huggingface\":{\"inputs\":\"b\"}}"
            })
    void what_cannot_be_had_is_refused(Kind kind, String param, String fields) {
        UpstreamException refusal = MediaCalls.failure(() -> embed("{" + fields + "}"));
        assertThat(refusal.kind()).isEqualTo(kind);
        assertThat(refusal.param()).isEqualTo(param);
        assertThat(wire.upstream.requests()).isEmpty();
    }

    @Test
    void what_is_too_long_is_the_input() {
        UpstreamException failure =
                failure(Answer.json(413, "{\"error\":\"Input validation error\",\"error_type\":\"Validation\"}"));
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.param()).isEqualTo("input");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>",
                "{}",
                "[]",
                "[1,2]",
                "[[1,2]]",
                "[[1],[2,3]]",
                "[[],[]]",
                "[[1],null]",
                "[[1],[2,null]]",
                "[[[1,2],[3,4]],[[1,2],[3,4]]]"
            })
    void lies_and_vectors_of_tokens_are_malformed(String answer) {
        assertThat(failure(Answer.json(200, answer)).kind()).isEqualTo(Kind.MALFORMED);
    }

    @Test
    void error_with_a_status_of_success_is_an_error() {
        assertThat(failure(Answer.json(200, "{\"error\":\"broken\"}")).kind()).isEqualTo(Kind.FAILED);
    }

    @Test
    void silence_cut_and_stop() throws Exception {
        assertThat(failure(Answer.cut(3, Answer.json(200, "[[1],[2]]"))).kind()).isEqualTo(Kind.UNREACHABLE);
        wire.upstream.answer(Answer.stall());
        UpstreamCall brief = MediaCalls.call(MODEL, Duration.ofMillis(400));
        assertThat(MediaCalls.failure(() -> wire.provider.embed(brief, MediaCalls.embedding("{\"input\":\"a\"}")))
                        .kind())
                .isEqualTo(Kind.TIMED_OUT);
        wire.upstream.awaitHangUps(1);
        wire.upstream.reset();
        wire.upstream.answer(Answer.stall());
        UpstreamCall call = MediaCalls.call(MODEL);
        assertThat(MediaCalls.stopped(
                                wire.upstream,
                                call,
                                () -> wire.provider.embed(call, MediaCalls.embedding("{\"input\":\"a\"}")))
                        .kind())
                .isEqualTo(Kind.UNREACHABLE);
    }
}
