package io.synapse.gateway.providers.sandbox;

import java.time.LocalDate;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes strings for schemas: of the asked format, pattern and length. Stateless. */
final class StringSample {
    /** The longest string that is made, in characters. */
    static final int LONGEST = 20_000;

    private static final int LONGEST_NAME = 40;

    private StringSample() {}

    static String of(Map<String, @Nullable Object> schema, String name, int salt) throws UnmetSchemaException {
        long least = SchemaReader.count(schema, "minLength", 0);
        long most = SchemaReader.count(schema, "maxLength", Integer.MAX_VALUE);
        if (least > most || least > LONGEST) {
            throw new UnmetSchemaException("it asks for a string of at least " + least + " characters");
        }
        if (schema.get("pattern") instanceof String pattern) {
            return PatternSample.of(pattern, (int) least, (int) Math.min(most, LONGEST), salt);
        }
        if (schema.get("format") instanceof String format) {
            String formatted = formatted(format, (int) least, salt);
            if (formatted != null && formatted.length() >= least && formatted.length() <= most) {
                return formatted;
            }
        }
        StringBuilder text = new StringBuilder("sandbox ").append(speakable(name) ? name.replace('_', ' ') : "text");
        if (salt > 0) {
            // In front, so that it survives where only a few characters may be.
            text.insert(0, salt + 1 + " ");
        }
        while (text.length() < least) {
            text.append(" sandbox");
        }
        int length = (int) Math.min(most, Math.max(least, Math.min(text.length(), LONGEST_NAME + 20)));
        text.setLength(Math.min(length, text.length()));
        return text.toString();
    }

    private static boolean speakable(String name) {
        return !name.isEmpty()
                && name.length() <= LONGEST_NAME
                && name.chars().allMatch(c -> c == '_' || (c < 128 && Character.isLetterOrDigit(c)));
    }

    /** A value of a format, padded where the format lets it be; null for formats that ask for nothing known. */
    private static @Nullable String formatted(String format, int least, int salt) {
        String date = LocalDate.of(2026, 1, 15).plusDays(salt % 300).toString();
        String number = salt == 0 ? "" : Integer.toString(salt + 1);
        return switch (format) {
            case "date" -> date;
            case "date-time" -> date + "T09:30:00Z";
            case "time" -> "09:30:" + (salt % 60 < 10 ? "0" : "") + salt % 60 + "Z";
            case "duration" -> "P" + (salt + 1) + "D";
            case "email", "idn-email" -> padded("sandbox", number + "@example.com", least);
            case "hostname", "idn-hostname" -> "sandbox" + number + ".example.com";
            case "ipv4" -> "192.0.2." + (1 + salt % 254);
            case "ipv6" -> "2001:db8::" + Integer.toHexString(1 + salt % 65_535);
            case "uri", "iri", "uri-reference", "iri-reference" -> padded("https://example.com/sandbox", number, least);
            case "uri-template" -> padded("https://example.com/{sandbox}", number, least);
            case "json-pointer" -> padded("/sandbox", number, least);
            case "relative-json-pointer" -> salt + "/sandbox";
            case "regex" -> padded("sandbox", number, least);
            case "uuid" -> "5a4db0c5-0000-4000-8000-" + String.format("%012x", salt);
            case "byte" -> "c2FuZGJveA==";
            default -> null;
        };
    }

    private static String padded(String start, String end, int least) {
        return start + "x".repeat(Math.max(0, least - start.length() - end.length())) + end;
    }
}
