package io.synapse.gateway.http.account;

import io.javalin.http.Context;
import io.synapse.gateway.credit.Credits;
import io.synapse.gateway.fault.InvalidRequestException;
import io.synapse.gateway.http.Exchange;
import java.math.BigInteger;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of a request's JSON body, and refuses what is missing, ill-typed or out of range with a 400 that names
 * the field.
 */
final class Fields {
    private static final int MOST_BYTES = 256 * 1024;

    private final Map<String, @Nullable Object> object;

    private Fields(Map<String, @Nullable Object> object) {
        this.object = object;
    }

    static Fields of(Context ctx) {
        return new Fields(Exchange.of(ctx).body(MOST_BYTES));
    }

    static InvalidRequestException wrong(String name, String whatItMustBe) {
        return new InvalidRequestException(name, "'" + name + "' " + whatItMustBe + ".");
    }

    /** Whether the body has the field at all, be it null: to change a thing, what is left out stays as it is. */
    boolean names(String field) {
        return object.containsKey(field);
    }

    /** A string of at most so many characters without control characters, or null. */
    @Nullable
    String string(String name, int most) {
        Object value = object.get(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof String text)) {
            throw wrong(name, "must be a string");
        }
        return checked(name, text, most);
    }

    /** A text from outside, if it can be stored and shown. */
    static String checked(String name, String text, int most) {
        if (text.codePointCount(0, text.length()) > most) {
            throw wrong(name, "must be at most " + most + " characters long");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw wrong(name, "must not hold control characters");
        }
        return text;
    }

    /** A string that has to be there and says something. */
    String required(String name, int most) {
        String value = string(name, most);
        if (value == null || value.isBlank()) {
            throw wrong(name, "is required");
        }
        return value;
    }

    /** A boolean, or null. */
    @Nullable
    Boolean bool(String name) {
        Object value = object.get(name);
        if (value == null || value instanceof Boolean) {
            return (Boolean) value;
        }
        throw wrong(name, "must be true or false");
    }

    /** A whole number within bounds, both included, or null. */
    @Nullable
    Integer integer(String name, int least, int most) {
        Object value = object.get(name);
        if (value == null) {
            return null;
        }
        boolean whole = value instanceof Integer || value instanceof Long || value instanceof BigInteger;
        if (whole) {
            BigInteger found = new BigInteger(value.toString());
            if (found.compareTo(BigInteger.valueOf(least)) >= 0 && found.compareTo(BigInteger.valueOf(most)) <= 0) {
                return found.intValueExact();
            }
        }
        throw wrong(name, "must be a whole number between " + least + " and " + most);
    }

    /** An amount of credits, as a decimal string or a number, or null. */
    @Nullable
    Credits credits(String name) {
        Object value = object.get(name);
        if (value == null) {
            return null;
        }
        try {
            return switch (value) {
                case String text -> Credits.parse(text);
                case Number number -> Credits.parse(number.toString());
                default -> throw new IllegalArgumentException();
            };
        } catch (IllegalArgumentException e) {
            throw wrong(
                    name, "must be an amount of credits, zero or more, with at most six decimals, such as \"12.5\"");
        }
    }

    /** An amount above zero that has to be there. */
    Credits requiredCredits(String name, Credits most) {
        Credits credits = credits(name);
        if (credits == null || credits.isZero() || credits.compareTo(most) > 0) {
            throw wrong(name, "is required: an amount of credits above zero, " + most + " at most");
        }
        return credits;
    }

    /** A time that is still to come, or null. */
    @Nullable
    Instant future(String name) {
        String text = string(name, 40);
        if (text == null) {
            return null;
        }
        Instant time = Times.parse(name, text);
        if (!time.isAfter(Instant.now())) {
            throw wrong(name, "must be a time that is still to come");
        }
        return time;
    }

    /** A list of words, or null. */
    @Nullable
    Set<String> words(String name, int most, int longest) {
        Object value = object.get(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof List<?> list) || list.size() > most) {
            throw wrong(name, "must be a list of at most " + most + " strings");
        }
        Set<String> words = new LinkedHashSet<>();
        for (Object one : list) {
            if (!(one instanceof String word)) {
                throw wrong(name, "must be a list of strings");
            }
            words.add(checked(name, word, longest));
        }
        return words;
    }
}
