package io.synapse.gateway.providers.sandbox;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the keywords of JSON schemas that are held as plain Java values. Stateless. */
final class SchemaReader {
    /** Digits before or after the point beyond which a number is not worth calculating with. */
    private static final int MOST_DIGITS = 400;

    private SchemaReader() {}

    /** The schema that a reference of the same document points to: {@code #}, {@code #/$defs/node}. */
    static Object resolve(Object root, Object reference) throws UnmetSchemaException {
        if (!(reference instanceof String text) || !(text.equals("#") || text.startsWith("#/"))) {
            throw new UnmetSchemaException("the reference " + reference + " does not point into the schema itself");
        }
        Object found = root;
        if (text.length() > 1) {
            for (String part : text.substring(2).split("/", -1)) {
                String key = decode(part);
                Object next = null;
                if (found instanceof Map<?, ?> map) {
                    next = map.get(key);
                } else if (found instanceof List<?> list
                        && key.length() < 6
                        && key.chars().allMatch(Character::isDigit)) {
                    int index = key.isEmpty() ? list.size() : Integer.parseInt(key);
                    next = index < list.size() ? list.get(index) : null;
                }
                if (next == null) {
                    throw new UnmetSchemaException("the reference " + text + " points nowhere");
                }
                found = next;
            }
        }
        return found;
    }

    private static String decode(String part) {
        String plain = part;
        if (part.indexOf('%') >= 0) {
            try {
                plain = URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                plain = part;
            }
        }
        return plain.replace("~1", "/").replace("~0", "~");
    }

    /** A keyword that holds a list; empty where it does not. */
    static List<@Nullable Object> list(Map<?, ?> schema, String keyword) {
        return schema.get(keyword) instanceof List<?> list ? new ArrayList<@Nullable Object>(list) : List.of();
    }

    /** A keyword that holds an object; empty where it does not. */
    static Map<?, ?> map(Map<?, ?> schema, String keyword) {
        return schema.get(keyword) instanceof Map<?, ?> map ? map : Map.of();
    }

    /** A keyword that holds a count, or what holds where it does not. */
    static long count(Map<?, ?> schema, String keyword, long otherwise) throws UnmetSchemaException {
        BigDecimal value = decimal(schema.get(keyword));
        if (value == null) {
            return otherwise;
        }
        return value.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) > 0
                ? Integer.MAX_VALUE
                : Math.max(0, value.longValue());
    }

    /** A number as a decimal; null where the value is no number. */
    static @Nullable BigDecimal decimal(@Nullable Object value) throws UnmetSchemaException {
        return switch (value) {
            case BigDecimal decimal -> within(decimal);
            case BigInteger integer -> within(new BigDecimal(integer));
            case Double real when !Double.isFinite(real) -> throw new UnmetSchemaException("a bound is not finite");
            case Double real -> within(BigDecimal.valueOf(real));
            case Float real when !Float.isFinite(real) -> throw new UnmetSchemaException("a bound is not finite");
            case Float real -> within(new BigDecimal(real.toString()));
            case Number number -> BigDecimal.valueOf(number.longValue());
            case null, default -> null;
        };
    }

    private static BigDecimal within(BigDecimal value) throws UnmetSchemaException {
        if (Math.abs((long) value.scale()) > MOST_DIGITS || value.precision() > MOST_DIGITS) {
            throw new UnmetSchemaException("a bound has too many digits");
        }
        return value;
    }

    /** The lower bound of a number and whether the bound itself is left out, in both of its spellings; null without one. */
    static @Nullable Bound lower(Map<?, ?> schema) throws UnmetSchemaException {
        return bound(schema, "minimum", "exclusiveMinimum", 1);
    }

    /** The upper bound, likewise. */
    static @Nullable Bound upper(Map<?, ?> schema) throws UnmetSchemaException {
        return bound(schema, "maximum", "exclusiveMaximum", -1);
    }

    private static @Nullable Bound bound(Map<?, ?> schema, String inclusive, String exclusive, int sign)
            throws UnmetSchemaException {
        BigDecimal with = decimal(schema.get(inclusive));
        BigDecimal without = decimal(schema.get(exclusive));
        if (with != null && Boolean.TRUE.equals(schema.get(exclusive))) {
            return new Bound(with, true);
        }
        if (with != null && (without == null || with.compareTo(without) * sign > 0)) {
            return new Bound(with, false);
        }
        return without == null ? null : new Bound(without, true);
    }

    /**
     * One end of a range.
     *
     * @param value where it ends
     * @param open whether the end itself is outside
     */
    record Bound(BigDecimal value, boolean open) {}

    /** The name of a JSON value's type: {@code integer} for whole numbers, also when written 1.0. */
    static String typeOf(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case String s -> "string";
            case Boolean b -> "boolean";
            case List<?> l -> "array";
            case Map<?, ?> m -> "object";
            case Double d -> Double.isFinite(d) && d == Math.rint(d) ? "integer" : "number";
            case Float f -> Float.isFinite(f) && f == Math.rint(f) ? "integer" : "number";
            case BigDecimal d -> d.stripTrailingZeros().scale() <= 0 ? "integer" : "number";
            default -> "integer";
        };
    }

    /** Whether two JSON values are the same; 1 and 1.0 are. */
    static boolean same(@Nullable Object one, @Nullable Object other) throws UnmetSchemaException {
        BigDecimal left = decimal(one);
        BigDecimal right = decimal(other);
        if (left != null && right != null) {
            return left.compareTo(right) == 0;
        }
        if (one instanceof List<?> a && other instanceof List<?> b) {
            boolean same = a.size() == b.size();
            for (int i = 0; same && i < a.size(); i++) {
                same = same(a.get(i), b.get(i));
            }
            return same;
        }
        if (one instanceof Map<?, ?> a && other instanceof Map<?, ?> b) {
            boolean same = a.keySet().equals(b.keySet());
            for (Map.Entry<?, ?> entry : a.entrySet()) {
                same = same && same(entry.getValue(), b.get(entry.getKey()));
            }
            return same;
        }
        return one == null ? other == null : one.equals(other);
    }
}
