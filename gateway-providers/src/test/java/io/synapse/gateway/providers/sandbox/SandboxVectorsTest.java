package io.synapse.gateway.providers.sandbox;

import static io.synapse.gateway.providers.sandbox.Asking.COUNTER;
import static io.synapse.gateway.providers.sandbox.Asking.SANDBOX;
import static io.synapse.gateway.providers.sandbox.Asking.call;
import static io.synapse.gateway.providers.sandbox.MediaAsking.body;
import static io.synapse.gateway.providers.sandbox.MediaAsking.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.synapse.gateway.credit.Unit;
import io.synapse.gateway.credit.Usage;
import io.synapse.gateway.media.EmbeddingRequest;
import io.synapse.gateway.media.Embeddings;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxVectorsTest {
    @ParameterizedTest
    @CsvSource({
        "bge-base-en, 768",
        "bge-small-en, 384",
        "bge-large-en, 1024",
        "baai/bge-m3, 1024",
        "openai/text-embedding-3-small, 1536",
        "text-embedding-3-large:slow-1, 3072",
        "gemini-embedding-001, 3072",
        "nomic-embed-text:latest, 768",
        "anything, 768",
    })
    void vectors_are_as_wide_as_the_model_makes_them(String model, int width) throws Exception {
        Embeddings answer = SANDBOX.embed(call(model, -1), texts("Hello", "world"));
        assertThat(answer.vectors())
                .hasSize(2)
                .allSatisfy(vector -> assertThat(vector).hasSize(width));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 256, 3072})
    void or_as_wide_as_asked_for(int dimensions) throws Exception {
        EmbeddingRequest request = EmbeddingRequest.of(
                body("input", List.of("To be or not to be", "?!", " ", "日本語", "🎈"), "dimensions", dimensions));
        for (float[] vector : SANDBOX.embed(call("m", -1), request).vectors()) {
            assertThat(vector).hasSize(dimensions);
            assertThat(cosine(vector, vector)).isCloseTo(1, within(1e-5));
        }
    }

    @Test
    void similar_texts_are_near_each_other() throws Exception {
        List<float[]> vectors = vectors(
                "How do I reset my password?",
                "I want to reset the password of my account, how?",
                "The weather in Paris is sunny today.",
                "Today the weather is sunny in Paris, France.",
                "Bananas are rich in potassium.");
        assertThat(cosine(vectors.get(0), vectors.get(1))).isGreaterThan(0.4);
        assertThat(cosine(vectors.get(2), vectors.get(3))).isGreaterThan(0.4);
        for (int[] unrelated : new int[][] {{0, 2}, {0, 3}, {1, 2}, {1, 3}, {0, 4}, {2, 4}}) {
            assertThat(cosine(vectors.get(unrelated[0]), vectors.get(unrelated[1])))
                    .isLessThan(0.25);
        }
    }

    @Test
    void a_short_word_that_is_about_something_counts() throws Exception {
        List<float[]> vectors = vectors("The quick brown fox", "A fast auburn fox", "Quarterly revenue grew");
        assertThat(cosine(vectors.get(0), vectors.get(1)))
                .isGreaterThan(cosine(vectors.get(0), vectors.get(2)) + 0.1)
                .isGreaterThan(cosine(vectors.get(1), vectors.get(2)) + 0.1);
    }

    @Test
    void forms_of_a_word_and_cases_are_near_too() throws Exception {
        List<float[]> vectors = vectors("translation services", "Translating SERVICE", "quantum physics");
        assertThat(cosine(vectors.get(0), vectors.get(1)))
                .isGreaterThan(0.3)
                .isGreaterThan(cosine(vectors.get(0), vectors.get(2)) + 0.3);
    }

    @Test
    void the_same_text_has_the_same_vector_anywhere() throws Exception {
        assertThat(vectors("x", "Hello").get(1)).isEqualTo(vectors("Hello").getFirst());
        // Written down from an earlier run: other processes and later versions agree.
        float[] four = SANDBOX.embed(call("m", -1), EmbeddingRequest.of(body("input", "Hello", "dimensions", 4)))
                .vectors()
                .getFirst();
        assertThat(four).containsExactly(new float[] {0, -0.8551861f, 0.36650833f, 0.36650833f}, within(1e-6f));
    }

    @Test
    void tokens_are_hashed_by_their_numbers() throws Exception {
        EmbeddingRequest request = EmbeddingRequest.of(body(
                "input",
                List.of(List.of(15, 2000, 31), List.of(15, 2000, 32), List.of(7, 8, 9), List.of(15, 2000, 31))));
        Embeddings answer = SANDBOX.embed(call("m", -1), request);
        List<float[]> vectors = answer.vectors();
        assertThat(vectors.get(3)).isEqualTo(vectors.get(0));
        assertThat(cosine(vectors.get(0), vectors.get(1)))
                .isBetween(0.4, 0.99)
                .isGreaterThan(cosine(vectors.get(0), vectors.get(2)) + 0.3);
        assertThat(answer.usage()).isEqualTo(Usage.of(Unit.INPUT_TOKENS, 12));
    }

    @Test
    void usage_is_counted() throws Exception {
        String text = "A sentence of some words.";
        assertThat(SANDBOX.embed(call("m", -1), texts(text, "Hi")).usage())
                .isEqualTo(Usage.of(Unit.INPUT_TOKENS, COUNTER.count(text) + COUNTER.count("Hi")));
    }

    @Test
    void a_stopped_call_ends() {
        UpstreamCall call = call("m", -1);
        call.stop(UpstreamCall.Stop.CALLER_GONE);
        assertThatThrownBy(() -> SANDBOX.embed(call, texts("Hi"))).isInstanceOf(UpstreamException.class);
    }

    private static List<float[]> vectors(String... texts) throws UpstreamException {
        return SANDBOX.embed(call("bge-base-en", -1), texts(texts)).vectors();
    }

    private static double cosine(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += (double) one[i] * other[i];
        }
        return sum;
    }
}
