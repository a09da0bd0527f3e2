package io.synapse.gateway.providers.internal.media;

import io.synapse.gateway.media.EmbeddingRequest;
import io.synapse.gateway.provider.UpstreamException;
import io.synapse.gateway.providers.http.UpstreamErrors;
import io.synapse.gateway.providers.internal.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What adapters of embeddings share where an upstream takes bare texts and answers with bare vectors. */
public final class Vectors {
    private Vectors() {}

    /** A question for the vectors of some texts. */
    @FunctionalInterface
    public interface Question {
        /** Asks; the answer has one vector for each text. */
        List<float[]> ask(List<String> texts) throws UpstreamException;
    }

    /**
     * The texts of a request, for an upstream that takes nothing else.
     *
     * @throws UpstreamException if the request holds tokens
     */
    public static List<String> texts(EmbeddingRequest request, String provider) throws UpstreamException {
        if (!request.tokens().isEmpty()) {
            throw UpstreamErrors.unsupported("input", "'input' must be text: " + provider + " does not take tokens.");
        }
        return request.texts();
    }

    /**
     * Asks for the vectors of any number of texts, at once.
     *
     * @param most how many texts the upstream takes with one question
     * @return one vector for each text, all of one length
     */
    public static List<float[]> ask(List<String> texts, int most, Question question) throws UpstreamException {
        int questions = Math.ceilDiv(texts.size(), most);
        List<List<float[]>> answers = FanOut.of(
                questions, i -> question.ask(texts.subList(i * most, Math.min(texts.size(), (i + 1) * most))));
        List<float[]> vectors = new ArrayList<>(texts.size());
        answers.forEach(vectors::addAll);
        sameLength(vectors);
        return vectors;
    }

    /**
     * The vectors of an answer, checked.
     *
     * @param rows what {@link Json#readNumbers} made of them
     * @param inputs how many there have to be
     */
    public static List<float[]> read(@Nullable Object rows, int inputs) throws UpstreamException {
        List<@Nullable Object> list = Json.asList(rows);
        if (list == null || list.size() != inputs) {
            throw UpstreamErrors.malformed(
                    "answered " + inputs + " inputs with " + (list == null ? "no" : String.valueOf(list.size()))
                            + " vectors",
                    null);
        }
        List<float[]> vectors = new ArrayList<>(inputs);
        for (Object row : list) {
            if (!(row instanceof float[] vector)) {
                throw UpstreamErrors.malformed("answered with something that is no vector for each input", null);
            }
            vectors.add(vector);
        }
        sameLength(vectors);
        return vectors;
    }

    private static void sameLength(List<float[]> vectors) throws UpstreamException {
        for (float[] vector : vectors) {
            if (vector.length != vectors.getFirst().length) {
                throw UpstreamErrors.malformed("answered with vectors of different lengths", null);
            }
        }
    }

    /** What an upstream refuses for no field in particular is its only input. */
    public static UpstreamException atInput(UpstreamException e) {
        return e.kind() == UpstreamException.Kind.REJECTED && (e.param() == null || "messages".equals(e.param()))
                ? new UpstreamException(e.kind(), e.getMessage(), e.retryAfter(), "input", e)
                : e;
    }
}
