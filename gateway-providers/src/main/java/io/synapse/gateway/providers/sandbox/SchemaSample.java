package io.synapse.gateway.providers.sandbox;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a value that a JSON schema allows: the same value for the same schema and variation. References within the
 * schema, recursive ones too, combinations ({@code allOf}, {@code anyOf}, {@code oneOf}, {@code not}, {@code if}) and the
 * usual bounds are obeyed; {@code pattern} and {@code format} as far as {@link StringSample} knows them. For one value
 * and one thread.
 */
final class SchemaSample {
    /** Down to this depth and size optional parts are filled in; beyond, only what must be there. */
    private static final int ROOMY_DEPTH = 4;

    private static final int ROOMY_NODES = 200;
    private static final int MOST_DEPTH = 48;
    private static final int MOST_NODES = 20_000;
    private static final int MOST_STEPS = 100_000;
    private static final int MOST_REFERENCES = 64;
    private static final int MOST_TURNS = 12;
    private static final List<String> ANY_TYPE = List.of("string", "integer", "boolean", "object", "array", "null");

    private final Object root;
    private final int variation;
    private final SchemaMatch match;
    private int nodes;
    private int steps;

    /** What the last call of {@link #plain} met: the most branches of a choice, and whether a value needs checking. */
    private int branches;

    private boolean choosy;

    private SchemaSample(Object root, int variation) {
        this.root = root;
        this.variation = variation;
        this.match = new SchemaMatch(root);
    }

    /**
     * Makes a value.
     *
     * @param schema the schema, an object or a boolean
     * @param variation which of the possible values; not negative
     * @throws UnmetSchemaException if no value is found
     */
    static @Nullable Object of(Object schema, int variation) throws UnmetSchemaException {
        return new SchemaSample(schema, variation).value(schema, "value", 0, variation);
    }

    @Nullable
    Object value(Object schema, String name, int depth, int salt) throws UnmetSchemaException {
        if (++nodes > MOST_NODES || depth > MOST_DEPTH) {
            throw tooMuch();
        }
        UnmetSchemaException last = null;
        int turns = 1;
        for (int turn = 0; turn < turns; turn++) {
            try {
                branches = 1;
                choosy = false;
                Map<String, @Nullable Object> plain = plain(schema, turn, depth, 0);
                boolean check = choosy;
                turns = Math.max(turns, Math.min(MOST_TURNS, check ? MOST_TURNS : branches));
                Object value = make(plain, name, depth, salt + step(turn));
                if (!check || match.matches(schema, value)) {
                    return value;
                }
                last = new UnmetSchemaException("its branches overlap in a way that the sandbox does not untangle");
            } catch (UnmetSchemaException e) {
                turns = Math.max(turns, Math.min(MOST_TURNS, branches));
                last = e;
            }
        }
        throw last == null ? new UnmetSchemaException("it allows no value") : last;
    }

