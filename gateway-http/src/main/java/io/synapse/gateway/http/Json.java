package io.synapse.gateway.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.util.RawValue;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.fault.InvalidRequestException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON in and out, as plain Java values. Reading is strict, since what is read comes from strangers. */
final class Json {
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
    private static final int DEEPEST = 64;
    private static final int LONGEST_NUMBER = 64;
    private static final int LONGEST_STRING = 40 * 1024 * 1024;

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxNumberLength(LONGEST_NUMBER)
                            .maxStringLength(LONGEST_STRING)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    // Bodies are UTF-8, whatever their first bytes look like.
                    .disable(JsonFactory.Feature.CHARSET_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final ObjectReader OBJECTS = MAPPER.readerFor(new TypeReference<Map<String, @Nullable Object>>() {});

    private Json() {}

    /**
     * Reads an object.
     *
     * @throws InvalidRequestException if the bytes are anything else
     */
    static Map<String, @Nullable Object> object(byte[] bytes) {
        Map<String, @Nullable Object> object;
        try {
            int start = startsWithMark(bytes) ? BYTE_ORDER_MARK.length : 0;
            object = OBJECTS.readValue(bytes, start, bytes.length - start);
        } catch (JsonProcessingException e) {
            throw new InvalidRequestException(
                    null, "The body is not a valid JSON object (" + where(e) + "). Send one, encoded in UTF-8.");
        } catch (IOException e) {
            throw new InvalidRequestException(null, "The body is not valid UTF-8 JSON.");
        }
        if (object == null) {
            throw new InvalidRequestException(null, "The body is JSON null; send an object.");
        }
        return object;
    }

    /** Some editors write one. */
    private static boolean startsWithMark(byte[] bytes) {
        return Arrays.mismatch(bytes, BYTE_ORDER_MARK) == BYTE_ORDER_MARK.length;
    }

    /** Jackson's own words may quote the body; only the place is told. */
    private static String where(JsonProcessingException e) {
        return e.getLocation() == null
                ? "it cannot be parsed"
                : "line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
    }

    static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Appends a value to a buffer. */
    static void write(Object value, ByteArrayOutputStream to) {
        try {
            MAPPER.writeValue(to, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Milliseconds as a JSON number of seconds, in plain decimals. */
    static Object seconds(long millis) {
        return new RawValue(BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString());
    }

    /** An amount as a JSON number, in plain decimals. */
    static Object number(Credits amount) {
        return new RawValue(amount.toString());
    }
}
