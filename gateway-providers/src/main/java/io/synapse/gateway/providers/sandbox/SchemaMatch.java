package io.synapse.gateway.providers.sandbox;

import io.synapse.gateway.providers.sandbox.SchemaReader.Bound;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a value meets a schema, to pick among candidates; patterns and formats are taken on trust. For one thread,
 * and for so many questions as a schema of sensible size needs.
 */
final class SchemaMatch {
    private static final int MOST_DEPTH = 200;
    private static final int MOST_STEPS = 200_000;

    private final Object root;
    private int steps;

    /** @param root the schema that references point into */
    SchemaMatch(Object root) {
        this.root = root;
    }

    boolean matches(@Nullable Object schema, @Nullable Object value) throws UnmetSchemaException {
        return matches(schema, value, 0);
    }

    private boolean matches(@Nullable Object schema, @Nullable Object value, int depth) throws UnmetSchemaException {
        if (++steps > MOST_STEPS || depth > MOST_DEPTH) {
            throw new UnmetSchemaException("it leads too far for the sandbox");
        }
        if (!(schema instanceof Map<?, ?> map)) {
            return !Boolean.FALSE.equals(schema);
        }
        return ofType(map, value)
                && listed(map, value)
                && combined(map, value, depth)
                && switch (value) {
                    case String text -> fits(map, text);
                    case Number number -> fits(map, number);
                    case List<?> items -> fits(map, items, depth);
                    case Map<?, ?> object -> fits(map, object, depth);
                    case null, default -> true;
                };
    }

    private static boolean ofType(Map<?, ?> schema, @Nullable Object value) {
        if (schema.get("type") == null) {
            return true;
        }
        List<@Nullable Object> types = SchemaMerge.asList(schema.get("type"));
        String type = SchemaReader.typeOf(value);
        return types.contains(type) || (type.equals("integer") && types.contains("number"));
    }

    private static boolean listed(Map<?, ?> schema, @Nullable Object value) throws UnmetSchemaException {
        if (schema.containsKey("const") && !SchemaReader.same(schema.get("const"), value)) {
            return false;
        }
        if (!(schema.get("enum") instanceof List<?> allowed)) {
            return true;
        }
        for (Object one : allowed) {
            if (SchemaReader.same(one, value)) {
                return true;
            }
        }
        return false;
    }

    private boolean combined(Map<?, ?> schema, @Nullable Object value, int depth) throws UnmetSchemaException {
        if (schema.get("$ref") != null && !matches(SchemaReader.resolve(root, schema.get("$ref")), value, depth + 1)) {
            return false;
        }
        List<@Nullable Object> all = SchemaReader.list(schema, "allOf");
        List<@Nullable Object> any = SchemaReader.list(schema, "anyOf");
        List<@Nullable Object> one = SchemaReader.list(schema, "oneOf");
        if (count(all, value, depth) < all.size()
                || (!any.isEmpty() && count(any, value, depth) == 0)
                || (!one.isEmpty() && count(one, value, depth) != 1)
                || (schema.get("not") != null && matches(schema.get("not"), value, depth + 1))) {
            return false;
        }
        if (schema.get("if") == null) {
            return true;
        }
        Object so = schema.get(matches(schema.get("if"), value, depth + 1) ? "then" : "else");
        return so == null || matches(so, value, depth + 1);
    }

    private int count(List<@Nullable Object> schemas, @Nullable Object value, int depth) throws UnmetSchemaException {
        int count = 0;
        for (Object schema : schemas) {
            count += matches(schema, value, depth + 1) ? 1 : 0;
        }
        return count;
    }

    private static boolean fits(Map<?, ?> schema, String text) throws UnmetSchemaException {
        int length = text.codePointCount(0, text.length());
        return within(schema, "minLength", "maxLength", length);
    }

    private static boolean fits(Map<?, ?> schema, Number number) throws UnmetSchemaException {
        BigDecimal value = SchemaReader.decimal(number);
        Bound lower = SchemaReader.lower(schema);
        Bound upper = SchemaReader.upper(schema);
        BigDecimal step = SchemaReader.decimal(schema.get("multipleOf"));
        return value == null
                || ((lower == null || value.compareTo(lower.value()) >= (lower.open() ? 1 : 0))
                        && (upper == null || value.compareTo(upper.value()) <= (upper.open() ? -1 : 0))
                        && (step == null
                                || step.signum() <= 0
                                || value.remainder(step).signum() == 0));
    }

    private boolean fits(Map<?, ?> schema, List<?> items, int depth) throws UnmetSchemaException {
        if (!within(schema, "minItems", "maxItems", items.size())) {
            return false;
        }
        boolean older = schema.get("items") instanceof List;
        List<@Nullable Object> first = SchemaReader.list(schema, older ? "items" : "prefixItems");
        Object rest = schema.get(older ? "additionalItems" : "items");
        for (int i = 0; i < items.size(); i++) {
            Object due = i < first.size() ? first.get(i) : rest;
            if (due != null && !matches(due, items.get(i), depth + 1)) {
                return false;
            }
        }
        return true;
    }

    private boolean fits(Map<?, ?> schema, Map<?, ?> object, int depth) throws UnmetSchemaException {
        for (Object name : SchemaReader.list(schema, "required")) {
            if (!object.containsKey(name)) {
                return false;
            }
        }
        Map<?, ?> properties = SchemaReader.map(schema, "properties");
        boolean patterned = schema.containsKey("patternProperties");
        Object others = schema.get("additionalProperties");
        for (Map.Entry<?, ?> entry : object.entrySet()) {
            Object due =
                    properties.containsKey(entry.getKey()) ? properties.get(entry.getKey()) : patterned ? null : others;
            if (due != null && !matches(due, entry.getValue(), depth + 1)) {
                return false;
            }
        }
        return within(schema, "minProperties", "maxProperties", object.size());
    }

    private static boolean within(Map<?, ?> schema, String least, String most, int size) throws UnmetSchemaException {
        return size >= SchemaReader.count(schema, least, 0)
                && size <= SchemaReader.count(schema, most, Integer.MAX_VALUE);
    }
}
