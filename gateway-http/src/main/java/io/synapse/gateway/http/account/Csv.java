package io.synapse.gateway.http.account;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Comma-separated values as RFC 4180 has them, and safe to open: what a spreadsheet would take for a formula is marked as
 * text by an apostrophe, unless it is a plain number.
 */
final class Csv {
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");
    private static final String STARTS_A_FORMULA = "=+-@\t\r";
    private static final String END = "\r\n";

    private Csv() {}

    /** A line of names, then a line for each row. */
    static String of(List<String> columns, List<Map<String, @Nullable Object>> rows) {
        StringBuilder csv = new StringBuilder(String.join(",", columns)).append(END);
        for (Map<String, @Nullable Object> row : rows) {
            csv.append(columns.stream().map(column -> cell(row.get(column))).collect(Collectors.joining(",")))
                    .append(END);
        }
        return csv.toString();
    }

    private static String cell(@Nullable Object value) {
        String text = plain(value);
        if (!text.isEmpty()
                && STARTS_A_FORMULA.indexOf(text.charAt(0)) >= 0
                && !NUMBER.matcher(text).matches()) {
            text = "'" + text;
        }
        boolean quoted = text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                || !text.equals(text.strip());
        return quoted ? "\"" + text.replace("\"", "\"\"") + "\"" : text;
    }

    /** A cell holds no list or object; those become words: {@code input_tokens=12 output_tokens=3}. */
    private static String plain(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(" "));
            case List<?> list -> list.stream().map(Csv::plain).collect(Collectors.joining("; "));
            default -> value.toString();
        };
    }
}
