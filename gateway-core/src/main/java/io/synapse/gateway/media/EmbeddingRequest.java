package io.synapse.gateway.media;

import io.synapse.gateway.fault.InvalidRequestException;
import io.synapse.gateway.internal.RequestFields;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request to turn texts into vectors, checked. Its body is OpenAI's JSON object as plain Java values; fields that the
 * gateway does not know are kept. Immutable, provided that nobody changes the body's nested values.
 *
 * @param body the whole body
 * @param model the model asked for, or null for the gateway's default
 * @param texts the inputs that are texts; empty where they are tokens
 * @param tokens the inputs that are token numbers; empty where they are texts
 * @param dimensions how long the vectors are to be, or null for the model's own length
 * @param base64 whether the answer's vectors are to be written in base64
 */
public record EmbeddingRequest(
        Map<String, @Nullable Object> body,
        @Nullable String model,
        List<String> texts,
        List<List<Integer>> tokens,
        @Nullable Integer dimensions,
        boolean base64) {
    /** The most inputs of one request. */
    public static final int MOST_INPUTS = 2048;

    private static final int MOST_DIMENSIONS = 16_384;

    /** A request for one text. */
    public static EmbeddingRequest of(String model, String text) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("model", model);
        body.put("input", text);
        return of(body);
    }

    /**
     * Checks a body.
     *
     * @throws InvalidRequestException naming the first field that is missing, ill-typed or out of range
     */
    public static EmbeddingRequest of(Map<String, @Nullable Object> body) {
        RequestFields fields = new RequestFields(body, "");
        String model = fields.model();
        Object input = fields.raw("input");
        List<String> texts = new ArrayList<>();
        List<List<Integer>> tokens = new ArrayList<>();
        if (input instanceof String text) {
            texts.add(text);
        } else if (input instanceof List<?> list) {
            readList(fields, list, texts, tokens);
        } else {
            throw fields.wrong("input", "is required: a string, an array of strings, or token arrays");
        }
        if (texts.stream().anyMatch(String::isEmpty) || tokens.stream().anyMatch(List::isEmpty)) {
            throw fields.wrong("input", "must not hold an empty text");
        }
        Long dimensions = fields.integer("dimensions", 1, MOST_DIMENSIONS);
        String encoding = fields.oneOf("encoding_format", Set.of("float", "base64"));
        fields.string("user", 256);
        fields.providerOptions();
        return new EmbeddingRequest(
                Collections.unmodifiableMap(new LinkedHashMap<>(body)),
                model,
                List.copyOf(texts),
                List.copyOf(tokens),
                dimensions == null ? null : dimensions.intValue(),
                "base64".equals(encoding));
    }

    private static void readList(RequestFields fields, List<?> list, List<String> texts, List<List<Integer>> tokens) {
        if (list.isEmpty() || (list.size() > MOST_INPUTS && !(list.getFirst() instanceof Integer))) {
            throw fields.wrong("input", "must hold 1 to " + MOST_INPUTS + " inputs");
        }
        if (list.getFirst() instanceof Integer) {
            tokens.add(tokenList(fields, list));
            return;
        }
        for (Object item : list) {
            if (item instanceof String text && tokens.isEmpty()) {
                texts.add(text);
            } else if (item instanceof List<?> numbers && texts.isEmpty()) {
                tokens.add(tokenList(fields, numbers));
            } else {
                throw fields.wrong("input", "must hold strings only, or arrays of tokens only");
            }
        }
    }

    private static List<Integer> tokenList(RequestFields fields, List<?> numbers) {
        List<Integer> tokens = new ArrayList<>(numbers.size());
        for (Object number : numbers) {
            if (!(number instanceof Integer token) || token < 0) {
                throw fields.wrong("input", "must hold token numbers, whole and not negative");
            }
            tokens.add(token);
        }
        return tokens;
    }

    /** How many inputs there are. */
    public int size() {
        return texts.size() + tokens.size();
    }

    /** The object {@code providerOptions.<provider>}: fields that the caller wants merged into that upstream's body. */
    public Map<String, @Nullable Object> providerOptions(String provider) {
        return RequestFields.providerOptions(body, provider);
    }
}
