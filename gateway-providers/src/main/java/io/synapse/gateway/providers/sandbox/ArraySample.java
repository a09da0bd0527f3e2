package io.synapse.gateway.providers.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the arrays of a {@link SchemaSample}: one or two items where there is room, else as few as must be.
 *
 * @param whole what makes the items
 */
record ArraySample(SchemaSample whole) {
    private static final long MOST_ITEMS = 1_000;
    private static final long USUAL_ITEMS = 2;
    private static final int TRIES = 40;

    List<@Nullable Object> of(Map<String, @Nullable Object> schema, String name, int depth, int salt)
            throws UnmetSchemaException {
        List<@Nullable Object> first = first(schema);
        Object rest = rest(schema);
        long least = SchemaReader.count(schema, "minItems", 0);
        long most = SchemaReader.count(schema, "maxItems", Integer.MAX_VALUE);
        long containing = schema.get("contains") == null ? 0 : SchemaReader.count(schema, "minContains", 1);
        if (Math.max(least, containing) > Math.min(MOST_ITEMS, most)) {
            throw new UnmetSchemaException("it asks for more items than can be");
        }
        long usual = whole.roomy(depth) ? Math.max(USUAL_ITEMS, first.size()) : first.size();
        long size = Math.min(most, Math.max(Math.max(least, containing), usual));
        boolean unique = Boolean.TRUE.equals(schema.get("uniqueItems"));
        List<@Nullable Object> items = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            Object item = i < first.size() ? first.get(i) : i - first.size() < containing ? both(schema, rest) : rest;
            try {
                items.add(item(item == null ? true : item, unique ? items : List.of(), name, depth, salt + i));
            } catch (UnmetSchemaException e) {
                if (i < Math.max(least, containing)) {
                    throw e;
                }
                break;
            }
        }
        return items;
    }

    private @Nullable Object item(Object schema, List<@Nullable Object> others, String name, int depth, int salt)
            throws UnmetSchemaException {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            Object item = whole.value(schema, name, depth + 1, salt + attempt);
            if (!contains(others, item)) {
                return item;
            }
        }
        throw new UnmetSchemaException("it asks for more different items than the sandbox finds");
    }

    private static boolean contains(List<@Nullable Object> items, @Nullable Object item) throws UnmetSchemaException {
        for (Object other : items) {
            if (SchemaReader.same(other, item)) {
                return true;
            }
        }
        return false;
    }

    private static List<@Nullable Object> first(Map<String, @Nullable Object> schema) {
        // Before 2020 "items" itself was the list of the first ones.
        return SchemaReader.list(schema, schema.get("items") instanceof List ? "items" : "prefixItems");
    }

    private static Object rest(Map<String, @Nullable Object> schema) {
        Object rest = schema.get(schema.get("items") instanceof List ? "additionalItems" : "items");
        return rest == null ? true : rest;
    }

    private static Object both(Map<String, @Nullable Object> schema, Object rest) {
        Object contained = schema.get("contains");
        if (contained == null || Boolean.TRUE.equals(contained)) {
            return rest;
        }
        return Boolean.TRUE.equals(rest) ? contained : Map.of("allOf", List.of(rest, contained));
    }
}
