package io.synapse.gateway.providers.cloudflare;

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
class CloudflareEmbeddingsTest {
    private static final String BASE = "@cf/baai/bge-base-en-v1.5";
    private static final String TWO =
            CloudflareWire.envelope("{\"shape\":[2,3],\"data\":[[0.1,-2,3e-1],[0.5,0.25,1]],\"pooling\":\"cls\"}");

    private final CloudflareWire wire = new CloudflareWire();

    @AfterEach
    void close() {
        wire.close();
    }

    private Embeddings embed(String model, String request) throws UpstreamException {
        return wire.provider.embed(MediaCalls.call(model), MediaCalls.embedding(request));
    }

    private UpstreamException failure(String answer) {
        wire.upstream.answer(Answer.json(200, answer));
        return MediaCalls.failure(() -> embed(BASE, "{\"input\":[\"alpha\",\"beta\"]}"));
    }

    @Test
    void texts_and_their_vectors() throws Exception {
        wire.upstream.answer(Answer.json(200, TWO));
        Embeddings embeddings = embed(
                BASE,
                "{\"model\":\"m\",\"input\":[\"alpha\",\"beta\"],\"encoding_format\":\"base64\",\"user\":\"u\","
                        + "\"dimensions\":768,\"providerOptions\":{\"cloudflare\":{\"pooling\":\"cls\"}}}");
        Request arrived = wire.upstream.lastRequest();
        assertThat(arrived.method() + " " + arrived.path())
                .isEqualTo("POST " + CloudflareWire.AI + "/run/@cf/baai/bge-base-en-v1.5");
        assertThat(arrived.header("Authorization")).isEqualTo("Bearer " + CloudflareWire.TOKEN);
        assertThat(arrived.json()).isEqualTo(PlainJson.object("{\"text\":[\"alpha\",\"beta\"],\"pooling\":\"cls\"}"));
        assertThat(embeddings.vectors()).containsExactly(new float[] {0.1f, -2f, 0.3f}, new float[] {0.5f, 0.25f, 1f});
        assertThat(embeddings.usage()).isNull();
    }

    @Test
    void more_texts_than_the_upstream_takes_are_several_questions() throws Exception {
        wire.upstream.answerAll(request -> {
            List<?> texts = (List<?>) request.json().get("text");
            String rows = texts.stream().map(text -> "[" + text + ",1]").collect(Collectors.joining(","));
            return Answer.json(200, CloudflareWire.envelope("{\"data\":[" + rows + "]}"));
        });
        String inputs = IntStream.range(0, 230).mapToObj(i -> "\"" + i + "\"").collect(Collectors.joining(","));
        Embeddings embeddings = embed(BASE, "{\"input\":[" + inputs + "]}");
        assertThat(embeddings.vectors()).hasSize(230);
        for (int i = 0; i < 230; i++) {
            assertThat(embeddings.vectors().get(i)).containsExactly(i, 1f);
        }
        assertThat(wire.upstream.requests())
                .extracting(request -> ((List<?>) request.json().get("text")).size())
                .containsExactlyInAnyOrder(100, 100, 30);
    }

    @ParameterizedTest
    @CsvSource({
        "@cf/baai/bge-small-en-v1.5, 384",
        "@cf/baai/bge-base-en-v1.5, 768",
        "@cf/baai/bge-large-en-v1.5, 1024",
        "@cf/baai/bge-m3, 1024"
    })
    void length_that_the_vectors_have_anyway_can_be_asked_for_and_no_other(String model, int length) throws Exception {
        UpstreamException refusal =
                MediaCalls.failure(() -> embed(model, "{\"input\":\"a\",\"dimensions\":" + (length - 1) + "}"));
        assertThat(refusal.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(refusal.param()).isEqualTo("dimensions");
        assertThat(wire.upstream.requests()).isEmpty();
        wire.upstream.answer(Answer.json(200, CloudflareWire.envelope("{\"data\":[[1]]}")));
        assertThat(embed(model, "{\"input\":\"a\",\"dimensions\":" + length + "}")
                        .vectors())
                .hasSize(1);
    }

    @Test
    void tokens_and_what_the_gateway_decides_are_refused() {
        UpstreamException tokens = MediaCalls.failure(() -> embed(BASE, "{\"input\":[1,2,3]}"));
        assertThat(tokens.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(tokens.param()).isEqualTo("input");
        UpstreamException option = MediaCalls.failure(
                () -> embed(BASE, "{\"input\":\"a\",\"providerOptions\":{\"cloudflare\":{\"text\":[\"b\"]}}}"));
        assertThat(option.kind()).isEqualTo(Kind.REJECTED);
        assertThat(option.param()).isEqualTo("providerOptions.cloudflare.text");
        assertThat(wire.upstream.requests()).isEmpty();
    }

    @Test
    void what_is_refused_is_the_input() {
        wire.upstream.answer(Answer.json(400, CloudflareWire.error(5004, "too long")));
        UpstreamException failure = MediaCalls.failure(() -> embed(BASE, "{\"input\":\"a\"}"));
        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure.param()).isEqualTo("input");
        assertThat(failure.getMessage()).isEqualTo("too long");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"data\":[]}",
                "{\"data\":[1,2]}",
                "{\"data\":[[1,2]]}",
                "{\"data\":[[1],[2],[3]]}",
                "{\"data\":[[1,2],[3]]}",
                "{\"data\":[[],[]]}",
                "{\"data\":[[1],\"2\"]}",
                "{\"data\":[[1],[null]]}",
                "{\"data\":[[1],[2,null]]}",
                "{\"data\":[[1],[1e99]]}",
                "{\"data\":[[[1]],[[2]]]}",
                "{\"data\":{}}",
                "7"
            })
    void lies_are_malformed(String result) {
        assertThat(failure(CloudflareWire.envelope(result)).kind()).isEqualTo(Kind.MALFORMED);
    }

    @Test
    void page_is_malformed() {
        assertThat(failure("<html>Sorry</html>").kind()).isEqualTo(Kind.MALFORMED);
    }

    @Test
    void silence_cut_and_stop() throws Exception {
        wire.upstream.answer(Answer.cut(30, Answer.json(200, TWO)), Answer.stall());
        assertThat(MediaCalls.failure(() -> embed(BASE, "{\"input\":\"a\"}")).kind())
                .isEqualTo(Kind.UNREACHABLE);
        UpstreamCall brief = MediaCalls.call(BASE, Duration.ofMillis(400));
        assertThat(MediaCalls.failure(() -> wire.provider.embed(brief, MediaCalls.embedding("{\"input\":\"a\"}")))
                        .kind())
                .isEqualTo(Kind.TIMED_OUT);
        wire.upstream.awaitHangUps(1);
        wire.upstream.reset();
        wire.upstream.answer(Answer.stall());
        UpstreamCall call = MediaCalls.call(BASE);
        assertThat(MediaCalls.stopped(
                                wire.upstream,
                                call,
                                () -> wire.provider.embed(call, MediaCalls.embedding("{\"input\":\"a\"}")))
                        .kind())
                .isEqualTo(Kind.UNREACHABLE);
    }
}
