package io.synapse.gateway.providers.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes JSON as plain Java values: {@code LinkedHashMap}, {@code ArrayList}, {@code String}, {@code Boolean},
 * {@code null}, and for numbers {@code Integer}, {@code Long}, {@code BigInteger} or {@code BigDecimal}, so that a number
 * is written with the value it was read with. What is read can be changed by its reader. Of a key that stands twice in an
 * object the last value counts. Safe for use by many threads.
 */
public final class Json {
    /** How deeply objects and arrays may be nested. */
    public static final int MOST_DEPTH = 100;

    private static final int MOST_DIGITS = 100;

    /** Stands for every key; no upstream has one of that name. */
    private static final String EVERY = "\u0000";

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MOST_DEPTH)
                    .maxNumberLength(MOST_DIGITS)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(10_000)
                    .build())
            .streamWriteConstraints(
                    StreamWriteConstraints.builder().maxNestingDepth(1_000).build())
            // Threads are virtual and short-lived here: buffers kept by thread would never be used again.
            .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private Json() {}

    /** Reads one value. */
    public static @Nullable Object read(byte[] json) throws MalformedJsonException {
        return read(json, 0, json.length);
    }

    /** Reads one value from a part of an array. */
    public static @Nullable Object read(byte[] json, int offset, int length) throws MalformedJsonException {
        return read(json, offset, length, null);
    }

    /**
     * Reads an object in which every array that is the value of a certain key becomes a {@code float[]}: as a
     * list of decimals an answer full of vectors would take many times the memory. Such an array that holds anything but
     * finite numbers is malformed.
     *
     * @param vectors the key
     */
    public static Map<String, @Nullable Object> readVectors(byte[] json, String vectors) throws MalformedJsonException {
        return objectOf(read(json, 0, json.length, vectors));
    }

    /**
     * Reads a value in which every array that begins with a number becomes a {@code float[]}, for the same reason. Such an
     * array that holds anything but finite numbers is malformed.
     */
    public static @Nullable Object readNumbers(byte[] json) throws MalformedJsonException {
        return read(json, 0, json.length, EVERY);
    }

    private static @Nullable Object read(byte[] json, int offset, int length, @Nullable String vectors)
            throws MalformedJsonException {
        try (JsonParser parser = FACTORY.createParser(json, offset, length)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new MalformedJsonException("no JSON at all");
            }
            Object value = value(parser, first, vectors);
            if (parser.nextToken() != null) {
                throw new MalformedJsonException("something follows the JSON");
            }
            return value;
        } catch (JsonProcessingException e) {
            // Not as the cause: its message quotes what it found, and that can be anybody's words.
            throw new MalformedJsonException("not JSON (at byte "
                    + Math.max(0, e.getLocation() == null ? 0 : e.getLocation().getByteOffset()) + ")");
        } catch (IOException e) {
            throw new MalformedJsonException("not UTF-8");
        }
    }

    /** Reads an object from a part of an array; anything else is malformed. */
    public static Map<String, @Nullable Object> readObject(byte[] json, int offset, int length)
            throws MalformedJsonException {
        return objectOf(read(json, offset, length));
    }

    private static Map<String, @Nullable Object> objectOf(@Nullable Object value) throws MalformedJsonException {
        Map<String, @Nullable Object> object = asObject(value);
        if (object == null) {
            throw new MalformedJsonException("JSON, but not an object");
        }
        return object;
    }

    /** The value as an object, or null if it is something else. */
    @SuppressWarnings("unchecked")
    public static @Nullable Map<String, @Nullable Object> asObject(@Nullable Object value) {
        return value instanceof Map ? (Map<String, @Nullable Object>) value : null;
    }

    /** The value as an array, or null if it is something else. */
    @SuppressWarnings("unchecked")
    public static @Nullable List<@Nullable Object> asList(@Nullable Object value) {
        return value instanceof List ? (List<@Nullable Object>) value : null;
    }

    /**
     * Writes a value as UTF-8. Half of a surrogate pair, as streamed text can hold, is escaped and survives.
     *
     * @throws IllegalArgumentException if it holds something that JSON does not know
     */
    public static byte[] write(@Nullable Object value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        try (JsonGenerator generator = FACTORY.createGenerator(out)) {
            write(generator, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static @Nullable Object value(JsonParser parser, @Nullable JsonToken token, @Nullable String vectors)
            throws IOException {
        return switch (token) {
            case START_OBJECT -> object(parser, vectors);
            case START_ARRAY -> array(parser, vectors);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getNumberValue();
            // Not a double: 0.10 must not become 0.1, nor lose digits.
            case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case null, default -> null;
        };
    }

    private static Map<String, @Nullable Object> object(JsonParser parser, @Nullable String vectors)
            throws IOException {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken token = parser.nextToken();
            boolean vector = token == JsonToken.START_ARRAY && name.equals(vectors);
            object.put(name, vector ? vector(parser, parser.nextToken()) : value(parser, token, vectors));
        }
        return object;
    }

    private static Object array(JsonParser parser, @Nullable String vectors) throws IOException {
        JsonToken first = parser.nextToken();
        if (EVERY.equals(vectors) && first != null && first.isNumeric()) {
            return vector(parser, first);
        }
        List<@Nullable Object> array = new ArrayList<>(4);
        for (JsonToken token = first; token != JsonToken.END_ARRAY && token != null; token = parser.nextToken()) {
            array.add(value(parser, token, vectors));
        }
        return array;
    }

    private static float[] vector(JsonParser parser, @Nullable JsonToken first) throws IOException {
        float[] vector = new float[512];
        int length = 0;
        for (JsonToken token = first; token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            float number = token != null && token.isNumeric() ? parser.getFloatValue() : Float.NaN;
            if (!Float.isFinite(number)) {
                throw new JsonParseException(parser, "not a finite number");
            }
            if (length == vector.length) {
                vector = Arrays.copyOf(vector, 2 * length);
            }
            vector[length] = number;
            length++;
        }
        return Arrays.copyOf(vector, length);
    }

    private static void write(JsonGenerator out, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> out.writeNull();
            case CharSequence text -> out.writeString(text.toString());
            case Boolean truth -> out.writeBoolean(truth);
            case Integer number -> out.writeNumber(number);
            case Long number -> out.writeNumber(number);
            case BigInteger number -> out.writeNumber(number);
            case BigDecimal number -> out.writeNumber(number);
            case Number number -> writeDouble(out, number);
            case Map<?, ?> map -> {
                out.writeStartObject();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.writeFieldName(String.valueOf(entry.getKey()));
                    write(out, entry.getValue());
                }
                out.writeEndObject();
            }
            case Iterable<?> values -> {
                out.writeStartArray();
                for (Object each : values) {
                    write(out, each);
                }
                out.writeEndArray();
            }
            default ->
                throw new IllegalArgumentException(
                        "not a JSON value: " + value.getClass().getName());
        }
    }

    private static void writeDouble(JsonGenerator out, Number number) throws IOException {
        double value = number.doubleValue();
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("JSON has no " + value);
        }
        if (number instanceof Double || number instanceof Float) {
            out.writeNumber(new BigDecimal(number.toString()));
        } else {
            out.writeNumber(number.longValue());
        }
    }
}
