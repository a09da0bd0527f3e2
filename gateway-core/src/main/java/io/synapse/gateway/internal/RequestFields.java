package io.synapse.gateway.internal;

import io.synapse.gateway.fault.InvalidRequestException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of a JSON object (strings, numbers, booleans, lists and maps as plain Java values) and refuses what is
 * missing, ill-typed or out of range with an {@link InvalidRequestException} that names the field. An explicit null is an
 * absent field.
 */
public final class RequestFields {
    private static final int LONGEST_MODEL = 200;

    private final Map<String, @Nullable Object> object;
    private final String prefix;

    /**
     * Reads an object.
     *
     * @param object the object to read
     * @param path where it stands in the request: empty for the body itself, {@code messages[0]} for a part of it
     */
    public RequestFields(Map<String, @Nullable Object> object, String path) {
        this.object = object;
        this.prefix = path.isEmpty() ? "" : path + ".";
    }

    /** The path of a field of this object. */
    public String path(String name) {
        return prefix + name;
    }

    /** Whether the field is there and not null. */
    public boolean has(String name) {
        return object.get(name) != null;
    }

    /** The field as it stands, or null. */
    public @Nullable Object raw(String name) {
        return object.get(name);
    }

    /** A refusal that names a field of this object. */
    public InvalidRequestException wrong(String name, String whatItMustBe) {
        return new InvalidRequestException(path(name), "'" + path(name) + "' " + whatItMustBe + ".");
    }

    /** Checks {@code providerOptions}: an object that holds an object for each provider. */
    public void providerOptions() {
        RequestFields all = object("providerOptions");
        if (all != null) {
            all.object.keySet().forEach(all::object);
        }
    }

    /** A string of any length, or null. */
    public @Nullable String string(String name) {
        Object value = object.get(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw wrong(name, "must be a string, not " + describe(value));
    }

    /** A string of at most so many characters, or null. */
    public @Nullable String string(String name, int most) {
        String value = string(name);
        if (value != null && value.length() > most) {
            throw wrong(name, "must be at most " + most + " characters long; it has " + value.length());
        }
        return value;
    }

    /** The field {@code model}, or null for the endpoint's default. */
    public @Nullable String model() {
        String model = string("model", LONGEST_MODEL);
        if (model != null && model.isBlank()) {
            throw wrong("model", "must name a model, or be left out for the default");
        }
        return model;
    }

    /** A string that has to be there. */
    public String requiredString(String name) {
        String value = string(name);
        if (value == null) {
            throw wrong(name, "is required");
        }
        return value;
    }

    /** One of a few words, or null. */
    public @Nullable String oneOf(String name, Set<String> words) {
        String value = string(name);
        if (value != null && !words.contains(value)) {
            throw wrong(
                    name,
                    "must be one of "
                            + String.join(", ", words.stream().sorted().toList()));
        }
        return value;
    }

    /** A number within bounds, both included, or null. */
    public @Nullable Double number(String name, double least, double most) {
        Object value = object.get(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof Number number)) {
            throw wrong(name, "must be a number, not " + describe(value));
        }
        double found = number.doubleValue();
        if (!(found >= least && found <= most)) {
            throw wrong(name, "must be between " + plain(least) + " and " + plain(most));
        }
        return found;
    }

    /** A whole number within bounds, both included, or null. */
    public @Nullable Long integer(String name, long least, long most) {
        Object value = object.get(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof Integer || value instanceof Long || value instanceof BigInteger)) {
            throw wrong(name, "must be a whole number, not " + describe(value));
        }
        long found = ((Number) value).longValue();
        boolean tooLong = value instanceof BigInteger big && big.bitLength() > 63;
        if (tooLong || found < least || found > most) {
            throw wrong(name, "must be between " + least + " and " + most);
        }
        return found;
    }

    /** A boolean, or null. */
    public @Nullable Boolean bool(String name) {
        Object value = object.get(name);
        if (value == null || value instanceof Boolean) {
            return (Boolean) value;
        }
        throw wrong(name, "must be true or false, not " + describe(value));
    }

    /** An object, or null. */
    public @Nullable RequestFields object(String name) {
        Object value = object.get(name);
        return value == null ? null : fieldsOf(value, path(name));
    }

    /** A list, or null. */
    public @Nullable List<@Nullable Object> list(String name) {
        Object value = object.get(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof List<?> list)) {
            throw wrong(name, "must be an array, not " + describe(value));
        }
        return new ArrayList<@Nullable Object>(list);
    }

    /** A list of objects; empty where the field is absent. */
    public List<RequestFields> objects(String name) {
        List<@Nullable Object> values = list(name);
        if (values == null) {
            return List.of();
        }
        List<RequestFields> objects = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            objects.add(fieldsOf(values.get(i), path(name) + "[" + i + "]"));
        }
        return objects;
    }

    /** The object itself. */
    public Map<String, @Nullable Object> asMap() {
        return object;
    }

    @SuppressWarnings("unchecked")
    private static RequestFields fieldsOf(@Nullable Object value, String path) {
        if (!(value instanceof Map)) {
            throw new InvalidRequestException(path, "'" + path + "' must be an object, not " + describe(value) + ".");
        }
        return new RequestFields((Map<String, @Nullable Object>) value, path);
    }

    private static String plain(double bound) {
        return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    }

    private static String describe(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case String s -> "a string";
            case Boolean b -> "a boolean";
            case Number n -> "the number " + (n.toString().length() > 20 ? "given" : n);
            case List<?> l -> "an array";
            case Map<?, ?> m -> "an object";
            default -> "that";
        };
    }

    /** The object {@code providerOptions.<provider>} of a checked body; empty if there is none. */
    @SuppressWarnings("unchecked")
    public static Map<String, @Nullable Object> providerOptions(Map<String, @Nullable Object> body, String provider) {
        return body.get("providerOptions") instanceof Map<?, ?> all && all.get(provider) instanceof Map<?, ?> own
                ? (Map<String, @Nullable Object>) own
                : Map.of();
    }
}
