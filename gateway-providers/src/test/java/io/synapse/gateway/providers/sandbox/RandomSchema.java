package io.synapse.gateway.providers.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Random;

/** Draws schemas of the kind that callers write: nested, recursive, with choices; each of them has a value. */
final class RandomSchema {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String[] FORMATS = {"date", "date-time", "email", "uuid", "uri"};
    private static final String[] PATTERNS = {"^[a-z]{2,4}$", "^\\d+(\\.\\d{2})?$", "[A-Z]x*", "^(on|off)$"};

    private final Random random;

    RandomSchema(Random random) {
        this.random = random;
    }

    JsonNode document() {
        ObjectNode root = object(0);
        ObjectNode defs = root.putObject("$defs");
        for (int i = 0; i < 3; i++) {
            defs.set("d" + i, object(1));
        }
        return root;
    }

    private ObjectNode schema(int depth) {
        return switch (random.nextInt(depth > 3 ? 6 : 10)) {
            case 0 -> string();
            case 1 -> integer();
            case 2 -> number();
            case 3 -> node("type", "boolean");
            case 4 -> choice();
            case 5 -> nullable(reference());
            case 6 -> object(depth);
            case 7 -> array(depth);
            case 8 -> nullable(schema(depth + 1));
            default -> tagged(depth);
        };
    }

    private ObjectNode object(int depth) {
        ObjectNode object = node("type", "object");
        ObjectNode properties = object.putObject("properties");
        ArrayNode required = NODES.arrayNode();
        for (int i = random.nextInt(4); i >= 0; i--) {
            properties.set("p" + i, schema(depth + 1));
            if (random.nextBoolean()) {
                required.add("p" + i);
            }
        }
        object.set("required", required);
        if (random.nextBoolean()) {
            object.put("additionalProperties", false);
        }
        return object;
    }

    private ObjectNode array(int depth) {
        ObjectNode array = node("type", "array");
        array.set("items", random.nextInt(4) == 0 ? reference() : schema(depth + 1));
        if (!array.get("items").has("$ref") && random.nextBoolean()) {
            array.put("minItems", random.nextInt(3));
        }
        array.put("maxItems", 2 + random.nextInt(4));
        return array;
    }

    private ObjectNode string() {
        ObjectNode string = node("type", "string");
        switch (random.nextInt(4)) {
            case 0 -> string.put("format", FORMATS[random.nextInt(FORMATS.length)]);
            case 1 -> string.put("pattern", PATTERNS[random.nextInt(PATTERNS.length)]);
            case 2 -> string.put("minLength", random.nextInt(30)).put("maxLength", 30 + random.nextInt(30));
            default -> {}
        }
        return string;
    }

    private ObjectNode integer() {
        ObjectNode integer = node("type", "integer");
        if (random.nextBoolean()) {
            int least = random.nextInt(200) - 100;
            integer.put("minimum", least).put("maximum", least + random.nextInt(50));
        }
        return integer;
    }

    private ObjectNode number() {
        ObjectNode number = node("type", "number");
        if (random.nextBoolean()) {
            double least = random.nextInt(1000) / 8.0 - 60;
            number.put("exclusiveMinimum", least).put("maximum", least + 0.25 + random.nextInt(10));
        }
        return number;
    }

    private ObjectNode choice() {
        ObjectNode choice = NODES.objectNode();
        ArrayNode values = choice.putArray("enum");
        for (int i = 0; i <= random.nextInt(4); i++) {
            values.add("v" + i);
        }
        return choice;
    }

    private ObjectNode tagged(int depth) {
        ObjectNode tagged = NODES.objectNode();
        ArrayNode branches = tagged.putArray(random.nextBoolean() ? "oneOf" : "anyOf");
        for (int i = 0; i < 3; i++) {
            ObjectNode branch = object(depth + 1);
            ((ObjectNode) branch.get("properties")).set("tag", node("const", "t" + i));
            ((ArrayNode) branch.get("required")).add("tag");
            branches.add(branch);
        }
        return tagged;
    }

    private ObjectNode reference() {
        return node("$ref", random.nextInt(4) == 0 ? "#" : "#/$defs/d" + random.nextInt(3));
    }

    private ObjectNode nullable(ObjectNode schema) {
        ObjectNode nullable = NODES.objectNode();
        nullable.putArray("anyOf").add(schema).add(node("type", "null"));
        return nullable;
    }

    private static ObjectNode node(String field, String value) {
        return NODES.objectNode().put(field, value);
    }
}
