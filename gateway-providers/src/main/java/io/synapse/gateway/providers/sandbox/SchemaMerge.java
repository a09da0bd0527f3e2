package io.synapse.gateway.providers.sandbox;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Puts two JSON schemas into one that asks for what both ask for. Stateless. */
final class SchemaMerge {
    private SchemaMerge() {}

    /**
     * The schema that both describe.
     *
     * @throws UnmetSchemaException if they plainly contradict each other
     */
    static Map<String, @Nullable Object> merge(Map<String, @Nullable Object> one, Map<String, @Nullable Object> other)
            throws UnmetSchemaException {
        Map<String, @Nullable Object> both = new LinkedHashMap<>(one);
        for (Map.Entry<String, @Nullable Object> entry : other.entrySet()) {
            String keyword = entry.getKey();
            if (both.containsKey(keyword)) {
                both.put(keyword, both(keyword, both.get(keyword), entry.getValue()));
            } else {
                both.put(keyword, entry.getValue());
            }
        }
        shut(one, other, both);
        shut(other, one, both);
        return both;
    }

    /** A schema that admits no other properties than its own forbids those of the schema it is merged with. */
    private static void shut(Map<String, ?> strict, Map<String, ?> other, Map<String, @Nullable Object> both) {
        if (!Boolean.FALSE.equals(strict.get("additionalProperties"))
                || strict.containsKey("patternProperties")
                || !other.containsKey("properties")) {
            return;
        }
        Map<String, @Nullable Object> properties = copy(SchemaReader.map(both, "properties"));
        for (Object name : SchemaReader.map(other, "properties").keySet()) {
            if (!SchemaReader.map(strict, "properties").containsKey(name)) {
                properties.put(String.valueOf(name), false);
            }
        }
        both.put("properties", properties);
    }

    private static @Nullable Object both(String keyword, @Nullable Object one, @Nullable Object other)
            throws UnmetSchemaException {
        return switch (keyword) {
            case "type" -> types(one, other);
            case "enum" -> common(asList(one), asList(other));
            case "const" -> {
                if (!SchemaReader.same(one, other)) {
                    throw new UnmetSchemaException("it asks for two constants at once");
                }
                yield one;
            }
            case "required" -> union(asList(one), asList(other));
            case "properties", "patternProperties", "dependentRequired" -> entries(one, other);
            case "items", "additionalProperties", "additionalItems", "contains", "propertyNames" -> schemas(one, other);
            case "prefixItems" -> asList(one).size() >= asList(other).size() ? one : other;
            case "minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains" ->
                larger(one, other, 1);
            case "maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains" ->
                larger(one, other, -1);
            case "not" -> {
                Map<String, @Nullable Object> neither = new LinkedHashMap<>();
                neither.put("anyOf", listOf(one, other));
                yield neither;
            }
            case "uniqueItems" -> Boolean.TRUE.equals(one) ? one : other;
            case "multipleOf" -> product(one, other);
            // What remains describes (title, description, default) or is best effort (pattern, format).
            default -> one;
        };
    }

    private static Object types(@Nullable Object one, @Nullable Object other) throws UnmetSchemaException {
        List<@Nullable Object> left = asList(one);
        List<@Nullable Object> right = asList(other);
        List<@Nullable Object> common = new ArrayList<>();
        for (Object type : left) {
            if (right.contains(type) || ("integer".equals(type) && right.contains("number"))) {
                common.add(type);
            } else if ("number".equals(type) && right.contains("integer")) {
                common.add("integer");
            }
        }
        if (common.isEmpty()) {
            throw new UnmetSchemaException("it asks for the types " + left + " and " + right + " at once");
        }
        return common;
    }

    private static List<@Nullable Object> common(List<@Nullable Object> one, List<@Nullable Object> other)
            throws UnmetSchemaException {
        List<@Nullable Object> common = new ArrayList<>();
        for (Object value : one) {
            for (Object candidate : other) {
                if (SchemaReader.same(value, candidate)) {
                    common.add(value);
                    break;
                }
            }
        }
        if (common.isEmpty()) {
            throw new UnmetSchemaException("it asks for values of two lists that share none");
        }
        return common;
    }

    private static List<@Nullable Object> union(List<@Nullable Object> one, List<@Nullable Object> other) {
        List<@Nullable Object> union = new ArrayList<>(one);
        for (Object value : other) {
            if (!union.contains(value)) {
                union.add(value);
            }
        }
        return union;
    }

    private static @Nullable Object entries(@Nullable Object one, @Nullable Object other) {
        if (!(one instanceof Map<?, ?> left) || !(other instanceof Map<?, ?> right)) {
            return one instanceof Map ? one : other;
        }
        Map<String, @Nullable Object> all = copy(left);
        right.forEach((name, value) -> {
            String key = String.valueOf(name);
            Object known = all.get(key);
            all.put(
                    key,
                    known == null
                            ? value
                            : known instanceof List ? union(asList(known), asList(value)) : schemas(known, value));
        });
        return all;
    }

    private static @Nullable Object schemas(@Nullable Object one, @Nullable Object other) {
        if (Boolean.FALSE.equals(one) || Boolean.FALSE.equals(other)) {
            return false;
        }
        if (!(one instanceof Map) || Objects.equals(one, other)) {
            return other;
        }
        return other instanceof Map ? Map.of("allOf", List.of(one, other)) : one;
    }

    private static @Nullable Object larger(@Nullable Object one, @Nullable Object other, int sign)
            throws UnmetSchemaException {
        BigDecimal left = SchemaReader.decimal(one);
        BigDecimal right = SchemaReader.decimal(other);
        if (left == null || right == null) {
            // Booleans are the older spelling of an exclusive bound.
            return left == null && !Boolean.TRUE.equals(one) ? other : one;
        }
        return left.compareTo(right) * sign >= 0 ? one : other;
    }

    private static @Nullable Object product(@Nullable Object one, @Nullable Object other) throws UnmetSchemaException {
        BigDecimal left = SchemaReader.decimal(one);
        BigDecimal right = SchemaReader.decimal(other);
        if (left == null || right == null || left.compareTo(right) == 0) {
            return left == null ? other : one;
        }
        return left.multiply(right);
    }

    static List<@Nullable Object> asList(@Nullable Object value) {
        return value instanceof List<?> list ? new ArrayList<@Nullable Object>(list) : listOf(value);
    }

    /** A copy whose keys are strings. */
    static Map<String, @Nullable Object> copy(Map<?, ?> map) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), value));
        return copy;
    }

    private static List<@Nullable Object> listOf(@Nullable Object... values) {
        List<@Nullable Object> list = new ArrayList<>();
        for (Object value : values) {
            list.add(value);
        }
        return list;
    }
}
