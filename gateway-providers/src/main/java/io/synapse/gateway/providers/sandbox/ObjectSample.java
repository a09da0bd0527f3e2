package io.synapse.gateway.providers.sandbox;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the objects of a {@link SchemaSample}: all properties where there is room, else those that must be there.
 *
 * @param whole what makes the values of the properties
 */
record ObjectSample(SchemaSample whole) {
    private static final long MOST_PROPERTIES = 1_000;

    Map<String, @Nullable Object> of(Map<String, @Nullable Object> schema, int depth, int salt)
            throws UnmetSchemaException {
        Map<?, ?> properties = SchemaReader.map(schema, "properties");
        Set<String> required = required(schema);
        long least = SchemaReader.count(schema, "minProperties", 0);
        long most = SchemaReader.count(schema, "maxProperties", Integer.MAX_VALUE);
        if (least > MOST_PROPERTIES || required.size() > most || least > most) {
            throw new UnmetSchemaException("it asks for more properties than can be");
        }
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (Map.Entry<?, ?> property : properties.entrySet()) {
            String name = String.valueOf(property.getKey());
            boolean due = required.remove(name);
            long promised = (long) object.size() + required.size();
            if (due) {
                object.put(name, whole.value(child(property.getValue()), name, depth + 1, salt));
            } else if (promised < most && (whole.roomy(depth) || promised < least)) {
                optional(object, name, child(property.getValue()), depth, salt);
            }
        }
        for (String name : required) {
            object.put(name, whole.value(other(schema, name), name, depth + 1, salt));
        }
        for (int i = 1; object.size() < least; i++) {
            String name = "sandbox" + i;
            if (!object.containsKey(name)) {
                object.put(name, whole.value(other(schema, name), name, depth + 1, salt));
            }
        }
        if (object.isEmpty()
                && most > 0
                && whole.roomy(depth)
                && schema.get("additionalProperties") instanceof Map<?, ?> map) {
            optional(object, "sandbox", map, depth, salt);
        }
        return object;
    }

    private void optional(Map<String, @Nullable Object> object, String name, Object schema, int depth, int salt) {
        try {
            object.put(name, whole.value(schema, name, depth + 1, salt));
        } catch (UnmetSchemaException e) {
            // A property that cannot be and need not be is left out.
            object.remove(name);
        }
    }

    /** The names that must be there, in order, those that others bring with them too. */
    private static Set<String> required(Map<String, @Nullable Object> schema) {
        Set<String> required = new LinkedHashSet<>();
        SchemaReader.list(schema, "required").forEach(name -> required.add(String.valueOf(name)));
        // A property can be there only if what depends on it is; to be sure, all of that always is.
        List<String> dependent = new ArrayList<>();
        SchemaReader.map(schema, "dependentRequired").values().forEach(names -> {
            if (names instanceof List<?> list) {
                list.forEach(name -> dependent.add(String.valueOf(name)));
            }
        });
        required.addAll(dependent);
        return required;
    }

    /** The schema of a property that is not listed. */
    private static Object other(Map<String, @Nullable Object> schema, String name) throws UnmetSchemaException {
        for (Map.Entry<?, ?> entry :
                SchemaReader.map(schema, "patternProperties").entrySet()) {
            // Without running the caller's pattern there is no telling; a value of the first is the best guess.
            return child(entry.getValue());
        }
        Object others = schema.get("additionalProperties");
        if (Boolean.FALSE.equals(others)) {
            throw new UnmetSchemaException("it requires the property '" + name + "' that it does not admit");
        }
        return others instanceof Map ? others : true;
    }

    private static Object child(@Nullable Object schema) throws UnmetSchemaException {
        if (schema == null) {
            throw new UnmetSchemaException("a property of it has null for a schema");
        }
        return schema;
    }
}
