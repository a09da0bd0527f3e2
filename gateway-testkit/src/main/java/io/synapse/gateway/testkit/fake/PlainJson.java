package io.synapse.gateway.testkit.fake;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes JSON as plain Java values, for tests; small instead of fast, and strict. Whole numbers are
 * {@code Integer}, {@code Long} or {@code BigInteger}, others {@code BigDecimal}.
 */
public final class PlainJson {
    private final String text;
    private int position;

    private PlainJson(String text) {
        this.text = text;
    }

    /** Reads a value. */
    public static @Nullable Object read(String json) {
        PlainJson reader = new PlainJson(json);
        Object value = reader.value();
        reader.blanks();
        if (reader.position < json.length()) {
            throw reader.wrong("the end");
        }
        return value;
    }

    /** Reads an object. */
    @SuppressWarnings("unchecked")
    public static Map<String, @Nullable Object> object(String json) {
        if (read(json) instanceof Map<?, ?> map) {
            return (Map<String, @Nullable Object>) map;
        }
        throw new IllegalArgumentException("not a JSON object: " + json);
    }

    /** Writes a value. */
    public static String write(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        write(out, value);
        return out.toString();
    }

    private static void write(StringBuilder out, @Nullable Object value) {
        switch (value) {
            case Map<?, ?> map -> {
                String separator = "{";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.append(separator);
                    quote(out, String.valueOf(entry.getKey()));
                    write(out.append(':'), entry.getValue());
                    separator = ",";
                }
                out.append(map.isEmpty() ? "{}" : "}");
            }
            case List<?> list -> {
                String separator = "[";
                for (Object each : list) {
                    write(out.append(separator), each);
                    separator = ",";
                }
                out.append(list.isEmpty() ? "[]" : "]");
            }
            case String string -> quote(out, string);
            case null, default -> out.append(value);
        }
    }

    private static void quote(StringBuilder out, String string) {
        out.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private @Nullable Object value() {
        blanks();
        return switch (peek()) {
            case '{' -> map();
            case '[' -> list();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, @Nullable Object> map() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        take('{');
        blanks();
        while (peek() != '}') {
            blanks();
            String name = string();
            blanks();
            take(':');
            map.put(name, value());
            blanks();
            if (peek() != '}') {
                take(',');
            }
        }
        take('}');
        return map;
    }

    private List<@Nullable Object> list() {
        List<@Nullable Object> list = new ArrayList<>();
        take('[');
        blanks();
        while (peek() != ']') {
            list.add(value());
            blanks();
            if (peek() != ']') {
                take(',');
            }
        }
        take(']');
        return list;
    }

    private String string() {
        take('"');
        StringBuilder string = new StringBuilder();
        while (peek() != '"') {
            char c = next();
            if (c != '\\') {
                string.append(c);
                continue;
            }
            char escaped = next();
            switch (escaped) {
                case 'n' -> string.append('\n');
                case 't' -> string.append('\t');
                case 'r' -> string.append('\r');
                case 'b' -> string.append('\b');
                case 'f' -> string.append('\f');
                case 'u' -> {
                    string.append((char) Integer.parseInt(text.substring(position, position + 4), 16));
                    position += 4;
                }
                default -> string.append(escaped);
            }
        }
        take('"');
        return string.toString();
    }

    private Number number() {
        int start = position;
        while (position < text.length() && "+-.eE0123456789".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
        String digits = text.substring(start, position);
        try {
            if (!digits.matches("-?[0-9]+")) {
                return new BigDecimal(digits);
            }
            BigInteger whole = new BigInteger(digits);
            if (whole.bitLength() < 32) {
                return whole.intValueExact();
            }
            return whole.bitLength() < 64 ? (Number) whole.longValueExact() : whole;
        } catch (NumberFormatException e) {
            throw wrong("a value");
        }
    }

    private @Nullable Object word(String word, @Nullable Object value) {
        if (!text.startsWith(word, position)) {
            throw wrong(word);
        }
        position += word.length();
        return value;
    }

    private void blanks() {
        while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
    }

    private char peek() {
        if (position >= text.length()) {
            throw wrong("more");
        }
        return text.charAt(position);
    }

    private char next() {
        char c = peek();
        position++;
        return c;
    }

    private void take(char expected) {
        if (next() != expected) {
            throw wrong("'" + expected + "'");
        }
    }

    private IllegalArgumentException wrong(String expected) {
        return new IllegalArgumentException("not JSON: expected " + expected + " at " + position + " of " + text);
    }
}
