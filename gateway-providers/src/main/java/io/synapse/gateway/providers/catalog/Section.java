package io.synapse.gateway.providers.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one object of a catalog file and refuses what is missing, ill-typed or unknown. Each field is to be read once;
 * {@link #end} refuses those that nobody read. For one thread.
 */
final class Section {
    private static final int LONGEST_TEXT = 200;
    private static final int LONGEST_NUMBER = 40;

    private final JsonNode node;
    private final String where;
    private final String path;
    private final Set<String> read = new HashSet<>();

    /**
     * @param node the object
     * @param where the file, and the model if there is one: {@code catalog.yaml: model x}
     * @param path what stands before the names of the object's fields: empty, or {@code pricing.}
     */
    Section(JsonNode node, String where, String path) {
        this.node = node;
        this.where = where;
        this.path = path;
        if (!node.isObject()) {
            throw new CatalogException(
                    where + ": " + (path.isEmpty() ? "" : path.substring(0, path.length() - 1) + ": ")
                            + "must be fields with values, not " + describe(node),
                    null);
        }
    }

    CatalogException wrong(String field, String what) {
        return new CatalogException(where + ": " + path + field + ": " + what, null);
    }

    /** The field, or null where it is absent or empty. */
    @Nullable
    JsonNode raw(String field) {
        read.add(field);
        JsonNode value = node.get(field);
        return value == null || value.isNull() ? null : value;
    }

    boolean has(String field) {
        return node.hasNonNull(field);
    }

    /** The names of all fields. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    String text(String field) {
        String text = optionalText(field);
        if (text == null) {
            throw wrong(field, "is missing");
        }
        return text;
    }

    @Nullable
    String optionalText(String field) {
        JsonNode value = raw(field);
        return value == null ? null : text(field, value);
    }

    private String text(String field, JsonNode value) {
        if (!value.isTextual()) {
            throw wrong(field, "must be text, not " + describe(value) + "; put it in quotes if it is meant");
        }
        String text = value.textValue();
        if (text.isBlank() || text.length() > LONGEST_TEXT || text.chars().anyMatch(Character::isISOControl)) {
            throw wrong(field, "must be 1 to " + LONGEST_TEXT + " characters of text on one line");
        }
        return text;
    }

    List<String> texts(String field) {
        List<String> texts = new ArrayList<>();
        for (JsonNode value : list(field)) {
            texts.add(text(field, value));
        }
        return texts;
    }

    /** The items of a list; empty where the field is absent. */
    List<JsonNode> list(String field) {
        JsonNode value = raw(field);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            throw wrong(field, "must be a list, not " + describe(value));
        }
        List<JsonNode> items = new ArrayList<>();
        value.forEach(items::add);
        return items;
    }

    @Nullable
    LocalDate date(String field) {
        String text = optionalText(field);
        try {
            return text == null ? null : LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw wrong(field, "must be a date such as 2026-11-01, not '" + text + "'");
        }
    }

    /** A whole number from 1 to the given one, or 0 where the field is absent. */
    int count(String field, int most) {
        JsonNode value = raw(field);
        if (value == null) {
            return 0;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1 || value.intValue() > most) {
            throw wrong(field, "must be a whole number from 1 to " + most + ", not " + describe(value));
        }
        return value.intValue();
    }

    boolean flag(String field) {
        JsonNode value = raw(field);
        if (value != null && !value.isBoolean()) {
            throw wrong(field, "must be true or false, not " + describe(value));
        }
        return value != null && value.booleanValue();
    }

    /** A decimal, written as a number or as text; null where the field is absent. */
    @Nullable
    BigDecimal decimal(String field) {
        JsonNode value = raw(field);
        if (value == null) {
            return null;
        }
        try {
            String text = value.asText();
            if ((value.isNumber() || value.isTextual()) && text.length() <= LONGEST_NUMBER) {
                BigDecimal number = new BigDecimal(text);
                // An exponent of millions would take as many digits to write down.
                if (Math.abs((long) number.scale()) <= LONGEST_NUMBER) {
                    return number;
                }
            }
        } catch (NumberFormatException e) {
            // Said below: not a number like any other thing that is none.
            return notDecimal(field, value);
        }
        return notDecimal(field, value);
    }

    private BigDecimal notDecimal(String field, JsonNode value) {
        throw wrong(field, "must be a number such as 12.5, not " + describe(value));
    }

    /** Refuses fields that were not read. */
    void end() {
        for (String name : names()) {
            if (!read.contains(name)) {
                throw wrong(name, "is not a field that belongs here; there are " + String.join(", ", sorted(read)));
            }
        }
    }

    private static List<String> sorted(Set<String> names) {
        return names.stream().sorted().toList();
    }

    static String describe(JsonNode value) {
        if (value.isObject()) {
            return "fields with values";
        }
        if (value.isArray()) {
            return "a list";
        }
        String text = value.asText();
        return value.isNull() ? "nothing" : "'" + (text.length() > 40 ? text.substring(0, 40) + "…" : text) + "'";
    }
}