    /** The schema without references and combinations, of which one branch each is taken. */
    private Map<String, @Nullable Object> plain(Object schema, int turn, int depth, int references)
            throws UnmetSchemaException {
        if (++steps > MOST_STEPS) {
            throw tooMuch();
        }
        if (Boolean.TRUE.equals(schema)) {
            return Map.of();
        }
        if (!(schema instanceof Map<?, ?> map) || references > MOST_REFERENCES) {
            throw new UnmetSchemaException(
                    Boolean.FALSE.equals(schema) ? "a part of it allows no value" : "a part of it is no schema");
        }
        Map<String, @Nullable Object> plain = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            switch (String.valueOf(key)) {
                case "$ref", "allOf", "anyOf", "oneOf", "if", "then", "else", "$defs", "definitions" -> {}
                default -> plain.put(String.valueOf(key), value);
            }
        });
        Map<String, @Nullable Object> whole = plain;
        if (map.get("$ref") != null) {
            Object target = SchemaReader.resolve(root, map.get("$ref"));
            whole = SchemaMerge.merge(whole, plain(target, turn, depth, references + 1));
        }
        for (Object part : SchemaReader.list(map, "allOf")) {
            whole = SchemaMerge.merge(whole, plain(schemaOf(part), turn, depth, references + 1));
        }
        whole = oneBranch(whole, SchemaReader.list(map, "anyOf"), turn, depth, references);
        whole = oneBranch(whole, SchemaReader.list(map, "oneOf"), turn, depth, references);
        choosy |= map.containsKey("oneOf") || map.containsKey("not") || map.containsKey("if");
        if (map.get("if") != null) {
            whole = condition(whole, map, turn, depth, references);
        }
        return whole;
    }

    private Map<String, @Nullable Object> oneBranch(
            Map<String, @Nullable Object> whole, List<@Nullable Object> choices, int turn, int depth, int references)
            throws UnmetSchemaException {
        if (choices.isEmpty()) {
            return whole;
        }
        List<@Nullable Object> ordered = choices;
        int first = turn;
        if (depth >= ROOMY_DEPTH || nodes > ROOMY_NODES) {
            ordered = new ArrayList<>(choices);
            ordered.sort(Comparator.comparingInt(SchemaSample::weight));
        } else {
            first += variation;
        }
        branches = Math.max(branches, ordered.size());
        UnmetSchemaException last = null;
        for (int i = 0; i < ordered.size(); i++) {
            Object branch = schemaOf(ordered.get((first + i) % ordered.size()));
            try {
                return SchemaMerge.merge(whole, plain(branch, turn, depth, references + 1));
            } catch (UnmetSchemaException e) {
                last = e;
            }
        }
        throw last == null ? new UnmetSchemaException("none of its branches allows a value") : last;
    }

    private Map<String, @Nullable Object> condition(
            Map<String, @Nullable Object> whole, Map<?, ?> map, int turn, int depth, int references)
            throws UnmetSchemaException {
        // Even turns meet the condition and its consequence; odd ones hope to miss it and take the alternative.
        branches = Math.max(branches, 2);
        Map<String, @Nullable Object> so = whole;
        if (turn % 2 == 0) {
            so = SchemaMerge.merge(so, plain(schemaOf(map.get("if")), turn, depth, references + 1));
        }
        Object consequence = map.get(turn % 2 == 0 ? "then" : "else");
        return consequence == null ? so : SchemaMerge.merge(so, plain(consequence, turn, depth, references + 1));
    }

    /** How likely a branch is to go on for long: values end at once, objects and references may not. */
    private static int weight(@Nullable Object schema) {
        if (!(schema instanceof Map<?, ?> map)) {
            return 0;
        }
        if (map.containsKey("const") || map.containsKey("enum") || "null".equals(map.get("type"))) {
            return 0;
        }
        if (map.containsKey("$ref") || map.containsKey("allOf")) {
            return 4;
        }
        return switch (String.valueOf(map.get("type"))) {
            case "string", "number", "integer", "boolean" -> 1;
            case "array" -> 2;
            default -> 3;
        };
    }

    /** Neighbours first, then farther and farther away: branches that overlap here may not do so there. */
    private static int step(int turn) {
        int step = turn;
        for (int i = 4; i < turn; i++) {
            step *= 5;
        }
        return step;
    }

    private static UnmetSchemaException tooMuch() {
        return new UnmetSchemaException("it has no value that is small enough for the sandbox to make");
    }

    private static Object schemaOf(@Nullable Object part) throws UnmetSchemaException {
        if (part == null) {
            throw new UnmetSchemaException("a part of it is null where a schema is due");
        }
        return part;
    }

    private @Nullable Object make(Map<String, @Nullable Object> plain, String name, int depth, int salt)
            throws UnmetSchemaException {
        if (plain.containsKey("const")) {
            Object constant = plain.get("const");
            if (!match.matches(plain, constant)) {
                throw new UnmetSchemaException("its constant breaks its other rules");
            }
            return constant;
        }
        if (plain.containsKey("enum")) {
            List<@Nullable Object> allowed = new ArrayList<>();
            for (Object value : SchemaReader.list(plain, "enum")) {
                if (match.matches(plain, value)) {
                    allowed.add(value);
                }
            }
            if (allowed.isEmpty()) {
                throw new UnmetSchemaException("none of the values it lists meets its other rules");
            }
            return allowed.get(salt % allowed.size());
        }
        return switch (type(plain, salt)) {
            case "object" -> new ObjectSample(this).of(plain, depth, salt);
            case "array" -> new ArraySample(this).of(plain, name, depth, salt);
            case "string" -> StringSample.of(plain, name, salt);
            case "integer" -> NumberSample.of(plain, true, salt);
            case "number" -> NumberSample.of(plain, false, salt);
            case "boolean" -> salt % 2 == 0;
            case "null" -> null;
            default -> throw new UnmetSchemaException("it asks for the unknown type " + plain.get("type"));
        };
    }

    private static String type(Map<String, @Nullable Object> plain, int salt) {
        List<@Nullable Object> types = SchemaMerge.asList(plain.get("type"));
        types.removeIf(type -> type == null || (type.equals("null") && types.size() > 1));
        if (!types.isEmpty()) {
            return String.valueOf(types.get(salt % types.size()));
        }
        for (String keyword : plain.keySet()) {
            switch (keyword) {
                case "properties", "required", "additionalProperties", "patternProperties", "minProperties" -> {
                    return "object";
                }
                case "items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains" -> {
                    return "array";
                }
                case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf" -> {
                    return "number";
                }
                default -> {}
            }
        }
        return ANY_TYPE.get(salt % ANY_TYPE.size());
    }

    /** Whether optional parts are still worth making at that depth. */
    boolean roomy(int depth) {
        return depth < ROOMY_DEPTH && nodes < ROOMY_NODES;
    }
}
